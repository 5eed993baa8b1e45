/* Files beside a raster that GDAL is told not to look at. */
#ifndef DG_HIDDEN_H
#define DG_HIDDEN_H

#include "notes.h"

#include <gdal.h>
#include <stdbool.h>

/* Whether the configuration keeps GDAL from masks beside rasters, and from what is declared in an .aux.xml. */
bool dg_hides_mask(void);
bool dg_hides_pam(void);

/* Notes masks and declarations that are there, and that the configuration keeps GDAL from: without them it
 * takes another raster, in silence. */
void dg_note_hidden(GDALDatasetH dataset, const char *name, dg_notes *notes);

#endif
