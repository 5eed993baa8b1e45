#include "kernel.h"

#include <string.h>

extern const dg_kernel dg_kernel_baseline;
#ifdef DG_HAVE_X86_TIERS
extern const dg_kernel dg_kernel_v3, dg_kernel_v4;
#endif

static int has_v3(void) {
#ifdef DG_HAVE_X86_TIERS
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
#else
    return 0;
#endif
}

static int has_v4(void) {
#ifdef DG_HAVE_X86_TIERS
    return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#else
    return 0;
#endif
}

static const struct tier {
    const char *name;
    const dg_kernel *kernel; /* NULL: not built for this architecture */
    int (*is_supported)(void);
} TIERS[] = {
    {"baseline", &dg_kernel_baseline, NULL},
#ifdef DG_HAVE_X86_TIERS
    {"x86-64-v3", &dg_kernel_v3, has_v3},
    {"x86-64-v4", &dg_kernel_v4, has_v4},
#else
    {"x86-64-v3", NULL, has_v3},
    {"x86-64-v4", NULL, has_v4},
#endif
};

const dg_kernel *dg_kernel_select(const char *tier) {
    const dg_kernel *best = NULL;
    for (size_t i = 0; i < sizeof TIERS / sizeof *TIERS; i++) {
        if (TIERS[i].kernel && (!TIERS[i].is_supported || TIERS[i].is_supported()))
            best = TIERS[i].kernel;
        if (tier && strcmp(tier, TIERS[i].name) == 0)
            return best;
    }
    return tier ? NULL : best;
}

/* Weights of the second-order one-sided difference at the first of three places whose steps are
 * `near` and `far`: numpy's -(2 h1 + h2) / (h1 (h1 + h2)) and -h1 / (h2 (h1 + h2)), applied to the
 * two differences. Also right for the last of three, seen from there. */
static void one_sided(double near, double far, double *first, double *second) {
    *first = (2 * near + far) / (near * (near + far));
    *second = -near / (far * (near + far));
}

void dg_axis_weights_fill(const double *coordinates, int n, dg_axis_weights *weights) {
    const double *x = coordinates;
    for (int i = 0; i < n; i++) {
        dg_axis_weights *w = &weights[i];
        *w = (dg_axis_weights){0};
        const double h1 = i > 0 ? x[i] - x[i - 1] : 0, h2 = i + 1 < n ? x[i + 1] - x[i] : 0;
        if (i > 0)
            w->one_before = 1 / h1;
        if (i + 1 < n)
            w->one_after = 1 / h2;
        if (i > 0 && i + 1 < n) {
            w->before = h2 / (h1 * (h1 + h2));
            w->after = h1 / (h2 * (h1 + h2));
        }
        if (i > 1)
            one_sided(h1, x[i - 1] - x[i - 2], &w->two_before, &w->far_before);
        if (i + 2 < n)
            one_sided(h2, x[i + 2] - x[i + 1], &w->two_after, &w->far_after);
    }
}
