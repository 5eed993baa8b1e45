/* What a format other than GTiff made of the values it was given: GDAL writes some of them rounded to
 * bytes, and to some 0 for NaN, without a word. Private to the writer. */
#ifndef DG_READ_BACK_H
#define DG_READ_BACK_H

#include "writer.h"

#include <gdal.h>
#include <stdint.h>

/* The valid values of a band: neither NaN nor nodata. min > max where there are none. */
typedef struct dg_range {
    int64_t count;
    double min, max;
} dg_range;

dg_range dg_range_none(void);

/* Adds n values, floats or doubles. */
void dg_range_add(dg_range *range, const void *values, GDALDataType type, int n, double nodata);

/* Reads band `band` (from 1) of a closed raster, block by block. NULL where its valid values are as many
 * as were written and lie in the same range, give or take 1 % of the largest; where GDAL finds no such
 * band under this name; or where go_on, which is asked for every block, said no. Else what is wrong, to be
 * freed with CPLFree. */
char *dg_read_back(const char *path, int band, const dg_range *written, double nodata,
                   dg_writer_continue go_on, void *user);

#endif
