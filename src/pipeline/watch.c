#include "watch.h"

#include <float.h>
#include <math.h>

/* GDAL takes numbers for equal, doubles too, that are within two epsilons of a float of their sum. */
static const double NEAR = 4 * (double)FLT_EPSILON, AWAY = 16 * (double)FLT_EPSILON;

dg_settling dg_settling_for(double nodata, dg_type type) {
    if (!isfinite(nodata))
        return (dg_settling){nodata, -1, nodata};
    if (nodata == 0)
        return type == DG_DOUBLE ? (dg_settling){0, 0, DBL_MIN}
                                 : (dg_settling){0, (double)FLT_TRUE_MIN, (double)FLT_MIN};
    return (dg_settling){nodata, NEAR * fabs(nodata), nodata * (1 - AWAY)};
}

static char *band_at(const dg_watched_row *r, int band, int col) {
    return (char *)r->out + (band * r->band_stride + col) * (ptrdiff_t)dg_type_size(r->type);
}

static int64_t count_near(const dg_watched_row *r, int band, int col, int n, const dg_settling *s) {
    const void *values = band_at(r, band, col);
    int64_t count = 0;
    for (int i = 0; i < n; i++) {
        const double value = dg_value(values, r->type, i);
        count += fabs(value - s->nodata) <= s->near;
    }
    return count;
}

static void take_columns(dg_watch *w, const dg_watched_row *r, dg_window columns,
                         const dg_settling *s, double gap) {
    const int skip = columns.col - r->col;
    dg_extremes_take(&w->elevations, (const char *)r->z + (size_t)skip * dg_type_size(r->type),
                     columns.width, r->type, gap);
    for (int i = 0; i < r->band_count && s->near >= 0; i++)
        w->moved += count_near(r, i, skip, columns.width, s);
}

static double settle(double value, const dg_settling *s) {
    return isnan(value) ? s->nodata : fabs(value - s->nodata) <= s->near ? s->moved : value;
}

static void settle_band(const dg_watched_row *r, int band, const dg_settling *s) {
    double *doubles = (double *)band_at(r, band, 0);
    float *floats = (float *)band_at(r, band, 0);
    for (int i = 0; i < r->width; i++) {
        if (r->type == DG_DOUBLE)
            doubles[i] = settle(doubles[i], s);
        else
            floats[i] = (float)settle((double)floats[i], s);
    }
}

void dg_watch_row(dg_watch *watches, size_t count, const dg_watched_row *row,
                  const dg_settling *settling, double gap) {
    const dg_window part = {row->col, row->row, row->width, 1};
    for (size_t i = 0; i < count; i++) {
        const dg_window both = dg_window_intersect(part, watches[i].window);
        if (both.width > 0 && both.height > 0)
            take_columns(&watches[i], row, both, settling, gap);
    }
    for (int i = 0; i < row->band_count && !isnan(settling->nodata); i++)
        settle_band(row, i, settling);
}
