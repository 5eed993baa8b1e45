/* Where a raster's pixels are; private to the reader. */
#ifndef DG_PLACEMENT_H
#define DG_PLACEMENT_H

#include "notes.h"
#include "reader.h"

#include <gdal.h>

/* Fills in info->grid and placed_by; the CRS must be there, and goes where it is not that of the
 * pixels. Fails also where the file has no grid that could be taken. */
demgrad_status dg_describe_placement(GDALDatasetH dataset, GDALRasterBandH band, const char *name,
                                     dg_notes *notes, dg_source_info *info, demgrad_error *error);

/* Frees what dg_describe_placement made. */
void dg_placement_free(dg_source_info *info);

#endif
