/* Nodata values as they are written. */
#ifndef DG_NODATA_TEXT_H
#define DG_NODATA_TEXT_H

#include "notes.h"

#include <gdal.h>

/* Notes a text that is no number ("None", "n/a"), of which GDAL makes 0, and so sea level no data, and one that
 * tells of more values than the one that GDAL takes. `value` is what GDAL says of the band. */
void dg_note_nodata_text(GDALRasterBandH band, const char *name, double value, dg_notes *notes);

#endif
