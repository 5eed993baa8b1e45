/* Lays an uncompressed GTiff out before its pixels are written, so that its blocks are written in
 * their places. GDAL appends blocks in pieces of 64 kB, cut once more by the C library, and the disk
 * finds room for each; in place it writes a block at once, to room that is reserved. It also means
 * that a full disk shows before the work. Private to the writer. */
#ifndef DG_IN_PLACE_H
#define DG_IN_PLACE_H

#include <stdbool.h>

#include <gdal.h>

/* Whether the GTiff that was just created at `path` is such a file, and large enough for it to pay.
 * `options` are those it was created with. */
bool dg_in_place_suits(GDALDatasetH dataset, const char *path, char **options);

/* Closes the dataset, which must have no nodata value yet: GDAL then gives every block its place,
 * and writes none. Reserves the room for them and opens it again, to be written. NULL, with GDAL's
 * error, where that cannot be. */
GDALDatasetH dg_in_place_lay_out(GDALDatasetH dataset, const char *path);

#endif
