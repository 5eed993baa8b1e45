/* The files that a driver writes beside an output's own; private to the writer. */
#ifndef DG_SIDE_FILES_H
#define DG_SIDE_FILES_H

#include "memory.h"

/* NULL where each file of the folder is whole as far as can be told, and those `expected`
 * are there; else which is not, to be freed with dg_fault_free. */
char *dg_side_files_fault(const char *folder, const dg_list *expected);

#endif
