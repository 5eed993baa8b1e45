/* Formats whose files GDAL reads on where they end, or where they hold no numbers, as zeros or as what happens
 * to be in memory. */
#ifndef DG_WHOLE_FILE_H
#define DG_WHOLE_FILE_H

#include "fail.h"

#include <cpl_minixml.h>
#include <gdal.h>

/* How many bytes of a file say what it is. */
enum { DG_HEAD_BYTES = 128 };

/* Fails where the open file, which begins with `head`, ends before the pixels that its header tells of, or is a
 * text with words among its numbers. `head` has room for a 0 behind it. Files of formats that GDAL checks
 * itself, or that tell nothing, are whole. */
demgrad_status dg_check_whole(const char *path, const unsigned char head[DG_HEAD_BYTES],
                              VSILFILE *file, demgrad_error *error);

/* The same for the file of a raw band, which a VRT describes; `path` is where that file is. */
demgrad_status dg_check_whole_raw(const CPLXMLNode *vrt, const CPLXMLNode *band, const char *path,
                                  demgrad_error *error);

/* The same for a file that another one takes pixels from, such as a VRT: what of it no head tells of. */
demgrad_status dg_check_whole_source(const char *path, demgrad_error *error);

/* The same for what no head tells of: a header beside the pixels, points as text, text grids in archives. */
demgrad_status dg_check_whole_dataset(GDALDatasetH dataset, demgrad_error *error);

#endif
