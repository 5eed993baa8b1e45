/* A mosaic of rasters as a file; private to batch. */
#ifndef DG_MOSAIC_FILE_H
#define DG_MOSAIC_FILE_H

#include "grid.h"
#include "publish.h"

/* A raster of a mosaic, in the mosaic's folder. */
typedef struct dg_mosaic_part {
    const char *path;
    dg_window window; /* of the mosaic's grid */
} dg_mosaic_part;

/* Writes a VRT of `count` rasters, later ones on top. What the grid does not say is as the first raster
 * has it. */
demgrad_status dg_mosaic_write(const dg_target *target, const dg_grid *grid,
                               const dg_mosaic_part *parts, size_t count, demgrad_error *error);

#endif
