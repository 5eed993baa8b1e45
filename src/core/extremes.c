#include "extremes.h"

#include <float.h>
#include <math.h>

static const dg_extreme NO_LOW = {(double)INFINITY, (double)INFINITY, 0};
static const dg_extreme NO_HIGH = {-(double)INFINITY, -(double)INFINITY, 0};

void dg_extremes_clear(dg_extremes *extremes) {
    *extremes = (dg_extremes){NO_LOW, NO_HIGH};
}

/* Both ends are one kind of thing: the high one is the low one of the values with their sign turned. */
static void merge(dg_extreme *a, dg_extreme b, double sign) {
    const double x = sign * a->value, y = sign * b.value;
    if (x == y) {
        a->count += b.count;
        a->next = sign * fmin(sign * a->next, sign * b.next);
    } else if (y < x) {
        b.next = sign * fmin(sign * b.next, x);
        *a = b;
    } else {
        a->next = sign * fmin(sign * a->next, y);
    }
}

void dg_extremes_merge(dg_extremes *extremes, const dg_extremes *more) {
    merge(&extremes->low, more->low, 1);
    merge(&extremes->high, more->high, -1);
}

/* The loops below are plain, so that they become vector code. NaN is on neither side of anything. */
#define DEFINE_LOOPS(NAME, REAL, MOST)                                                             \
    static void find_ends_##NAME(const REAL *z, int n, double *low, double *high) {                \
        REAL least = (REAL)INFINITY, most = -(REAL)INFINITY;                                       \
        for (int i = 0; i < n; i++) {                                                              \
            least = ((z[i] < least) & (z[i] >= -MOST)) ? z[i] : least;                             \
            most = ((z[i] > most) & (z[i] <= MOST)) ? z[i] : most;                                 \
        }                                                                                          \
        *low = (double)least;                                                                      \
        *high = (double)most;                                                                      \
    }                                                                                              \
    static void look_closer_##NAME(const REAL *z, int n, dg_extreme *low, dg_extreme *high) {      \
        const REAL least = (REAL)low->value, most = (REAL)high->value;                             \
        REAL above = (REAL)INFINITY, below = -(REAL)INFINITY;                                      \
        int lows = 0, highs = 0;                                                                   \
        for (int i = 0; i < n; i++) {                                                              \
            lows += z[i] == least;                                                                 \
            highs += z[i] == most;                                                                 \
            above = ((z[i] > least) & (z[i] < above)) ? z[i] : above;                              \
            below = ((z[i] < most) & (z[i] > below)) ? z[i] : below;                               \
        }                                                                                          \
        low->count = lows;                                                                         \
        high->count = highs;                                                                       \
        low->next = (double)above;                                                                 \
        high->next = (double)below;                                                                \
    }

DEFINE_LOOPS(float, float, FLT_MAX)
DEFINE_LOOPS(double, double, DBL_MAX)

/* Whether values that end at `end` can change what is known of an end so far. */
static bool is_news(const dg_extreme *known, double end, double gap, double sign) {
    const double x = sign * known->value, y = sign * end;
    return y < x || (y == x && fabs(known->next - known->value) >= gap);
}

void dg_extremes_take(dg_extremes *extremes, const void *values, int n, dg_type type, double gap) {
    dg_extremes more = {NO_LOW, NO_HIGH};
    if (type == DG_DOUBLE)
        find_ends_double(values, n, &more.low.value, &more.high.value);
    else
        find_ends_float(values, n, &more.low.value, &more.high.value);
    if (more.low.value > more.high.value)
        return;
    if (is_news(&extremes->low, more.low.value, gap, 1) ||
        is_news(&extremes->high, more.high.value, gap, -1)) {
        if (type == DG_DOUBLE)
            look_closer_double(values, n, &more.low, &more.high);
        else
            look_closer_float(values, n, &more.low, &more.high);
    }
    dg_extremes_merge(extremes, &more);
}
