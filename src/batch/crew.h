/* Does the pieces of a batch; private to it. */
#ifndef DG_CREW_H
#define DG_CREW_H

#include "plan_batch.h"

/* Makes the pieces of this part, tells of each and counts them in *result. Fails when one failed,
 * after all were tried. */
demgrad_status dg_crew_run(dg_batch *batch, demgrad_batch_result *result, demgrad_error *error);

#endif
