/* Which file an output was made of; private to batch. */
#ifndef DG_ORIGIN_H
#define DG_ORIGIN_H

#include "fail.h"
#include "marks.h"

#include <stdbool.h>

/* Gives "KEY=VALUE" for the input at `path`, to be freed with free(); NULL where that is no file of this
 * machine. Fails for want of memory only. */
demgrad_status dg_origin_item(const char *path, char **item, demgrad_error *error);

/* Makes the path of that item's value, in place. */
void dg_origin_decode(char *value);

/* Whether a file is at `origin` that is not the one that `path` leads to. */
bool dg_origin_is_other(const char *origin, const char *path);

#endif
