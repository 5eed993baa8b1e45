/* What is in a folder. */
#ifndef DG_FOLDER_NAMES_H
#define DG_FOLDER_NAMES_H

#include "fail.h"
#include "memory.h"

#include <stdbool.h>

/* The names of all that is in a folder, sorted; but what goes by itself. */
dg_list dg_folder_names(const char *folder);

/* Fails where there was no memory for them, or where there are none, although `output` is among them: GDAL
 * does not tell a folder that cannot be read from an empty one. */
demgrad_status dg_folder_names_check(const dg_list *names, const char *output,
                                     demgrad_error *error);

/* Whether a name is the stem, in whatever letters, with or without a suffix: GDAL takes such files for parts of one
 * another. */
bool dg_has_stem(const char *name, const char *stem);

/* Whether the folder has another file than `names` that has the stem; so, too, where it is too large to be worth the look, or shows nothing. */
bool dg_folder_may_have_more(const char *folder, const char *stem, char *const *names);

#endif
