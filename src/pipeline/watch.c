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

void dg_watch_elevations(dg_watch *watches, size_t count, const dg_watched_row *row,
                         dg_extremes_taker take, double gap) {
    const dg_window all = {row->col, row->row, row->width, 1};
    for (size_t i = 0; i < count; i++) {
        dg_watch *w = &watches[i];
        if (!dg_windows_overlap(all, w->window))
            continue;
        const dg_window columns = dg_window_intersect(all, w->window);
        const size_t skip = (size_t)(columns.col - row->col);
        take(&w->elevations, (const char *)row->z + skip * dg_type_size(row->type), columns.width,
             row->type, gap);
        w->outside += count_outside(row, columns);
    }
}

/* What is done with n values of a band, for a watch, or for none: NULL. */
typedef void (*look)(dg_watch *watch, int band, void *values, int n, const dg_watched_bands *b,
                     const dg_settling *s);

/* Visits the values of `part`, rows that lie side by side at one go. */
static void visit(const dg_watched_bands *b, dg_window part, dg_watch *watch, const dg_settling *s,
                  look look_at) {
    const dg_block block = dg_block_part(&b->block, part);
    const int rows = block.row_stride == part.width ? part.height : 1;
    for (int band = 0; band < b->band_count; band++) {
        for (int row = 0; row < part.height; row += rows)
            look_at(watch, band, dg_block_row(&block, band, row), part.width * rows, b, s);
    }
}

/* For each watch, what it has of `part`. */
static void visit_each(const dg_watched_bands *b, dg_window part, dg_watch *watches, size_t count,
                       const dg_settling *s, look look_at) {
    for (size_t i = 0; i < count; i++) {
        if (dg_windows_overlap(part, watches[i].window))
            visit(b, dg_window_intersect(part, watches[i].window), &watches[i], s, look_at);
    }
}

static void count_beyond(dg_watch *watch, int band, void *values, int n, const dg_watched_bands *b,
                         const dg_settling *s) {
    (void)band;
    watch->beyond += b->beyond(values, n, b->block.type, s->stored.type);
}

static void drop_beyond(dg_watch *watch, int band, void *values, int n, const dg_watched_bands *b,
                        const dg_settling *s) {
    (void)watch, (void)band;
    double *doubles = values;
    float *floats = values;
    const double most = dg_type_largest(s->stored.type);
    for (int i = 0; i < n; i++) {
        if (b->block.type == DG_DOUBLE)
            doubles[i] = fabs(doubles[i]) > most ? (double)NAN : doubles[i];
        else
            floats[i] = fabsf(floats[i]) > FLT_MAX ? NAN : floats[i];
    }
}

static void count_near(dg_watch *watch, int band, void *values, int n, const dg_watched_bands *b,
                       const dg_settling *s) {
    (void)band;
    for (int i = 0; i < n; i++) {
        const double value = dg_value(values, b->block.type, i);
        watch->moved += fabs(value - s->stored.nodata) <= s->near;
    }
}

static double settled(double value, const dg_settling *s) {
    return isnan(value)                                ? s->stored.nodata
           : fabs(value - s->stored.nodata) <= s->near ? s->moved
                                                       : value;
}

static void settle(dg_watch *watch, int band, void *values, int n, const dg_watched_bands *b,
                   const dg_settling *s) {
    (void)watch, (void)band;
    double *doubles = values;
    float *floats = values;
    for (int i = 0; i < n; i++) {
        if (b->block.type == DG_DOUBLE)
            doubles[i] = settled(doubles[i], s);
        else
            floats[i] = (float)settled((double)floats[i], s);
    }
}

static void add_figures(dg_watch *watch, int band, void *values, int n, const dg_watched_bands *b,
                        const dg_settling *s) {
    if (watch->bands)
        b->add(&watch->bands[band], values, n, b->block.type, &s->stored);
}

/* A format would make infinity of what is beyond its type, which is no number to reckon with. */
static void settle_beyond(dg_watch *watches, size_t count, const dg_watched_bands *b,
                          dg_window part, const dg_settling *s) {
    dg_watch whole = {0};
    if (!b->may_be_infinite && b->block.type == s->stored.type)
        return;
    visit(b, part, &whole, s, count_beyond);
    if (whole.beyond == 0)
        return;
    visit_each(b, part, watches, count, s, count_beyond);
    visit(b, part, NULL, s, drop_beyond);
}

void dg_watch_bands(dg_watch *watches, size_t count, const dg_watched_bands *bands,
                    const dg_settling *settling) {
    const dg_window all = bands->block.window;
    settle_beyond(watches, count, bands, all, settling);
    if (settling->near >= 0)
        visit_each(bands, all, watches, count, settling, count_near);
    if (!isnan(settling->stored.nodata))
        visit(bands, all, NULL, settling, settle);
    visit_each(bands, all, watches, count, settling, add_figures);
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
