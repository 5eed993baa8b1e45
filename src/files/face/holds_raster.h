/* What GDAL makes of a path. */
#ifndef DG_HOLDS_RASTER_H
#define DG_HOLDS_RASTER_H

#include <stdbool.h>

/* Whether GDAL knows a raster in the file or folder, if only a damaged one. */
bool dg_holds_raster(const char *path);

#endif
