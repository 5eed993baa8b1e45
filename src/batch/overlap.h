/* Where inputs overlap; private to batch. */
#ifndef DG_OVERLAP_H
#define DG_OVERLAP_H

#include "plan_batch.h"

/* Whether the part of the tile within `window` of the grid can be read. */
bool dg_overlap_is_readable(const dg_catalog *catalog, size_t tile, dg_window window);

/* Compares the inputs of this part's pieces with those of a higher index that they overlap, and
 * tells the caller of pairs that disagree. Fails only where the caller wants it to end. */
demgrad_status dg_overlap_compare(const dg_batch *batch, demgrad_error *error);

#endif
