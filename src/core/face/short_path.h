/* Names for GDAL: it cuts paths at 2,048 bytes, and then finds no files beside a raster, or others. The
 * kernel gives a folder that is open a short name, which lasts as long as it is open. */
#ifndef DG_SHORT_PATH_H
#define DG_SHORT_PATH_H

#include "fail.h"

#include <pthread.h>
#include <stdbool.h>

enum { DG_LONGEST_FOR_GDAL = 1500 }; /* bytes of a path to which GDAL may add names */

/* The folders that short names begin with, each open once. */
typedef struct dg_short_paths {
    pthread_mutex_t lock;
    struct dg_open_folder *first;
    char *own; /* the name of dg_short_paths_open */
} dg_short_paths;

void dg_short_paths_init(dg_short_paths *paths);

/* Closes the folders: their names are good for nothing then. */
void dg_short_paths_close(dg_short_paths *paths);

/* What GDAL is to call `path`, which may be any name that it takes, such as one in an archive: a copy,
 * where that is short enough or leads nowhere. *name is to be freed with free(). Fails where memory or
 * descriptors are short, or the system takes no such path. Safe from several threads. */
demgrad_status dg_short_path(dg_short_paths *paths, const char *path, char **name,
                             demgrad_error *error);

/* For the opening of one file: initialises *paths, and gives the name, which lasts until they are closed;
 * `path` itself where there is none, so that its opening fails. */
const char *dg_short_paths_open(dg_short_paths *paths, const char *path);

/* The short name of an open folder. NULL: out of memory, or (*has_proc false) there is no /proc. */
char *dg_short_folder(int folder, bool *has_proc);

#endif
