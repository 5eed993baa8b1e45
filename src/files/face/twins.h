/* Names that a folder takes for one. */
#ifndef DG_TWINS_H
#define DG_TWINS_H

#include "fail.h"

#include <stdbool.h>
#include <stddef.h>

/* Looks for two of `paths`, which are in one folder or will be, that have one place: they are the same, or the
 * folder's file system does not tell their letters apart, as some take capitals and small letters for the same.
 * Which do is tried with empty files in a temporary folder there, if any names are so near; where none can be made
 * they count as different. `pair` gets the indices of the first two, the lower one first. */
demgrad_status dg_twins_find(const char *const *paths, size_t count, size_t pair[2], bool *found,
                             demgrad_error *error);

#endif
