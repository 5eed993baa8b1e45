/* The nodata value of a GTiff as it is written there; private to the reader. */
#ifndef DG_NODATA_TEXT_H
#define DG_NODATA_TEXT_H

#include "notes.h"

#include <gdal.h>

/* Notes a text that is no number ("None", "n/a"): GDAL makes 0 of it, and sea level no data. `value` is what
 * GDAL says. */
void dg_note_nodata_text(GDALDatasetH dataset, const char *name, double value, dg_notes *notes);

#endif
