/* Names of inputs from folders, lists and tile indexes. */
#ifndef DG_EXPAND_H
#define DG_EXPAND_H

#include "fail.h"

#include <stdbool.h>

/* Adds what `name` stands for to the NULL-terminated *paths (freed with CSLDestroy): the rasters of
 * a folder, the lines of the text file after "@", the entries of a tile index, or `name` itself.
 * `skip` leaves out a file of a folder; it may be NULL. */
demgrad_status dg_expand(const char *name, bool (*skip)(const char *path, void *user), void *user,
                         char ***paths, demgrad_error *error);

/* A metadata item of the raster at `path`; NULL where there is no such raster or item. Freed with
 * CPLFree. *is_whole (NULL: not asked for) tells whether the raster opens and, where it is a GeoTIFF,
 * is as long as its blocks need: a file that was cut short keeps its header. */
char *dg_raster_item(const char *path, const char *key, bool *is_whole);

#endif
