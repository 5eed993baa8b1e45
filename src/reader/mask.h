/* What tells the valid pixels of a band beside its nodata value; private to the reader. */
#ifndef DG_MASK_H
#define DG_MASK_H

#include "reader.h"

#include <gdal.h>

/* masks[0] is NULL where there is nothing, masks[1] unless there are a mask and an alpha band. */
dg_mask dg_find_mask(GDALDatasetH dataset, GDALRasterBandH band, GDALRasterBandH masks[2]);

/* Whether it is a local GTiff of one band without a mask, whose blocks hold nothing else. */
bool dg_is_plain_gtiff(GDALDatasetH dataset);

#endif
