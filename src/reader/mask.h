/* What tells the valid pixels of a band beside its nodata value; private to the reader. */
#ifndef DG_MASK_H
#define DG_MASK_H

#include "fail.h"
#include "reader.h"

#include <gdal.h>

/* masks[0] is NULL where there is nothing, masks[1] unless there are a mask and an alpha band. */
dg_mask dg_find_mask(GDALDatasetH dataset, GDALRasterBandH band, GDALRasterBandH masks[2]);

/* Fails where a mask lies beside the file `name`, and the dataset has none: GDAL says nothing of that. */
demgrad_status dg_check_mask_of(GDALDatasetH dataset, const char *name, demgrad_error *error);

/* Whether it is a local GTiff of one band without a mask, whose blocks hold nothing else. */
bool dg_is_plain_gtiff(GDALDatasetH dataset);

#endif
