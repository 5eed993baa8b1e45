/* Outputs whose inputs are gone; private to batch. */
#ifndef DG_ORPHANS_H
#define DG_ORPHANS_H

#include "plan_batch.h"

/* Whether a file of this name may be an output of a batch, or was one: what it has inside tells. */
bool dg_orphans_is_output_name(const char *name);

/* Looks in the folder of the outputs for those that a batch made under the names that they have, and
 * that no input has any more: it is gone, or its outputs have other names now. Those of other inputs,
 * which a batch of its own made, are none. Warns of them, or removes them where the options say so;
 * tells and counts each. Only the first part of a batch does. */
demgrad_status dg_orphans_tell(const dg_batch *batch, demgrad_batch_result *result,
                               demgrad_error *error);

#endif
