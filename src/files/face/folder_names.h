/* What is in a folder. */
#ifndef DG_FOLDER_NAMES_H
#define DG_FOLDER_NAMES_H

#include "memory.h"

/* The names of all that is in a folder, sorted; but what goes by itself. */
dg_list dg_folder_names(const char *folder);

#endif
