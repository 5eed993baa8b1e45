/* Where outputs get their temporary folders from, and where these go; private to files. */
#ifndef DG_PLACES_H
#define DG_PLACES_H

#include "publish.h"
#include "workplace.h"

/* Gives one that waits for an output in `parent`, or makes one; see dg_workplace_make. `places` may be NULL. */
demgrad_status dg_places_take(dg_places *places, const char *parent, const char *output,
                              dg_workplace *place, demgrad_error *error);

/* Empties it, for the next one; or removes it. */
void dg_places_give(dg_places *places, dg_workplace *place);

#endif
