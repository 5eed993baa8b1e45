/* Whether a raster lies where it was written. */
#ifndef DG_RASTER_PLACE_H
#define DG_RASTER_PLACE_H

#include "grid.h"

#include <gdal.h>

/* NULL where the dataset has the grid's size and, give or take DG_SLACK of a pixel, its corners; else what
 * is wrong, to be freed with dg_fault_free. */
char *dg_place_fault(GDALDatasetH dataset, const dg_grid *grid);

#endif
