/* Figures of the output, gathered group by group; private to the pipeline. */
#ifndef DG_STATISTICS_H
#define DG_STATISTICS_H

#include "pipeline.h"

void dg_statistics_clear(dg_statistics *statistics);

/* The figures of n values, floats or doubles, without those that are `nodata`. */
void dg_statistics_take(dg_statistics *statistics, const void *values, int64_t n, bool is_double,
                        double nodata);

/* Adds the figures of `more`. */
void dg_statistics_merge(dg_statistics *statistics, const dg_statistics *more);

#endif
