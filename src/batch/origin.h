/* Which input an output was made of; private to batch. */
#ifndef DG_ORIGIN_H
#define DG_ORIGIN_H

#include "fail.h"
#include "marks.h"

#include <stdbool.h>

/* Gives "KEY=VALUE" for the input at `path`, to be freed with free(); NULL where it is none that can be found
 * again: of memory, a stream, a text. What a server is told of who asks is not in it. Fails for want of memory
 * only. */
demgrad_status dg_origin_item(const char *path, char **item, demgrad_error *error);

/* Makes the origin of that item's value, in place. */
void dg_origin_decode(char *value);

/* The origin of the input at `path` without that; freed with free(). NULL: out of memory. */
char *dg_origin_place(const char *path);

/* *is: an input is at `origin`, or may be on a server, that is not the one at `path`. */
demgrad_status dg_origin_is_other(const char *origin, const char *path, bool *is,
                                  demgrad_error *error);

/* An is_own of publish.h: what a batch made of the input whose item this is, or of one that is not there any
 * more. Another batch may have taken the name since this one looked, or one whose names have other capitals. */
bool dg_origin_may_replace(const char *path, const char *item);

#endif
