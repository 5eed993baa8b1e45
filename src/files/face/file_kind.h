/* What a file beside rasters is, by the end of its name. */
#ifndef DG_FILE_KIND_H
#define DG_FILE_KIND_H

#include <stdbool.h>

typedef enum dg_file_kind {
    DG_FILE_RASTER, /* an input, also where it cannot be opened: all that is not in the table */
    DG_FILE_PART,   /* never an input: GDAL reads it with the raster that has its name */
    DG_FILE_SIDE,   /* never an input, even where GDAL would open it: it shows a raster or tells
                         of one */
    DG_FILE_OTHER,  /* an input only where GDAL knows a raster in it */
    DG_FILE_TEXT, /* an input only where it is a grid that begins with a header, such as Esri's ASCII
                         grids */
    DG_FILE_ARCHIVE,  /* the same, but a tile in it would be missed: it is named */
    DG_FILE_CONTAINER /* an input, unless it stands for rasters that are inputs themselves */
} dg_file_kind;

dg_file_kind dg_file_kind_of(const char *name);

/* Whether it is the ending of a part's name: all that follows the raster's. */
bool dg_file_is_part(const char *ending);

#endif
