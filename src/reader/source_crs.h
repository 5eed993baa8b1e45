/* The CRS of a raster, as GDAL has it or the user wants it; private to the reader. */
#ifndef DG_SOURCE_CRS_H
#define DG_SOURCE_CRS_H

#include "notes.h"
#include "reader.h"

#include <gdal.h>

/* Fills in info->crs, the caller's to free with CPLFree, and what goes with it. */
demgrad_status dg_describe_crs(GDALDatasetH dataset, const char *name, const char *wanted,
                               dg_notes *notes, dg_source_info *info, demgrad_error *error);

/* Whether GDAL knows the CRS that the user wants; NULL is none. One error, before any input's. */
demgrad_status dg_check_wanted_crs(const char *wanted, demgrad_error *error);

#endif
