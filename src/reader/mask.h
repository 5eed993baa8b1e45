/* What tells the valid pixels of a band beside its nodata value; private to the reader. */
#ifndef DG_MASK_H
#define DG_MASK_H

#include "reader.h"

#include <gdal.h>

/* *mask is NULL where there is nothing. */
dg_mask dg_find_mask(GDALDatasetH dataset, GDALRasterBandH band, GDALRasterBandH *mask);

/* Whether it is a local GTiff of one band without a mask, whose blocks hold nothing else. */
bool dg_is_plain_gtiff(GDALDatasetH dataset);

#endif
