/* Groups of pieces that are done together; private to batch. */
#ifndef DG_GROUPS_H
#define DG_GROUPS_H

#include "plan_batch.h"

/* Pieces that lie side by side. */
typedef struct dg_group {
    const dg_piece **pieces;
    size_t count;
    bool is_stream; /* can be computed in one pass, as a raster that is cut into them */
} dg_group;

/* Groups the pieces of this part: by panels of columns as wide as a pass can be in `memory` bytes,
 * and by rows, so that `workers` have a few groups each. The caller frees the groups, their pieces
 * in one block with those of the first. NULL, and an error, where memory is short. */
dg_group *dg_groups_make(const dg_batch *batch, int64_t memory, int workers, size_t *count,
                         demgrad_error *error);
void dg_groups_free(dg_group *groups);

#endif
