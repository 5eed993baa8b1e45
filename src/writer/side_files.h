/* The files that a driver writes beside an output's own; private to the writer. */
#ifndef DG_SIDE_FILES_H
#define DG_SIDE_FILES_H

#include "memory.h"

/* NULL where each of the `files` in the folder is whole as far as can be told, and those `expected` are among
 * them; else which is not, to be freed with dg_fault_free. */
char *dg_side_files_fault(const char *folder, const dg_list *files, const dg_list *expected);

#endif
