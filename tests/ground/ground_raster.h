/* Truth rasters in and out of GDAL. */
#ifndef TESTS_GROUND_RASTER_H
#define TESTS_GROUND_RASTER_H

#include "truth.h"

/** Writes `bands` Float64 planes one after another, NaN where there is none, as a GeoTIFF. */
bool ground_raster_write(const char *path, const struct truth *t, int bands, double *planes);

/** Reads two planes of the case's size, nodata as NaN; the caller frees them. NULL on failure. */
double *ground_raster_read(const char *path, const struct truth *t);

#endif
