/* The ends of many values: how often they come, and how far the rest is. */
#ifndef DG_EXTREMES_H
#define DG_EXTREMES_H

#include "block.h"

#include <stdint.h>

/* The least value, or the greatest. */
typedef struct dg_extreme {
    double value;
    double next; /* the one nearest to it */
    /* How often `value` comes; not known where `next` is nearer than it was asked for. */
    int64_t count;
} dg_extreme;

/* Infinite the wrong way round where there are none. */
typedef struct dg_extremes {
    dg_extreme low, high;
    bool has_infinite; /* there were infinities beside them */
} dg_extremes;

void dg_extremes_clear(dg_extremes *extremes);

/* Takes n floats or doubles more, but for those that are not finite. The outcome does not depend on the
 * order, nor on how the values are cut into calls. `gap`: a count is wanted where `next` is as far. */
typedef void (*dg_extremes_taker)(dg_extremes *extremes, const void *values, int n, dg_type type,
                                  double gap);

/* One for any CPU; the kernel has them for its own. */
void dg_extremes_take(dg_extremes *extremes, const void *values, int n, dg_type type, double gap);

/* How many of n floats or doubles are infinite, or become so where they are stored. NaN does not count. */
typedef int (*dg_beyond_counter)(const void *values, int n, dg_type type, dg_type stored);

void dg_extremes_merge(dg_extremes *extremes, const dg_extremes *more);

#endif
