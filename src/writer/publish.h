/* Temporary names and renames; private to the writer. */
#ifndef DG_PUBLISH_H
#define DG_PUBLISH_H

#include "fail.h"

#include <stdbool.h>

/* Checks that something may be written to `path`: its folder is there, nothing is in the way. */
demgrad_status dg_publish_check(const char *path, bool overwrite, demgrad_error *error);

/* A name beside `path` that no other process uses, with the same extension, such as
 * "DIR/.demgrad-PID-N-HOST-NAME". The caller frees it with CPLFree. */
char *dg_publish_temporary(const char *path);

/* Gives the `files` of the closed dataset `temporary`, which are it and its sidecars, the name
 * `path` and its like. Sidecars of a file that is replaced go. */
demgrad_status dg_publish(const char *temporary, char **files, const char *path, bool sync,
                          demgrad_error *error);

/* Removes `files`, as far as they exist. NULL is allowed. */
void dg_publish_discard(char **files);

#endif
