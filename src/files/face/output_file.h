/* Outputs as files that are there: whose they are, whether they are whole, and how they go. */
#ifndef DG_OUTPUT_FILE_H
#define DG_OUTPUT_FILE_H

#include "fail.h"
#include "file_set.h"
#include "grid.h"

#include <stdbool.h>

/* What is found under an output's name. */
typedef struct dg_output_found {
    /* Its metadata items of marks.h; "" where it is no raster, or has none. */
    char *fingerprint, *origin;
    bool is_whole; /* see dg_output_examine */
    char *crs;     /* WKT, likewise; "": none */
} dg_output_found;

/* Looks at it, but not whether it is whole. Fails for want of memory only. *found is to be freed, also then. */
demgrad_status dg_output_look(const char *path, dg_output_found *found, demgrad_error *error);

/* What an output would be made with. */
typedef struct dg_output_wanted {
    const dg_grid *grid;
    int band_count;
    double nodata;
    const char *const *creation_options;
} dg_output_wanted;

/* The same, and whether it opens, has all its blocks within the file, and its first and last ones can
 * be read: a file that was cut short, or whose last write was lost, keeps its header. Neither is it
 * whole where its bands, its place or, of a GTiff, its nodata value or its scale were changed since. */
demgrad_status dg_output_examine(const char *path, const dg_output_wanted *wanted,
                                 dg_output_found *found, demgrad_error *error);
void dg_output_found_free(dg_output_found *found);

/* An is_own of publish.h: whether a batch made the file, as its metadata say; whatever of. Neither is
 * anything lost with what a crash left of one: an empty file, the mere header of a TIFF, a TIFF that GDAL
 * cannot open or complains of but has those metadata in it, a name that was reserved. */
bool dg_output_is_batchs(const char *path, const char *origin);

/* Removes an output and, before it, the files beside it that GDAL has for its parts; but nothing in `in_use`,
 * and no links. */
demgrad_status dg_output_remove(const char *path, const dg_file_set *in_use, demgrad_error *error);

/* The file name extension of a format (NULL: GTiff), such as "tif"; "dat" where it has none or is not
 * known. Static. */
const char *dg_output_extension(const char *format);

#endif
