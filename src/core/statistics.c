#include "statistics.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "statistics_add.inc"

void dg_statistics_clear(dg_statistics *statistics) {
    *statistics = (dg_statistics){.min = (double)INFINITY, .max = -(double)INFINITY};
}

void dg_statistics_add(dg_statistics *statistics, const void *values, int n, dg_type type,
                       const dg_stored *stored) {
    assert(type != DG_BYTE && stored->type != DG_BYTE);
    add_statistics(statistics, values, n, type, stored);
}

void dg_statistics_add_ends(dg_statistics *statistics, const void *values, int n, dg_type type,
                            const dg_stored *stored) {
    assert(type != DG_BYTE && stored->type != DG_BYTE);
    add_ends(statistics, values, n, type, stored);
}

static void add_run(dg_statistics *s, const dg_statistics_run *run) {
    dg_sum_add(&s->sum, run->values);
    dg_sum_add(&s->squares, run->squares);
    dg_sum_add(&s->squares, run->rests);
}

void dg_statistics_start_run(dg_statistics *statistics, double size) {
    add_run(statistics, &statistics->run);
    statistics->run = (dg_statistics_run){.size = size};
}

void dg_statistics_merge(dg_statistics *statistics, const dg_statistics *more) {
    statistics->min = more->min < statistics->min ? more->min : statistics->min;
    statistics->max = more->max > statistics->max ? more->max : statistics->max;
    statistics->valid += more->valid;
    statistics->has_ends_only |= more->has_ends_only;
    if (statistics->has_ends_only)
        return;
    dg_sum_merge(&statistics->sum, &more->sum);
    dg_sum_merge(&statistics->squares, &more->squares);
    add_run(statistics, &more->run);
}

/* The same, with all in the sums. */
static dg_statistics without_run(const dg_statistics *s) {
    dg_statistics whole = *s;
    dg_statistics_start_run(&whole, 0);
    return whole;
}

double dg_statistics_mean(const dg_statistics *statistics) {
    const dg_statistics s = without_run(statistics);
    return s.valid > 0 && !s.has_ends_only ? dg_sum_value(&s.sum) / (double)s.valid : (double)NAN;
}

/* n^2 times the variance is n times the sum of squares, less the square of the sum: a difference of two
 * numbers that may be nearly the same, and so taken exactly. */
double dg_statistics_deviation(const dg_statistics *statistics) {
    const dg_statistics s = without_run(statistics);
    if (s.valid == 0 || s.has_ends_only)
        return (double)NAN;
    const double n = (double)s.valid;
    dg_sum scaled = {0};
    for (int i = 0; i < s.squares.count; i++)
        dg_sum_add_product(&scaled, n, s.squares.parts[i]);
    for (int i = 0; i < s.sum.count * s.sum.count; i++)
        dg_sum_add_product(&scaled, -s.sum.parts[i / s.sum.count], s.sum.parts[i % s.sum.count]);
    return sqrt(fmax(dg_sum_value(&scaled), 0)) / n;
}
