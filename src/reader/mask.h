/* What tells the valid pixels of a band beside its nodata value; private to the reader. */
#ifndef DG_MASK_H
#define DG_MASK_H

#include "notes.h"
#include "reader.h"

#include <gdal.h>

/* masks[0] is NULL where there is nothing, masks[1] unless there are a mask and an alpha band. */
dg_mask dg_find_mask(GDALDatasetH dataset, GDALRasterBandH band, GDALRasterBandH masks[2]);

/* Notes a mask that lies beside the dataset's file, where GDAL makes none of it: it says nothing of that.
 * False: no memory to look for it. */
bool dg_note_mask_of(GDALDatasetH dataset, const char *name, dg_notes *notes);

/* Whether it is a local GTiff of one band without a mask, whose blocks hold nothing else. */
bool dg_is_plain_gtiff(GDALDatasetH dataset);

#endif
