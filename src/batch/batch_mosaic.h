/* All outputs of a batch as one raster; private to batch. */
#ifndef DG_BATCH_MOSAIC_H
#define DG_BATCH_MOSAIC_H

#include "plan_batch.h"

/* Writes DIR/gradient.vrt over the outputs on the first common grid, in the order of their inputs, later ones on
 * top as in a mosaic of these; warns of those that are off the grid. */
demgrad_status dg_batch_write_mosaic(const dg_batch *batch, demgrad_error *error);

#endif
