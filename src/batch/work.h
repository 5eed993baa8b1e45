/* Does the pieces of a batch; private to batch. */
#ifndef DG_WORK_H
#define DG_WORK_H

#include "fingerprint.h"
#include "plan_batch.h"

/* Makes the `count` pieces, tells of each and counts them in *result. Fails when one failed, after
 * all were tried. */
demgrad_status dg_work(const dg_batch *batch, const dg_piece **todo, size_t count,
                       demgrad_batch_result *result, demgrad_error *error);

#endif
