/* Pixels that lie uncompressed in a file. Since GDAL 3.10 most of its drivers for these read what a file has not as
 * zeros, in silence; some take its size for what tells the type of the pixels. */
#ifndef DG_RAW_PIXELS_H
#define DG_RAW_PIXELS_H

#include "fail.h"

#include <gdal.h>
#include <stdint.h>

/* The names of those drivers, and NULL. */
extern const char *const dg_raw_drivers[];

/* Fails where the files of pixels are shorter than what the dataset has of them. */
demgrad_status dg_check_raw_pixels(GDALDatasetH dataset, demgrad_error *error);

/* Fails where a file is shorter than it is to be. */
demgrad_status dg_check_bytes(const char *path, int64_t size, int64_t needed, demgrad_error *error);

#endif
