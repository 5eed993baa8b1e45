/* Shewchuk, Adaptive precision floating-point arithmetic and fast robust geometric predicates (1997),
 * section 2.4: an expansion grows by a number through two-sums, each exact. */
#include "sum.h"

#include <assert.h>
#include <math.h>

/* x + y is *high, rounded, and *low, exactly. */
static void add_two(double x, double y, double *high, double *low) {
    *high = x + y;
    const double of_y = *high - x;
    *low = (x - (*high - of_y)) + (y - of_y);
}

void dg_sum_add(dg_sum *sum, double x) {
    int count = 0;
    for (int i = 0; i < sum->count; i++) {
        double low;
        add_two(sum->parts[i], x, &x, &low);
        if (low != 0)
            sum->parts[count++] = low;
    }
    if (x != 0) {
        assert(count < DG_SUM_PARTS);
        sum->parts[count++] = x;
    }
    sum->count = count;
}

void dg_sum_add_product(dg_sum *sum, double x, double y) {
    const double product = x * y;
    dg_sum_add(sum, product);
    dg_sum_add(sum, fma(x, y, -product));
}

void dg_sum_merge(dg_sum *sum, const dg_sum *more) {
    for (int i = 0; i < more->count; i++)
        dg_sum_add(sum, more->parts[i]);
}

double dg_sum_value(const dg_sum *sum) {
    int i = sum->count;
    double high = i > 0 ? sum->parts[--i] : 0, low = 0;
    while (i > 0 && low == 0)
        add_two(high, sum->parts[--i], &high, &low);
    /* A tie goes to the side that the rest is on. */
    if (i > 0 && low != 0 && (low > 0) == (sum->parts[i - 1] > 0)) {
        const double further = high + 2 * low;
        if (further - high == 2 * low)
            high = further;
    }
    return high;
}
