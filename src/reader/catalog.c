#include "catalog.h"

#include "input_files.h"
#include "placement.h"
#include "source.h"
#include "source_crs.h"
#include "unit.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <stdlib.h>
#include <string.h>

/* How far, in pixels, an input may lie off the common grid: the rounding of geotransforms that were
 * written in decimals. */
static const double OFF_GRID = 0.01;

/* Columns or rows between two tiles of a catalog; with their sizes and a turn round the globe all places still are
 * ints. */
static const double FARTHEST = 5e8;

static demgrad_status compare_crs(const char *a, const char *b, bool *same, demgrad_error *error) {
    *same = strcmp(a, b) == 0;
    if (*same)
        return DEMGRAD_OK;
    OGRSpatialReferenceH crs_a = OSRNewSpatialReference(a), crs_b = OSRNewSpatialReference(b);
    const bool made = crs_a && crs_b;
    *same = made && OSRIsSame(crs_a, crs_b);
    OSRDestroySpatialReference(crs_a);
    OSRDestroySpatialReference(crs_b);
    return made ? DEMGRAD_OK : dg_fail_memory(error, "the comparison of two CRSs");
}

/* Keeps each different CRS once, in its first text, and moves the tile's there. */
static demgrad_status keep_crs(dg_catalog *c, dg_tile *t, demgrad_error *error) {
    char *crs = t->info.crs;
    t->info.crs = NULL;
    demgrad_status status = DEMGRAD_OK;
    bool same = false;
    for (size_t i = 0; crs && !same && !status && i < c->crs_texts.count; i++) {
        t->crs = c->crs_texts.items[i];
        status = compare_crs(t->crs, crs, &same, error);
    }
    if (crs && !same && !status) {
        dg_list_add(&c->crs_texts, crs);
        status = dg_list_check(&c->crs_texts, error);
        t->crs = status ? NULL : c->crs_texts.items[c->crs_texts.count - 1];
    }
    free(crs);
    return status;
}

static demgrad_status look_at(dg_catalog *c, const char *path, dg_notes *notes, dg_tile *t,
                              demgrad_error *error) {
    GDALDatasetH dataset;
    t->path = dg_copy(path, error);
    demgrad_status status = t->path ? dg_open_dataset(path, &c->options, notes, &dataset, error)
                                    : DEMGRAD_OUT_OF_MEMORY;
    if (status && t->path && c->options.files) /* it is an input all the same */
        dg_input_files_add(c->options.files, NULL, path, c->stamper, &t->stamp, NULL);
    if (status)
        return status;
    status = dg_describe_dataset(dataset, path, &c->options, notes, &t->info, error);
    if (!status && c->options.files)
        status = dg_input_files_add(c->options.files, dataset, path, c->stamper, &t->stamp, error);
    GDALClose(dataset);
    t->info.input_count = 1;
    const demgrad_status kept = keep_crs(c, t, status ? NULL : error);
    status = status ? status : kept;
    if (status)
        t->info.grid.width = 0; /* it cannot be used */
    return status;
}

/* Where b's first pixel lies on a's grid, in pixels. */
static void offset_on_grid(const double *a, const double *b, double *col, double *row) {
    const double det = a[1] * a[5] - a[2] * a[4];
    const double x = b[0] - a[0], y = b[3] - a[3];
    *col = (a[5] * x - a[2] * y) / det;
    *row = (a[1] * y - a[4] * x) / det;
}

/* Whether the pixels of b drift off a's grid by less than OFF_GRID over b's size. */
static bool same_pixels(const dg_grid *a, const dg_grid *b) {
    const double *g = a->geotransform, *h = b->geotransform;
    const double size = fmin(hypot(g[1], g[4]), hypot(g[2], g[5]));
    const double drift =
        hypot(h[1] - g[1], h[4] - g[4]) * b->width + hypot(h[2] - g[2], h[5] - g[5]) * b->height;
    return drift <= OFF_GRID * size;
}

static demgrad_status place(const dg_tile *first, bool any_unit, dg_tile *t, demgrad_error *error) {
    if (!first->info.grid.has_geotransform || !t->info.grid.has_geotransform)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: has no geotransform, so it has no place in a mosaic",
                       t->info.grid.has_geotransform ? first->path : t->path);
    if (t->info.places[0] || t->info.places[1])
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: its columns or rows are uneven, so it has no place in a mosaic",
                       t->path);
    if (first->crs != t->crs)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: its CRS is not that of %s; reproject one of them (gdalwarp -t_srs)",
                       t->path, first->path);
    if (!any_unit && !dg_same_unit(&first->info, &t->info))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: its values are in \"%s\", those of %s in \"%s\"; convert one of them",
                       t->path, t->info.unit, first->path, first->info.unit);
    double col, row;
    offset_on_grid(first->info.grid.geotransform, t->info.grid.geotransform, &col, &row);
    if (!same_pixels(&first->info.grid, &t->info.grid) || fabs(col - round(col)) > OFF_GRID ||
        fabs(row - round(row)) > OFF_GRID)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: its pixels are not on the grid of %s; resample one of them "
                       "(gdalwarp -tr -tap)",
                       t->path, first->path);
    if (!(fabs(col) < FARTHEST && fabs(row) < FARTHEST))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s: is too far from %s for one mosaic",
                       t->path, first->path);
    t->window =
        (dg_window){(int)round(col), (int)round(row), t->info.grid.width, t->info.grid.height};
    t->on_grid = true;
    return DEMGRAD_OK;
}

