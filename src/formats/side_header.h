/* Headers as text beside raw pixels, of which GDAL takes what is there, and defaults for the rest. */
#ifndef DG_SIDE_HEADER_H
#define DG_SIDE_HEADER_H

#include "fail.h"

#include <gdal.h>

/* Fails where a header of the raster was cut: it lacks some of the keys that come together, or ends within a
 * line; and where the pixels of an ILWIS map end before its last row does. */
demgrad_status dg_check_side_headers(GDALDatasetH dataset, demgrad_error *error);

#endif
