#include "common_grid.h"

#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How far, in pixels, an input may lie off the common grid: the rounding of geotransforms that were
 * written in decimals. */
static const double OFF_GRID = 0.01;

/* Columns or rows between two tiles of a catalog; with their sizes and a turn round the globe all
 * places still are ints. */
static const double FARTHEST = 5e8;

void dg_tile_keep_problem(dg_catalog *c, dg_tile *t, const demgrad_error *problem) {
    t->problem = strdup(problem->message);
    c->is_short |= !t->problem;
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
            dg_tile_keep_problem(c, t, &problem);
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

demgrad_status dg_common_grid_find(dg_catalog *c, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    const dg_tile *first = choose_grid(c);
    if (first && first->on_grid) {
        status = frame_grid(c, error);
        compare_values(c, first);
    }
    c->crs = first ? first->crs : NULL;
    return status;
}