static int compare_pixels(const void *a, const void *b) {
    const double *g = (*(const dg_tile *const *)a)->info.grid.geotransform;
    const double *h = (*(const dg_tile *const *)b)->info.grid.geotransform;
    static const int LINEAR[] = {1, 2, 4, 5};
    for (int i = 0; i < 4; i++) {
        if (g[LINEAR[i]] != h[LINEAR[i]])
            return g[LINEAR[i]] < h[LINEAR[i]] ? -1 : 1;
    }
    return 0;
}

/* The share of a pixel by which the tile is off the whole pixels of the endless grid, along columns, then
 * rows. */
static int compare_phases(const dg_tile *a, const dg_tile *b) {
    double p[2], q[2];
    dg_grid_position(&a->info.grid, p);
    dg_grid_position(&b->info.grid, q);
    for (int i = 0; i < 2; i++) {
        const double phase_a = p[i] - floor(p[i]), phase_b = q[i] - floor(q[i]);
        if (phase_a != phase_b)
            return phase_a < phase_b ? -1 : 1;
    }
    return 0;
}

/* The tile that the grid is taken from where they differ in their last digits: hardly ever another one when
 * a tile is added, in whatever order they are. Of those whose pixels are as those in the middle, were all
 * sorted by them, the one of the smallest phase. NULL where memory is short. */
static const dg_tile *choose_base(const dg_catalog *c, demgrad_error *error) {
    const dg_tile **sorted = dg_alloc(c->count, sizeof *sorted, "the inputs", error);
    size_t count = 0;
    if (!sorted)
        return NULL;
    for (size_t i = 0; i < c->count; i++) {
        if (c->tiles[i].on_grid)
            sorted[count++] = &c->tiles[i];
    }
    qsort(sorted, count, sizeof *sorted, compare_pixels);
    const dg_tile *middle = sorted[(count - 1) / 2], *base = middle;
    for (size_t i = 0; i < count; i++) {
        if (compare_pixels(&sorted[i], &middle) == 0 && compare_phases(sorted[i], base) < 0)
            base = sorted[i];
    }
    free(sorted);
    return base;
}

/* Moves the windows so that the grid of all of them begins at (0, 0). */
static demgrad_status frame_grid(dg_catalog *c, demgrad_error *error) {
    const dg_tile *base = choose_base(c, error);
    if (!base)
        return DEMGRAD_OUT_OF_MEMORY;
    int col = 0, row = 0, col_end = 0, row_end = 0;
    for (size_t i = 0; i < c->count; i++) {
        const dg_tile *t = &c->tiles[i];
        if (!t->on_grid)
            continue;
        col = t->window.col < col ? t->window.col : col;
        row = t->window.row < row ? t->window.row : row;
        const int t_col_end = t->window.col + t->window.width;
        const int t_row_end = t->window.row + t->window.height;
        col_end = t_col_end > col_end ? t_col_end : col_end;
        row_end = t_row_end > row_end ? t_row_end : row_end;
    }
    for (size_t i = 0; i < c->count; i++) {
        c->tiles[i].window.col -= col;
        c->tiles[i].window.row -= row;
    }
    c->grid = base->info.grid;
    c->grid.width = col_end - col;
    c->grid.height = row_end - row;
    col = base->window.col;
    row = base->window.row;
    double *g = c->grid.geotransform;
    const double x = g[0] - col * g[1] - row * g[2], y = g[3] - col * g[4] - row * g[5];
    g[0] = x;
    g[3] = y;
    return DEMGRAD_OK;
}

static void compare_values(dg_catalog *c, const dg_tile *first) {
    c->same_scale = true;
    for (size_t i = 0; i < c->count; i++) {
        const dg_source_info *info = &c->tiles[i].info;
        if (!c->tiles[i].on_grid)
            continue;
        c->same_scale &= info->scale == first->info.scale && info->offset == first->info.offset;
        c->needs_double |= info->needs_double;
        if (!c->tiles[c->heaviest].on_grid ||
            info->block_bytes > c->tiles[c->heaviest].info.block_bytes)
            c->heaviest = i;
    }
    /* Scaled values have digits that a float would lose. */
    c->needs_double |= !c->same_scale;
}

static void keep_problem(dg_catalog *c, dg_tile *t, const demgrad_error *problem) {
    t->problem = strdup(problem->message);
    c->is_short |= !t->problem;
}

/* Places all tiles on the grid of `first`; says how many are on it, and keeps the others' problems.
 */
