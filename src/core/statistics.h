/* Figures of the valid values of a band. */
#ifndef DG_STATISTICS_H
#define DG_STATISTICS_H

#include "block.h"

#include <stdint.h>

/* min > max where there are none. */
typedef struct dg_statistics {
    double min, max, sum;
    int64_t valid;
} dg_statistics;

void dg_statistics_clear(dg_statistics *statistics);

/* The figures of n values, floats or doubles, without those that are `nodata` or not finite. */
void dg_statistics_take(dg_statistics *statistics, const void *values, int64_t n, dg_type type,
                        double nodata);

/* Adds the figures of `more`. */
void dg_statistics_merge(dg_statistics *statistics, const dg_statistics *more);

#endif
