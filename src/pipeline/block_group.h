/* A group: the pixels that are computed at a time, from the ring's rows into a slot. There they
 * lie as they are written, block after block of the output; private to the pipeline.
 *
 * A slot is an array [block row][block column][band][row][column]; blocks at the right and the lower
 * edge are smaller and as tightly packed. */
#ifndef DG_BLOCK_GROUP_H
#define DG_BLOCK_GROUP_H

#include "pipeline.h"
#include "ring.h"

typedef struct dg_block_group {
    dg_window window;              /* of the source's grid */
    int block_width, block_height; /* from the window's corner on */
    char *slot;
    dg_watch *watches; /* the calling thread's */
} dg_block_group;

/* Computes all pixels. The rows of the window and its halo must be in the ring; `metric` and
 * `workspace` are the calling thread's. */
demgrad_status dg_block_group_compute(const dg_block_group *group, const dg_pipeline *job,
                                      const dg_ring *ring, dg_metric_rows *metric,
                                      dg_workspace *workspace, demgrad_error *error);

/* Hands the blocks to the sink in their order. */
demgrad_status dg_block_group_write(const dg_block_group *group, const dg_pipeline *job,
                                    demgrad_error *error);

#endif
