#include "statistics.h"

#include <math.h>

void dg_statistics_clear(dg_statistics *statistics) {
    *statistics = (dg_statistics){.min = (double)INFINITY, .max = -(double)INFINITY};
}

static void add(dg_statistics *s, double value) {
    s->min = value < s->min ? value : s->min;
    s->max = value > s->max ? value : s->max;
    s->sum += value;
    s->valid++;
}

void dg_statistics_take(dg_statistics *statistics, const void *values, int64_t n, dg_type type,
                        double nodata) {
    dg_statistics_clear(statistics);
    const double none = type == DG_DOUBLE ? nodata : (double)(float)nodata;
    for (int64_t i = 0; i < n; i++) {
        const double value = dg_value(values, type, i);
        if (isfinite(value) && value != none)
            add(statistics, value);
    }
}

void dg_statistics_merge(dg_statistics *statistics, const dg_statistics *more) {
    statistics->min = fmin(statistics->min, more->min);
    statistics->max = fmax(statistics->max, more->max);
    statistics->sum += more->sum;
    statistics->valid += more->valid;
}
