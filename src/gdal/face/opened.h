/* A file that GDAL has open for a look, by a name that is short enough for it. */
#ifndef DG_OPENED_H
#define DG_OPENED_H

#include "gdal_errors.h"
#include "short_path.h"

#include <gdal.h>

typedef struct dg_opened {
    GDALDatasetH dataset; /* NULL: it does not open */
    const char *name;     /* what GDAL is to call it */
    dg_gdal_errors errors;
    dg_short_paths held;
} dg_opened;

/* Collects errors, up to dg_opened_end, and gives `path` a name; *opened must stay in place. The caller may
 * open a dataset by that name. */
void dg_opened_begin(dg_opened *opened, const char *path);

/* The same, and opens what is found there as a raster, or as `flags` (GDAL_OF_...) say; no pipe, device or
 * socket, which would be waited for. */
void dg_opened_raster(dg_opened *opened, const char *path);
void dg_opened_as(dg_opened *opened, const char *path, unsigned flags);

/* Closes the dataset and gives the name back. The errors stay to be looked at. */
void dg_opened_end(dg_opened *opened);

/* Opens a raster where GDAL_DISABLE_READDIR_ON_OPEN kept GDAL from the names in its folder: it is told them, and so
 * finds side files whose names are in other letters than it asks for (a.HDR). NULL: it cannot, or was not kept. */
GDALDatasetH dg_open_listed(const char *name, unsigned flags, const char *const *drivers,
                            const char *const *open_options);

#endif
