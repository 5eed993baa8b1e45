/* Which file an output was made of; private to batch. */
#ifndef DG_ORIGIN_H
#define DG_ORIGIN_H

#include "fail.h"

/* The metadata item that says so: the one path of the file, with %XX as in an address. */
#define DG_ORIGIN_KEY "DEMGRAD_INPUT"

/* Gives "KEY=VALUE" for the input at `path`, to be freed with free(); NULL where that is no file of this
 * machine. Fails for want of memory only. */
demgrad_status dg_origin_item(const char *path, char **item, demgrad_error *error);

/* Makes the path of an item's value, in place. */
void dg_origin_decode(char *value);

#endif
