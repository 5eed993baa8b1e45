/* The geometry that every part shares: a raster's grid, windows of it, and coefficient spans. */
#ifndef DG_GRID_H
#define DG_GRID_H

#include <stdbool.h>
#include <stdint.h>

/* A raster's size and the affine map from pixel to map coordinates, as GDAL defines it:
 *   X = g[0] + column * g[1] + row * g[2],  Y = g[3] + column * g[4] + row * g[5]
 * with (0, 0) at the outer corner of the first pixel, and (0.5, 0.5) at its centre. */
typedef struct dg_grid {
    int width;  /* columns */
    int height; /* rows */
    double geotransform[6];
    bool has_geotransform; /* false: none in the file, geotransform is then 0 1 0 0 0 1 */
} dg_grid;

/* A rectangle of pixels. */
typedef struct dg_window {
    int col, row;
    int width, height;
} dg_window;

/* The factors that turn a row's differences per pixel into the two components, over the columns
 * [col, col + width). With du = dz/dcolumn, dv = dz/drow in stored units per pixel:
 *   dz/dx = k0 du + k1 dv,   dz/dy = k2 du + k3 dv,   k_i(c) = k[i] + dk[i] * (c - anchor).
 * The anchor does not move when a span is cut, so that a pixel's factors never depend on the block
 * it is computed in. A factor that is exactly 0 all along takes its difference out of the sum.
 * Where a component does not exist its factors are NaN. */
typedef struct dg_span {
    int col, width;
    int anchor;
    double k[4];
    double dk[4];
} dg_span;

/* The map coordinates of the centre of pixel (col, row). */
void dg_grid_centre(const dg_grid *grid, double col, double row, double *x, double *y);

/* Whether rows and columns run along the map's axes: neither rotated nor skewed. */
bool dg_grid_is_upright(const dg_grid *grid);

/* The determinant of the geotransform's linear part; 0 where pixels have no area. */
double dg_grid_determinant(const dg_grid *grid);

/* The columns and rows that a step on the map is, for a grid whose pixels have an area. */
void dg_grid_steps(const dg_grid *grid, double x, double y, double *cols, double *rows);

/* Where the grid's first pixel is in the endless grid that its pixels continue and that begins at the origin of
 * map coordinates: columns and rows, to 2^-24 of a pixel, so that pixels of all its parts, added to it, are
 * exact. What depends on these alone does not change where a grid grows. Both 0 where pixels have no area. */
void dg_grid_position(const dg_grid *grid, double position[2]);

/* A position to the next 2^-24. */
double dg_grid_settle(double position);

/* The part of `window` that is inside `bounds`; its width or height is 0 where there is none. */
dg_window dg_window_intersect(dg_window window, dg_window bounds);

/* The smallest window that holds both. */
dg_window dg_window_unite(dg_window a, dg_window b);

static inline int64_t dg_window_pixels(dg_window window) {
    return (int64_t)window.width * window.height;
}

/* Whether two windows have a pixel in common. */
bool dg_windows_overlap(dg_window a, dg_window b);

/* Whether all of `window` is inside `bounds`, and there is any of it. */
bool dg_window_is_inside(dg_window window, dg_window bounds);

/* All pixels of `grid`. */
dg_window dg_grid_window(const dg_grid *grid);

#endif
