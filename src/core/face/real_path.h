/* Where a path leads, however it is written. */
#ifndef DG_REAL_PATH_H
#define DG_REAL_PATH_H

#include <stdbool.h>

/* The one absolute path of what is at `path`, without links, "." and ".."; in names of archives
 * ("/vsizip/tiles.zip/a.tif"), of the archive. Other names, of what is not there or not a file of this
 * machine, stay as they are. Freed with free(); NULL where memory is short. */
char *dg_real_path(const char *path);

/* Whether two paths lead to the same place. */
bool dg_is_same_path(const char *a, const char *b);

#endif
