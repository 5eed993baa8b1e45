/* Figures of the valid values of a band. They are exact, and so do not depend on the order in which the
 * values come, nor on how they are cut into calls. */
#ifndef DG_STATISTICS_H
#define DG_STATISTICS_H

#include "block.h"
#include "sum.h"

#include <stdint.h>

/* Floats that are not in the sums yet: so few, and so near to each other in size, that doubles hold their sums
 * exactly. */
typedef struct dg_statistics_run {
    double size; /* a power of two that none is above */
    int count;
    double values, squares, rests; /* the squares in two halves */
} dg_statistics_run;

typedef struct dg_statistics {
    double min, max; /* min > max where there are no values */
    int64_t valid;   /* how many there are */
    /* No mean and no deviation: some are beyond 1e140, or only their ends were asked for. */
    bool has_ends_only;
    bool is_alike; /* the last floats were all of the run's size */
    bool is_whole; /* and valid, each */
    dg_sum sum, squares;
    dg_statistics_run run;
} dg_statistics;

/* How values are stored: rounded to floats or doubles, where `nodata` and what is not finite is no value. */
typedef struct dg_stored {
    dg_type type;
    double nodata;
} dg_stored;

void dg_statistics_clear(dg_statistics *statistics);

/* Adds n values of `type` as they will be stored: to all figures, or to the ends and the number alone. */
typedef void (*dg_statistics_adder)(dg_statistics *statistics, const void *values, int n,
                                    dg_type type, const dg_stored *stored);

/* One for any CPU; the kernel has them for its own. */
void dg_statistics_add(dg_statistics *statistics, const void *values, int n, dg_type type,
                       const dg_stored *stored);
void dg_statistics_add_ends(dg_statistics *statistics, const void *values, int n, dg_type type,
                            const dg_stored *stored);

/* Puts what the run has into the sums, and starts another. */
void dg_statistics_start_run(dg_statistics *statistics, double size);

/* Adds the figures of `more`. */
void dg_statistics_merge(dg_statistics *statistics, const dg_statistics *more);

/* NaN where there are no values, or their ends only. */
double dg_statistics_mean(const dg_statistics *statistics);

/* The standard deviation from the mean, of n values: the root of the mean of its squares. NaN likewise. */
double dg_statistics_deviation(const dg_statistics *statistics);

#endif
