/* Where a path leads, however it is written. */
#ifndef DG_REAL_PATH_H
#define DG_REAL_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Whether GDAL takes the name for that of a file or folder, and not for one with more in it:
 * "/vsizip/tiles.zip/a.tif", "NETCDF:\"a.nc\":z". */
bool dg_is_plain_path(const char *name);

/* The file or folder of this machine that is named in a name: the whole of a plain one, whether it is there
 * or not; of others the part that is there. Length 0: none. */
typedef struct dg_named_file {
    size_t begin, length;
} dg_named_file;

dg_named_file dg_find_named_file(const char *name);

/* The one absolute path of what is at `path`, without links, "." and ".."; in other names, of the file that
 * is named in them. Names of what is not there or not of this machine stay as they are. Freed with free();
 * NULL where memory is short. */
char *dg_real_path(const char *path);

/* Whether two paths lead to the same place. */
bool dg_is_same_path(const char *a, const char *b);

#endif
