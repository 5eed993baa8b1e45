/* What a format other than GTiff made of the values it was given: GDAL writes some of them rounded to
 * bytes, and to some 0 for NaN, without a word. Private to the writer. */
#ifndef DG_READ_BACK_H
#define DG_READ_BACK_H

#include "statistics.h"
#include "writer.h"

/* Reads a closed raster, block by block. NULL where its first `band_count` bands have as many valid
 * values as were written, in the same range, give or take 1 % of the largest; where GDAL finds no such
 * bands under this name; or where go_on, which is asked for every block, said no. Else what is wrong,
 * to be freed with CPLFree. */
char *dg_read_back(const char *path, const dg_statistics *written, int band_count, double nodata,
                   dg_writer_continue go_on, void *user);

#endif
