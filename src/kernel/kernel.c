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

const dg_band *dg_kernel_band(const dg_kernel *kernel, const char *name) {
    for (size_t i = 0; i < kernel->band_count; i++) {
        if (strcmp(kernel->bands[i].name, name) == 0)
            return &kernel->bands[i];
    }
    return NULL;
}

int dg_recipe_needs(const dg_recipe *recipe) {
    int needs = 0;
    for (int i = 0; i < recipe->band_count; i++)
        needs |= recipe->bands[i]->needs;
    return needs;
}
