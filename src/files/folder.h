/* The rasters of a folder; private to files. */
#ifndef DG_FOLDER_H
#define DG_FOLDER_H

#include "expand.h"
#include "name_filter.h"

/* Adds to *paths what in `folder` is meant as an input: what GDAL knows a raster in, folders too (Zarr,
 * Arc/Info grids), and what it cannot open, which then fails under its name. Not meant are side files,
 * documents and vector files; see dg_file_kind. */
demgrad_status dg_folder_expand(const char *folder, const dg_expand_options *options,
                                const dg_name_filter *filter, dg_list *paths, demgrad_error *error);

#endif
