/* What a format made of the values it was given: GDAL writes some that lose NaN, or round to bytes,
 * without a word. Private to the writer. */
#ifndef DG_READ_BACK_H
#define DG_READ_BACK_H

#include "grid.h"

#include <gdal.h>
#include <stdint.h>

/* How many of n values, floats or doubles, are neither NaN nor `nodata`. */
int64_t dg_read_back_count(const void *values, GDALDataType type, int n, double nodata);

/* Reads a closed raster whose first `band_count` bands were given `valid` such values. NULL where it
 * has as many, or where GDAL does not find those bands under this name; else what is wrong, to be freed
 * with CPLFree. */
char *dg_read_back(const char *path, int band_count, int64_t valid, double nodata);

#endif
