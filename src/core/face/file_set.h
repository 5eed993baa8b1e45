/* A set of files, each known by its device and number on it: whatever names and links lead to it. */
#ifndef DG_FILE_SET_H
#define DG_FILE_SET_H

#include "fail.h"

#include <stdbool.h>

typedef struct dg_file_set dg_file_set;

/* NULL: out of memory. */
dg_file_set *dg_file_set_new(void);
void dg_file_set_free(dg_file_set *set);

/* Adds what is at `path`, links followed; a folder stands for the files in it. `label` is what messages
 * call it, such as the input that it is of. Nothing is added where there is nothing. A path of GDAL's
 * (/vsimem/...) is known by its text. false: out of memory. */
bool dg_file_set_add(dg_file_set *set, const char *path, const char *label);

/* The same for a file that is read from now on. */
bool dg_file_set_watch(dg_file_set *set, const char *path, const char *label);

/* Fails where one of those is not any more what it was: what was read may be of both. One that is gone was read
 * while it was open. */
demgrad_status dg_file_set_check(const dg_file_set *set, demgrad_error *error);

/* Like dg_file_set_add, for a file that need not be there yet: its folder and its name stand for it too. */
bool dg_file_set_add_future(dg_file_set *set, const char *path, const char *label);

/* Gives the label of what `path` leads to, or of what a file that is there describes by GDAL's names
 * (x.tif.aux.xml describes x.tif); NULL where that is not in the set. Safe from several threads, while
 * nothing is added. */
demgrad_status dg_file_set_find(const dg_file_set *set, const char *path, const char **label,
                                demgrad_error *error);

/* Whether exactly the file at `path` was added. */
bool dg_file_set_has(const dg_file_set *set, const char *path);

#endif