static size_t place_all(dg_catalog *c, const dg_tile *first) {
    size_t placed = 0;
    for (size_t i = 0; i < c->count; i++) {
        dg_tile *t = &c->tiles[i];
        if (t->info.grid.width == 0)
            continue;
        demgrad_error problem;
        free(t->problem);
        t->problem = NULL;
        t->on_grid = false;
        if (place(first, c->options.any_unit, t, &problem))
            keep_problem(c, t, &problem);
        placed += t->on_grid;
        t->was_on_grid |= t->on_grid;
    }
    return placed;
}

/* How many different grids are tried, where many have but few tiles each. */
enum { GRIDS_TRIED = 64 };

/* The first tile that was on none of the grids that were tried, and how many such there are; NULL: none. */
static dg_tile *find_untried(const dg_catalog *c, size_t *count) {
    dg_tile *first = NULL;
    *count = 0;
    for (size_t i = c->count; i > 0; i--) {
        dg_tile *t = &c->tiles[i - 1];
        if (t->info.grid.width > 0 && !t->was_on_grid) {
            first = t;
            ++*count;
        }
    }
    return first;
}

/* The tile whose grid most tiles are on, of those that are tried; the tiles are placed on it. NULL
 * where no tile could be opened. */
static const dg_tile *choose_grid(dg_catalog *c) {
    const dg_tile *best = NULL, *last = NULL;
    size_t most = 0;
    for (int tried = 0; tried < GRIDS_TRIED; tried++) {
        size_t untried;
        dg_tile *candidate = find_untried(c, &untried);
        if (!candidate || untried <= most)
            break;
        const size_t placed = place_all(c, candidate);
        candidate->was_on_grid = true; /* or it has a place on none */
        last = candidate;
        if (!best || placed > most) {
            best = candidate;
            most = placed;
        }
    }
    if (best && best != last)
        place_all(c, best);
    return best;
}

/* The first tile that has a problem, as an error. */
static demgrad_status refuse_problems(const dg_catalog *c, demgrad_error *error) {
    for (size_t i = 0; i < c->count; i++) {
        if (c->tiles[i].problem)
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s", c->tiles[i].problem);
    }
    return DEMGRAD_OK;
}

static demgrad_status look_at_all(dg_catalog *c, const char *const *inputs, bool is_strict,
                                  const dg_messages *messages, demgrad_error *error) {
    dg_notes notes = {0};
    demgrad_status status = DEMGRAD_OK;
    if (c->options.wants_stamps)
        c->stamper = dg_stamper_new(error);
    if (c->options.wants_stamps && !c->stamper)
        return DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < c->count && !status; i++) {
        demgrad_error problem;
        const demgrad_status seen = look_at(c, inputs[i], &notes, &c->tiles[i], &problem);
        if (seen)
            keep_problem(c, &c->tiles[i], &problem);
        const bool is_fatal = seen == DEMGRAD_OUT_OF_MEMORY || (seen && is_strict);
        status = is_fatal ? dg_fail(error, seen, "%s", problem.message)
                          : dg_messages_ask(messages, error);
    }
    dg_warn_notes(messages, &notes);
    dg_stamper_free(c->stamper);
    c->stamper = NULL;
    return status;
}

demgrad_status dg_catalog_scan(const char *const *inputs, size_t count,
                               const dg_source_options *options, bool is_strict,
                               const dg_messages *messages, dg_catalog **catalog,
                               demgrad_error *error) {
    demgrad_status status = dg_check_wanted_crs(options->crs, error);
    if (status)
        return status;
    dg_catalog *c = dg_alloc(1, sizeof *c, "the inputs", error);
    if (!c)
        return DEMGRAD_OUT_OF_MEMORY;
    dg_short_paths_init(&c->short_paths);
    c->options = *options;
    c->options.short_paths = &c->short_paths;
    c->tiles = dg_alloc(count, sizeof *c->tiles, "the inputs", error);
    c->count = c->tiles ? count : 0;
    status = c->tiles ? look_at_all(c, inputs, is_strict, messages, error) : DEMGRAD_OUT_OF_MEMORY;
    if (!status) {
        const dg_tile *first = choose_grid(c);
        if (first && first->on_grid) {
            status = frame_grid(c, error);
            compare_values(c, first);
        }
        c->crs = first ? first->crs : NULL;
        if (is_strict && !status)
            status = refuse_problems(c, error);
        if (c->is_short && !status)
            status = dg_fail_memory(error, "what is wrong with the inputs");
    }
    if (status) {
        dg_catalog_free(c);
        return status;
    }
    *catalog = c;
    return DEMGRAD_OK;
}

void dg_catalog_free(dg_catalog *catalog) {
    if (!catalog)
        return;
    for (size_t i = 0; i < catalog->count; i++) {
        dg_placement_free(&catalog->tiles[i].info);
        free(catalog->tiles[i].path);
        free(catalog->tiles[i].problem);
    }
    free(catalog->tiles);
    dg_list_free(&catalog->crs_texts);
    dg_short_paths_close(&catalog->short_paths);
    free(catalog);
}
