/* Sums that are exact, so that they do not depend on the order of what is added. */
#ifndef DG_SUM_H
#define DG_SUM_H

#include <stdbool.h>

/* As many doubles, none of which overlaps another in its binary digits, hold any sum: 2,098 binary digits
 * lie between the largest double and the smallest, and each takes 53. */
enum { DG_SUM_PARTS = 42 };

/* Zero: begins with {0}. */
typedef struct dg_sum {
    int count;
    double parts[DG_SUM_PARTS]; /* from the smallest on; their sum is the value */
} dg_sum;

/* Adds a number. The sum, and it, must be below 1e300. */
void dg_sum_add(dg_sum *sum, double x);

/* Adds x y, exactly where it is not smaller than 1e-290. */
void dg_sum_add_product(dg_sum *sum, double x, double y);

void dg_sum_merge(dg_sum *sum, const dg_sum *more);

/* The double next to it. */
double dg_sum_value(const dg_sum *sum);

#endif
