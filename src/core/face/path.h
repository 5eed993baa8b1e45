/* Names of files, of any length: GDAL's own functions for them cut at 2,048 bytes. What is given is
 * freed with free(); NULL: out of memory. */
#ifndef DG_PATH_H
#define DG_PATH_H

#include <stdbool.h>

/* What follows the last slash; part of `path`. */
const char *dg_path_name(const char *path);

/* What is before it: "." where there is no slash, "/" for a name in the root. */
char *dg_path_folder(const char *path);

/* The name without its extension; a dot that it begins with is no extension's. */
char *dg_path_stem(const char *path);

/* A name in a folder. One that begins with a slash stands for itself. */
char *dg_path_join(const char *folder, const char *name);

/* The folder that names in a file count from, to GDAL: its own, or of a symbolic link that to which it leads. */
char *dg_path_base(const char *path);

/* Where `path` leads if it is a symbolic link, also where nothing is there; else a copy. */
char *dg_path_target(const char *path);

/* The open descriptor of this process that `path` is a name of, such as /dev/stdout or /proc/self/fd/3; -1: of
 * none. What is opened by such a name again is emptied, or read from its begin. */
int dg_path_descriptor(const char *path);

/* Whether GDAL takes it for a file that is not in the system's file tree: /vsimem/, /vsizip/ ... */
bool dg_path_is_virtual(const char *path);

#endif
