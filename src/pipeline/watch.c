#include "watch.h"

#include <float.h>
#include <math.h>

/* GDAL takes numbers for equal, doubles too, that are within two epsilons of a float of their sum. */
static const double NEAR = 4 * (double)FLT_EPSILON, AWAY = 16 * (double)FLT_EPSILON;

dg_settling dg_settling_for(const dg_stored *stored) {
    const double nodata = stored->nodata;
    if (!isfinite(nodata))
        return (dg_settling){*stored, -1, nodata};
    if (nodata == 0)
        return stored->type == DG_DOUBLE
                   ? (dg_settling){*stored, 0, DBL_MIN}
                   : (dg_settling){*stored, (double)FLT_TRUE_MIN, (double)FLT_MIN};
    return (dg_settling){*stored, NEAR * fabs(nodata), nodata * (1 - AWAY)};
}

static char *band_at(const dg_watched_row *r, int band, int col) {
    return (char *)r->out + (band * r->band_stride + col) * (ptrdiff_t)dg_type_size(r->type);
}

static int64_t count_near(const dg_watched_row *r, int band, int col, int n, const dg_settling *s) {
    const void *values = band_at(r, band, col);
    int64_t count = 0;
    for (int i = 0; i < n; i++) {
        const double value = dg_value(values, r->type, i);
        count += fabs(value - s->stored.nodata) <= s->near;
    }
    return count;
}

static bool has_ground(const dg_span *span) {
    return !(isnan(span->k[0]) && isnan(span->k[1]) && isnan(span->k[2]) && isnan(span->k[3]));
}

static int64_t count_outside(const dg_watched_row *r, dg_window columns) {
    int64_t count = 0;
    for (size_t i = 0; i < r->span_count && r->spans[i].col < columns.col + columns.width; i++) {
        const dg_span *span = &r->spans[i];
        if (has_ground(span))
            continue;
        const dg_window part =
            dg_window_intersect((dg_window){span->col, columns.row, span->width, 1}, columns);
        for (int col = part.col; col < part.col + part.width; col++)
            count += isfinite(dg_value(r->z, r->type, col - r->col));
    }
    return count;
}

static void take_columns(dg_watch *w, const dg_watched_row *r, dg_window columns,
                         const dg_settling *s, double gap) {
    const int skip = columns.col - r->col;
    r->take(&w->elevations, (const char *)r->z + (size_t)skip * dg_type_size(r->type),
            columns.width, r->type, gap);
    w->outside += count_outside(r, columns);
    for (int i = 0; i < r->band_count && s->near >= 0; i++)
        w->moved += count_near(r, i, skip, columns.width, s);
}

static int count_beyond(const dg_watched_row *r, int band, dg_window columns, dg_type stored) {
    return r->beyond(band_at(r, band, columns.col - r->col), columns.width, r->type, stored);
}

static void drop_beyond(const dg_watched_row *r, int band, dg_type stored) {
    double *doubles = (double *)band_at(r, band, 0);
    float *floats = (float *)band_at(r, band, 0);
    const double most = dg_type_largest(stored);
    for (int i = 0; i < r->width; i++) {
        if (r->type == DG_DOUBLE)
            doubles[i] = fabs(doubles[i]) > most ? (double)NAN : doubles[i];
        else
            floats[i] = fabsf(floats[i]) > FLT_MAX ? NAN : floats[i];
    }
}

static double settle(double value, const dg_settling *s) {
    return isnan(value)                                ? s->stored.nodata
           : fabs(value - s->stored.nodata) <= s->near ? s->moved
                                                       : value;
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

static void take_figures(dg_watch *w, const dg_watched_row *r, dg_window columns,
                         const dg_stored *stored) {
    for (int i = 0; i < r->band_count && w->bands; i++)
        r->add(&w->bands[i], band_at(r, i, columns.col - r->col), columns.width, r->type, stored);
}

/* The columns of the row that a watch has; of no width where it has none. */
static dg_window columns_of(const dg_watch *w, const dg_watched_row *row) {
    dg_window both = dg_window_intersect((dg_window){row->col, row->row, row->width, 1}, w->window);
    if (both.height == 0)
        both.width = 0;
    return both;
}

/* A format would make infinity of it, which is no number to reckon with. */
static void settle_beyond(dg_watch *watches, size_t count, const dg_watched_row *row,
                          dg_type stored) {
    for (int band = 0; band < row->band_count; band++) {
        const dg_window all = {row->col, row->row, row->width, 1};
        if (count_beyond(row, band, all, stored) == 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            const dg_window columns = columns_of(&watches[i], row);
            if (columns.width > 0)
                watches[i].beyond += count_beyond(row, band, columns, stored);
        }
        drop_beyond(row, band, stored);
    }
}

void dg_watch_row(dg_watch *watches, size_t count, const dg_watched_row *row,
                  const dg_settling *settling, double gap) {
    settle_beyond(watches, count, row, settling->stored.type);
    for (size_t i = 0; i < count; i++) {
        const dg_window columns = columns_of(&watches[i], row);
        if (columns.width > 0)
            take_columns(&watches[i], row, columns, settling, gap);
    }
    for (int i = 0; i < row->band_count && !isnan(settling->stored.nodata); i++)
        settle_band(row, i, settling);
    for (size_t i = 0; i < count; i++) {
        const dg_window columns = columns_of(&watches[i], row);
        if (columns.width > 0)
            take_figures(&watches[i], row, columns, &settling->stored);
    }
}

void dg_watch_clear(dg_watch *watch, int band_count) {
    dg_extremes_clear(&watch->elevations);
    watch->moved = watch->beyond = watch->outside = 0;
    for (int i = 0; i < band_count && watch->bands; i++)
        dg_statistics_clear(&watch->bands[i]);
}

void dg_watch_merge(dg_watch *watch, const dg_watch *more, int band_count) {
    dg_extremes_merge(&watch->elevations, &more->elevations);
    watch->moved += more->moved;
    watch->beyond += more->beyond;
    watch->outside += more->outside;
    for (int i = 0; i < band_count && watch->bands; i++)
        dg_statistics_merge(&watch->bands[i], &more->bands[i]);
}
