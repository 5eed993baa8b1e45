/* What GDAL makes of a path. */
#ifndef DG_HOLDS_RASTER_H
#define DG_HOLDS_RASTER_H

#include "memory.h"

#include <stdbool.h>

/* Whether there is anything. */
bool dg_is_there(const char *path);

/* Whether it is a folder, or a link to one. */
bool dg_is_folder(const char *path);

/* Whether GDAL knows a raster in the file or folder, if only a damaged one. */
bool dg_holds_raster(const char *path);

/* Whether the file is a text with a grid's header; points that could be a grid are none. */
bool dg_holds_text_grid(const char *path);

/* The places of the files that make up the raster; empty where it does not open. */
dg_list dg_raster_places(const char *raster);

#endif
