#include "ground.h"

#include <math.h>

/* How far the domain may reach beyond the images of places 5 degrees apart, as a share of their own
 * reach. A hundred of these places are 15 degrees across even around a pole, and so need a third. */
static const double MARGIN = 0.5;

/* No island of a domain is smaller than this share of the whole of it (some 3 km on Earth) ... */
static const double SMALLEST_PART = 1.0 / 4000;

/* ... or it lies in a raster of so many pixels that only its larger parts are looked for. */
static const double MOST_PLACES = 4e6;

/* Cells are not searched with fewer places than this along a side. */
static const double MOST_STEP = 128;

/* The pixels from `min` to `max` of `count`; none is a width of 0. */
static void clip(double min, double max, int count, int *first, int *length) {
    const double begin = fmin(fmax(floor(min), 0), count);
    const double end = fmin(fmax(ceil(max), 0), count);
    *first = (int)begin;
    *length = (int)(end - begin);
}

static dg_window pixels_of(const dg_grid *grid, const double min[2], const double max[2]) {
    double col_min = (double)INFINITY, col_max = -(double)INFINITY;
    double row_min = (double)INFINITY, row_max = -(double)INFINITY;
    const double *t = grid->geotransform;
    for (int i = 0; i < 4; i++) {
        const double x = i & 1 ? max[0] : min[0], y = i & 2 ? max[1] : min[1];
        double col, row;
        dg_grid_steps(grid, x - t[0], y - t[3], &col, &row);
        col_min = fmin(col_min, col);
        col_max = fmax(col_max, col);
        row_min = fmin(row_min, row);
        row_max = fmax(row_max, row);
    }
    dg_window window;
    clip(col_min, col_max, grid->width, &window.col, &window.width);
    clip(row_min, row_max, grid->height, &window.row, &window.height);
    return window;
}

dg_reach dg_ground_find_reach(const dg_ground *ground) {
    const dg_grid *grid = &ground->grid;
    dg_projection *projection = ground->projection;
    double min[2], max[2];
    double step = sqrt((double)grid->width * grid->height / MOST_PLACES);
    dg_window extent = dg_grid_window(grid);
    if (projection && dg_projection_bounds(projection, min, max)) {
        const double size[2] = {max[0] - min[0], max[1] - min[1]};
        const double pixel = sqrt(fabs(dg_grid_determinant(grid)));
        step = fmin(step, SMALLEST_PART * fmin(size[0], size[1]) / pixel);
        for (int i = 0; i < 2; i++) {
            min[i] -= MARGIN * size[i];
            max[i] += MARGIN * size[i];
        }
        extent = pixels_of(grid, min, max);
    }
    return (dg_reach){extent, step > 1 ? (int)fmin(step, MOST_STEP) : 1};
}

const dg_reach *dg_ground_reach(void *context) {
    dg_ground *ground = context;
    if (ground->reach.step == 0)
        ground->reach = dg_ground_find_reach(ground);
    return &ground->reach;
}
