/* Temporary places and renames; private to the writer. */
#ifndef DG_PUBLISH_H
#define DG_PUBLISH_H

#include "fail.h"

#include <stdbool.h>

/* Checks that something may be written to `path`: its folder is there, nothing is in the way. */
demgrad_status dg_publish_check(const char *path, bool overwrite, demgrad_error *error);

/* Where `path` leads, if it is a symbolic link; else `path`. The caller frees it with CPLFree. */
char *dg_publish_target(const char *path);

/* A path beside `path` that no other process uses, ".demgrad-PID-N-HOST" (freed with CPLFree). */
char *dg_publish_name(const char *path);

/* Makes a folder of such a name, and gives in *temporary the name that `path` has in it (freed with
 * CPLFree). */
demgrad_status dg_publish_temporary(const char *path, char **temporary, demgrad_error *error);

/* Moves the closed dataset `temporary` with its sidecars, which is all that is in its folder, to
 * `path`, and removes the folder. Sidecars of a file that is replaced go. */
demgrad_status dg_publish(const char *temporary, const char *path, bool sync, demgrad_error *error);

/* Removes the folder of `temporary` with all that is in it. */
void dg_publish_discard(const char *temporary);

#endif
