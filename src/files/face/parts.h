/* The files beside a raster that GDAL reads with it. */
#ifndef DG_PARTS_H
#define DG_PARTS_H

#include "fail.h"
#include "memory.h"

#include <gdal.h>

/* Whether `name` is what GDAL takes for a part of any raster called `own` (own.aux.xml): of no other. */
bool dg_parts_are_named(const char *name, const char *own);

/* Adds those names to the list. */
void dg_parts_add_named(dg_list *names, const char *own);

/* Adds the names of the files in the folder of the raster at `path` that GDAL lists for it and that have its
 * stem, but for its own, and for rasters of their own such as a VRT's. None where it cannot be opened. */
demgrad_status dg_parts_list(const char *path, dg_list *names, demgrad_error *error);

/* Adds the names of files that are there and that the driver, or other programs, would read with a
 * raster of its at `path`, though it does not list them. */
demgrad_status dg_parts_add_unlisted(const char *path, GDALDriverH driver, dg_list *names,
                                     demgrad_error *error);

/* Gives the path of a file beside the raster at `path`, with its stem but none of `parts`, that has the part
 * `part` too; NULL: there is none. To be freed with free(). */
demgrad_status dg_parts_find_sharer(const char *path, const char *part, const dg_list *parts,
                                    char **sharer, demgrad_error *error);

#endif
