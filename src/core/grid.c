#include "grid.h"

#include "integers.h"

#include <math.h>

void dg_grid_centre(const dg_grid *grid, double col, double row, double *x, double *y) {
    const double *g = grid->geotransform;
    *x = g[0] + (col + 0.5) * g[1] + (row + 0.5) * g[2];
    *y = g[3] + (col + 0.5) * g[4] + (row + 0.5) * g[5];
}

bool dg_grid_is_upright(const dg_grid *grid) {
    const double *g = grid->geotransform;
    return g[2] == 0 && g[4] == 0;
}

double dg_grid_determinant(const dg_grid *grid) {
    const double *g = grid->geotransform;
    return g[1] * g[5] - g[2] * g[4];
}

void dg_grid_steps(const dg_grid *grid, double x, double y, double *cols, double *rows) {
    const double *g = grid->geotransform;
    const double determinant = dg_grid_determinant(grid);
    *cols = (g[5] * x - g[2] * y) / determinant;
    *rows = (g[1] * y - g[4] * x) / determinant;
}

double dg_grid_settle(double position) {
    const double steps = 16777216; /* a pixel beside a pole turns by a radian */
    return floor(position * steps + 0.5) / steps;
}

void dg_grid_position(const dg_grid *grid, double position[2]) {
    double col, row;
    dg_grid_steps(grid, grid->geotransform[0], grid->geotransform[3], &col, &row);
    const bool has_place = isfinite(col) && isfinite(row);
    position[0] = has_place ? dg_grid_settle(col) : 0;
    position[1] = has_place ? dg_grid_settle(row) : 0;
}

dg_window dg_window_intersect(dg_window window, dg_window bounds) {
    const int col = dg_max(window.col, bounds.col);
    const int row = dg_max(window.row, bounds.row);
    const int col_end = dg_min(window.col + window.width, bounds.col + bounds.width);
    const int row_end = dg_min(window.row + window.height, bounds.row + bounds.height);
    return (dg_window){col, row, dg_max(col_end - col, 0), dg_max(row_end - row, 0)};
}

dg_window dg_window_unite(dg_window a, dg_window b) {
    const int col = dg_min(a.col, b.col), row = dg_min(a.row, b.row);
    return (dg_window){col, row, dg_max(a.col + a.width, b.col + b.width) - col,
                       dg_max(a.row + a.height, b.row + b.height) - row};
}

bool dg_windows_overlap(dg_window a, dg_window b) {
    const dg_window both = dg_window_intersect(a, b);
    return both.width > 0 && both.height > 0;
}

bool dg_window_is_inside(dg_window w, dg_window bounds) {
    return w.width > 0 && w.height > 0 && w.col >= bounds.col && w.row >= bounds.row &&
           w.width <= bounds.width - (w.col - bounds.col) &&
           w.height <= bounds.height - (w.row - bounds.row);
}

dg_window dg_grid_window(const dg_grid *grid) {
    return (dg_window){0, 0, grid->width, grid->height};
}
