/* The nodata value as it is written in a header of text. */
#ifndef DG_NODATA_HEADER_H
#define DG_NODATA_HEADER_H

#include "nodata_tag.h"

#include <gdal.h>

/* False: the format has no such header, or none is found there. */
bool dg_nodata_header(GDALDatasetH dataset, char text[DG_NODATA_TEXT_SIZE]);

#endif
