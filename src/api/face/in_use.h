/* Files that no output of a run replaces; private to the api and to what is built on it. */
#ifndef DG_IN_USE_H
#define DG_IN_USE_H

#include "fail.h"
#include "file_set.h"

#include <demgrad/raster.h>

/* Adds to those of the inputs what the options say was read and will be written. Fails where something that
 * will be written is in use already. */
demgrad_status dg_in_use_add(dg_file_set *in_use, const demgrad_raster_options *options,
                             demgrad_error *error);

#endif
