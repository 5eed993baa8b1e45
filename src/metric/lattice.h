/* Interpolates factors that are dear to compute and vary smoothly over the grid.
 *
 * The endless grid that a raster is a part of is cut into cells of 4096 pixels. A cell whose factors a
 * cubic polynomial through 4 x 4 Chebyshev nodes meets within 2e-8 of their size, tested at nine points
 * between the nodes, is a leaf; any other cell is split in four, down to cells so small that every
 * pixel is computed by itself. So poles, limbs and cuts of a projection are never smeared, and the
 * outcome depends on the endless grid alone, not on the part of it or the window asked for. A cell
 * counts as one without factors when neither its nodes, nor its rim, nor a search of its inside have
 * found any. */
#ifndef DG_LATTICE_H
#define DG_LATTICE_H

#include "fail.h"
#include "grid.h"

#include <stddef.h>

/* Computes the four factors at pixel position (col, row), which need not be whole; NaN where they
 * do not exist. */
typedef void (*dg_factors)(void *context, double col, double row, double k[4]);

/* Where patches that have factors may lie by themselves. */
typedef struct dg_reach {
    dg_window extent; /* the pixels that all of them are among */
    int step;         /* the distance, in pixels, of places that none of them can avoid */
} dg_reach;

/* Factors over a grid. `context` is handed to both functions and stays the caller's. */
typedef struct dg_field {
    dg_factors factors;
    const dg_reach *(*reach)(void *context); /* asked for where a cell's nodes have no factors */
    void *context;
    double position[2]; /* of the first pixel in the endless grid: see dg_grid_position */
} dg_field;

/* Not safe to share between threads. */
typedef struct dg_lattice dg_lattice;

demgrad_status dg_lattice_create(const dg_grid *grid, const dg_field *field, dg_lattice **lattice,
                                 demgrad_error *error);
void dg_lattice_destroy(dg_lattice *lattice);

/* Makes ready the cells that meet `window`, and forgets those of rows far from it. */
demgrad_status dg_lattice_prepare(dg_lattice *lattice, dg_window window, demgrad_error *error);

/* The spans of `width` columns of `row`, from `col` on, inside the prepared window, in the order of
 * the columns: linear pieces short enough to stay within 5e-8 of the factors. *spans is the
 * lattice's, until the next call. */
demgrad_status dg_lattice_row(dg_lattice *lattice, int row, int col, int width,
                              const dg_span **spans, size_t *count, demgrad_error *error);

#endif
