/* What a VRT's or a tile index's pixels are copied from. Private to the reader. */
#ifndef DG_BELOW_H
#define DG_BELOW_H

#include "notes.h"

#include <gdal.h>
#include <stdbool.h>

/* Opens the first source of a VRT's band, whose number is the band's, and becomes the source's; its values come as they
 * are, or not. The caller closes it. NULL: there is none. */
GDALDatasetH dg_open_first_source(GDALDatasetH vrt, int *number, bool *is_as_it_is);

/* The same for a raster of any kind, of an index any of its tiles. NULL, too, where the values are its own, or are made
 * otherwise than by copying. */
GDALDatasetH dg_open_below(GDALDatasetH at, int *number);

/* Notes a VRT whose sources do not cover it, where the band has no nodata value, and no mask: GDAL reads 0 there. */
void dg_note_gaps(GDALDatasetH vrt, int band, const char *name, dg_notes *notes);

#endif
