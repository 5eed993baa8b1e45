/* Where inputs overlap; private to batch. */
#ifndef DG_OVERLAP_H
#define DG_OVERLAP_H

#include "plan_batch.h"

/* Compares the inputs of this part's pieces with those of a higher index that they overlap, and
 * tells the caller of pairs that disagree. Fails where the caller wants it to end, and where memory is
 * short. */
demgrad_status dg_overlap_compare(const dg_batch *batch, demgrad_error *error);

#endif
