#include "common_grid.h"

#include "unit.h"

#include <assert.h>
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

/* Whether the pixels of b drift off a's grid by less than OFF_GRID over b's size. */
static bool same_pixels(const dg_grid *a, const dg_grid *b) {
    const double *g = a->geotransform, *h = b->geotransform;
    const double size = fmin(hypot(g[1], g[4]), hypot(g[2], g[5]));
    const double drift =
        hypot(h[1] - g[1], h[4] - g[4]) * b->width + hypot(h[2] - g[2], h[5] - g[5]) * b->height;
    return drift <= OFF_GRID * size;
}

/* Why a tile is not on the grid of another. */
typedef enum misfit {
    FITS,
    NO_PLACE,
    UNEVEN,
    OTHER_CRS,
    OTHER_UNIT,
    OTHER_PIXELS,
    TOO_FAR,
} misfit;

/* The window gets its place on the grid that begins with the first pixel of `first`, where it fits. */
static misfit fit(const dg_tile *first, const dg_tile *t, bool any_unit, dg_window *window) {
    if (!first->info.grid.has_geotransform || !t->info.grid.has_geotransform)
        return NO_PLACE;
    if (t->info.places[0] || t->info.places[1])
        return UNEVEN;
    if (first->crs != t->crs)
        return OTHER_CRS;
    if (!any_unit && !dg_same_unit(&first->info, &t->info))
        return OTHER_UNIT;
    const double *g = first->info.grid.geotransform, *h = t->info.grid.geotransform;
    double col, row;
    dg_grid_steps(&first->info.grid, h[0] - g[0], h[3] - g[3], &col, &row);
    if (!same_pixels(&first->info.grid, &t->info.grid) || fabs(col - round(col)) > OFF_GRID ||
        fabs(row - round(row)) > OFF_GRID)
        return OTHER_PIXELS;
    if (!(fabs(col) < FARTHEST && fabs(row) < FARTHEST))
        return TOO_FAR;
    *window =
        (dg_window){(int)round(col), (int)round(row), t->info.grid.width, t->info.grid.height};
    return FITS;
}

/* In words; a tile that also fits is on another grid, as it was found there first. */
static void explain(misfit why, const dg_tile *first, const dg_tile *t, demgrad_error *error) {
    switch (why) {
    case NO_PLACE:
        dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                "%s: has no geotransform, so it has no place in a mosaic",
                t->info.grid.has_geotransform ? first->path : t->path);
        break;
    case UNEVEN:
        dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                "%s: its columns or rows are uneven, so it has no place in a mosaic", t->path);
        break;
    case OTHER_CRS:
        dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                "%s: its CRS is not that of %s; reproject one of them (gdalwarp -t_srs)", t->path,
                first->path);
        break;
    case OTHER_UNIT:
        dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                "%s: its values are in \"%s\", those of %s in \"%s\"; convert one of them", t->path,
                t->info.unit, first->path, first->info.unit);
        break;
    case TOO_FAR:
        dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s: is too far from %s for one mosaic", t->path,
                first->path);
        break;
    case FITS:
    case OTHER_PIXELS:
        dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                "%s: its pixels are not on the grid of %s; resample one of them "
                "(gdalwarp -tr -tap)",
                t->path, first->path);
    }
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

static bool is_on(const dg_catalog *c, size_t tile, size_t grid) {
    return c->tiles[tile].on_grid && c->tiles[tile].common == grid;
}

/* The tile that the grid is taken from where they differ in their last digits: hardly ever another one when
 * a tile is added, in whatever order they are. Of those whose pixels are as those in the middle, were all
 * sorted by them, the one of the smallest phase. `sorted` has room for all tiles. */
static const dg_tile *choose_base(const dg_catalog *c, size_t grid, const dg_tile **sorted) {
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (is_on(c, i, grid))
            sorted[count++] = &c->tiles[i];
    }
    assert(count > 0);
    qsort(sorted, count, sizeof *sorted, compare_pixels);
    const dg_tile *middle = sorted[(count - 1) / 2], *base = middle;
    for (size_t i = 0; i < count; i++) {
        if (compare_pixels(&sorted[i], &middle) == 0 && compare_phases(sorted[i], base) < 0)
            base = sorted[i];
    }
    return base;
}

/* Moves the windows so that the grid of all of them begins at (0, 0). */
static void frame_grid(dg_catalog *c, size_t grid, const dg_tile *base) {
    dg_window all = base->window;
    for (size_t i = 0; i < c->count; i++) {
        if (is_on(c, i, grid))
            all = dg_window_unite(all, c->tiles[i].window);
    }
    for (size_t i = 0; i < c->count; i++) {
        if (is_on(c, i, grid)) {
            c->tiles[i].window.col -= all.col;
            c->tiles[i].window.row -= all.row;
        }
    }
    dg_grid *framed = &c->grids[grid].grid;
    *framed = base->info.grid;
    framed->width = all.width;
    framed->height = all.height;
    const int col = base->window.col, row = base->window.row;
    double *g = framed->geotransform;
    const double x = g[0] - col * g[1] - row * g[2], y = g[3] - col * g[4] - row * g[5];
    g[0] = x;
    g[3] = y;
}

