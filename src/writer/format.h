/* Formats as GDAL's drivers have them; private to the writer. */
#ifndef DG_FORMAT_H
#define DG_FORMAT_H

#include "fail.h"

#include <gdal.h>
#include <stdbool.h>

/* The driver of a format that rasters of `type` can be written in. A format that is NULL is that of the
 * path's suffix, or GTiff where it has none. DEMGRAD_INVALID_OPTION where there is none such, or a
 * suffix is that of several. */
demgrad_status dg_format_find(const char *format, const char *path, GDALDataType type,
                              GDALDriverH *driver, demgrad_error *error);

bool dg_format_is_gtiff(GDALDriverH driver);

/* The same, or a COG, which is made by way of a GTiff. */
bool dg_format_is_tiff(GDALDriverH driver);

/* Whether blocks can be written into it, and whether GDAL can copy a raster into it; one is true. */
bool dg_format_takes_blocks(GDALDriverH driver);
bool dg_format_can_copy(GDALDriverH driver);

/* Whether it is known to keep every value with these creation options; else all are read back. */
bool dg_format_keeps_values(GDALDriverH driver, char **options);

/* Whether it is known to keep all that is said of a raster, too; else that is tried. */
bool dg_format_keeps_all(GDALDriverH driver, char **options);

#endif
