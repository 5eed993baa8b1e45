/* Rows of a GTiff's compressed strips that are too large to be decoded whole, as GDAL does; private to
 * the reader. Needs libtiff; without it no raster suits. */
#ifndef DG_STRIPS_H
#define DG_STRIPS_H

#include <gdal.h>
#include <stdbool.h>

typedef struct dg_strips dg_strips;

/* NULL where the dataset is not a local GTiff of one band, without a mask, in strips of a codec that
 * libtiff decodes row by row (Deflate, LZMA, LZW, PackBits, ZSTD). GDAL keeps the dataset. */
dg_strips *dg_strips_open(GDALDatasetH dataset);
void dg_strips_close(dg_strips *strips);

/* Whether dg_strips_open opens it. */
bool dg_strips_suit(GDALDatasetH dataset);

/* How many rows to ask for at a time. */
int dg_strips_at_once(GDALDatasetH dataset);

/* The rows [row, row + count), an array [row][column] of the band's type that stays until the next
 * call; NULL, with GDAL's error, where they cannot be read. The last rows are kept; those after them
 * cost nothing but themselves, those before them all that lies above them in their strip. */
const void *dg_strips_rows(dg_strips *strips, int row, int count);

#endif