static void compare_values(dg_catalog *c, size_t grid) {
    dg_common_grid *g = &c->grids[grid];
    const dg_source_info *first = &c->tiles[g->first].info;
    g->heaviest = g->first;
    g->same_scale = true;
    for (size_t i = 0; i < c->count; i++) {
        const dg_source_info *info = &c->tiles[i].info;
        if (!is_on(c, i, grid))
            continue;
        g->same_scale &= info->scale == first->scale && info->offset == first->offset;
        g->needs_double |= info->needs_double;
        if (info->block_bytes > c->tiles[g->heaviest].info.block_bytes)
            g->heaviest = i;
    }
    /* Scaled values have digits that a float would lose. */
    g->needs_double |= !g->same_scale;
}

/* How many tiles' grids are looked at, where many have a grid of their own. */
enum { GRIDS_TRIED = 1000 };

/* Makes the next grid of those tiles that lie on the grid of `first` and on none before; how many they are. */
static size_t gather(dg_catalog *c, size_t first) {
    dg_common_grid *g = &c->grids[c->grid_count];
    *g = (dg_common_grid){.first = first, .crs = c->tiles[first].crs};
    for (size_t i = first; i < c->count; i++) {
        dg_tile *t = &c->tiles[i];
        if (t->info.grid.width == 0 || t->on_grid)
            continue;
        t->on_grid = fit(&c->tiles[first], t, c->options.any_unit, &t->window) == FITS;
        t->common = c->grid_count;
        g->count += t->on_grid;
    }
    return g->count;
}

/* The grid that most tiles are on becomes the first. */
static void put_largest_first(dg_catalog *c) {
    size_t largest = 0;
    for (size_t i = 1; i < c->grid_count; i++) {
        if (c->grids[i].count > c->grids[largest].count)
            largest = i;
    }
    if (largest == 0)
        return;
    const dg_common_grid moved = c->grids[0];
    c->grids[0] = c->grids[largest];
    c->grids[largest] = moved;
    for (size_t i = 0; i < c->count; i++) {
        size_t *common = &c->tiles[i].common;
        *common = *common == 0 ? largest : *common == largest ? 0 : *common;
    }
}

/* Each that two tiles share, or else that of the first one that has a place. */
static void find_grids(dg_catalog *c) {
    size_t single = c->count;
    int tried = 0;
    for (size_t i = 0; i < c->count && tried < GRIDS_TRIED; i++) {
        if (c->tiles[i].info.grid.width == 0 || c->tiles[i].on_grid)
            continue;
        const size_t count = gather(c, i);
        tried++;
        c->tiles[i].on_grid = count > 1;
        c->grid_count += count > 1;
        if (count == 1 && single == c->count)
            single = i;
    }
    if (c->grid_count == 0 && single < c->count)
        c->grid_count = gather(c, single);
    put_largest_first(c);
}

/* The tile that those off the first grid are held against; there is one that can be opened. */
static const dg_tile *find_first(const dg_catalog *c) {
    const dg_tile *t = c->grid_count > 0 ? &c->tiles[c->grids[0].first] : c->tiles;
    while (t->info.grid.width == 0)
        t++;
    return t;
}

static void keep_problems(dg_catalog *c) {
    for (size_t i = 0; i < c->count; i++) {
        dg_tile *t = &c->tiles[i];
        if (t->info.grid.width == 0 || is_on(c, i, 0))
            continue;
        const dg_tile *first = find_first(c);
        demgrad_error problem;
        dg_window ignored;
        explain(fit(first, t, c->options.any_unit, &ignored), first, t, &problem);
        dg_tile_keep_problem(c, t, &problem);
    }
}

demgrad_status dg_common_grids_find(dg_catalog *c, demgrad_error *error) {
    const dg_tile **sorted = dg_alloc(c->count, sizeof *sorted, "the inputs", error);
    const size_t most = c->count < GRIDS_TRIED ? c->count : GRIDS_TRIED;
    c->grids = sorted ? dg_alloc(most, sizeof *c->grids, "the inputs' grids", error) : NULL;
    if (c->grids) {
        find_grids(c);
        keep_problems(c);
    }
    for (size_t i = 0; i < c->grid_count; i++) {
        frame_grid(c, i, choose_base(c, i, sorted));
        compare_values(c, i);
    }
    free(sorted);
    return c->grids ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
}
