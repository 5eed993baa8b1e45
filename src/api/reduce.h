/* Means of an input's pixels, by their share of area, over the cells of a coarser raster; private to
 * the api. */
#ifndef DG_REDUCE_H
#define DG_REDUCE_H

#include "extremes.h"
#include "reader.h"

#include <stdint.h>

/* The coarser raster: the cells `inner` of its width x height ones are `full`, the others lie around it. */
typedef struct dg_cells {
    dg_grid full;
    dg_window inner;
    int width, height;
    bool is_sparse; /* of each cell, one block's pixels are enough */
    double *sum;    /* [row][column] of the valid values, in elevation's own unit, scaled */
    double *weight; /* of the valid pixels: their areas */
    double *row_sum, *row_weight; /* of one row of pixels */
    double gap;           /* dg_extremes_take's, of the values as stored; 0: they are not wanted */
    double scale, offset; /* of those */
    dg_extremes elevations;
    bool differ_in_scale; /* an input has another scale than that */
} dg_cells;

demgrad_status dg_cells_create(const dg_grid *full, dg_window inner, int width, int height,
                               bool is_sparse, dg_cells *cells, demgrad_error *error);
void dg_cells_free(dg_cells *cells);

/* Lets what is added be watched for the ends of its stored values, which have the scale of `info`. */
void dg_cells_watch(dg_cells *cells, const dg_source_info *info, double gap);

/* Adds the pixels of `source`, whose grid may be anywhere along the full one, at any resolution along its
 * axes. `go_on` is asked before each row of blocks; it may be NULL. */
demgrad_status dg_cells_add(dg_cells *cells, dg_source *source, bool (*go_on)(void *user),
                            void *user, demgrad_error *error);

/* The mean of a cell, times `factor`; NaN where it has no valid pixel. */
float dg_cells_mean(const dg_cells *cells, int64_t index, double factor);

#endif
