/* What is in a folder. */
#ifndef DG_FOLDER_NAMES_H
#define DG_FOLDER_NAMES_H

#include "fail.h"
#include "memory.h"

/* The names of all that is in a folder, sorted; but what goes by itself. */
dg_list dg_folder_names(const char *folder);

/* Fails where there was no memory for them, or where there are none, although `output` is among them: GDAL
 * does not tell a folder that cannot be read from an empty one. */
demgrad_status dg_folder_names_check(const dg_list *names, const char *output,
                                     demgrad_error *error);

#endif
