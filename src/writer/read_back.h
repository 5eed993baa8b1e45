/* What a format other than GTiff made of the values it was given: GDAL writes some of them rounded to
 * bytes, and to some 0 for NaN, without a word. Private to the writer. */
#ifndef DG_READ_BACK_H
#define DG_READ_BACK_H

#include "statistics.h"
#include "writer.h"

#include <gdal.h>

/* Reads a band, block by block. NULL where it has as many valid values as were written, in the same
 * range, give or take 1 % of the largest; or where go_on, which is asked for every block, said no. Else
 * what is wrong with band `number`, to be freed with dg_fault_free. */
char *dg_read_back(GDALRasterBandH band, int number, const dg_statistics *written,
                   dg_writer_continue go_on, void *user);

#endif
