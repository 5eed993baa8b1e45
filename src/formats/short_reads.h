/* Whether GDAL asks a raster's files for more than they have. */
#ifndef DG_SHORT_READS_H
#define DG_SHORT_READS_H

#include "fail.h"

#include <gdal.h>
#include <stdbool.h>

/* Opens what the dataset was opened from once more, and reads the first and the last row of each band: *fall_short
 * where a file ends before them. For drivers that ask for the bytes of pixels alone, uncompressed, through GDAL's
 * file systems; not found out where the files are named by others than these. */
demgrad_status dg_reads_fall_short(GDALDatasetH dataset, bool *fall_short, demgrad_error *error);

#endif
