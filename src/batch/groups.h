/* Groups of pieces that are done together; private to batch. */
#ifndef DG_GROUPS_H
#define DG_GROUPS_H

#include "fit.h"
#include "worker.h"

/* Pieces that lie side by side. */
typedef struct dg_group {
    const dg_piece **pieces;
    size_t count;
    bool is_stream; /* can be computed in one pass, as a raster that is cut into them */
} dg_group;

/* What passes over the pieces of one grid are: over some of the largest side by side. */
typedef struct dg_panel {
    const dg_batch *batch;
    dg_source *source; /* of the grid's largest blocks */
    const dg_piece *largest;
} dg_panel;

/* One of each grid. On failure there is nothing to close. */
demgrad_status dg_panels_open(const dg_batch *batch, dg_panel **panels, demgrad_error *error);
void dg_panels_close(const dg_batch *batch, dg_panel *panels);

/* How `count` pieces side by side fit in the memory that such a worker has; and a warning that one does not. */
demgrad_status dg_panel_fit(const dg_panel *panel, dg_worker *worker, size_t count, dg_fit *fit,
                            demgrad_error *error);
void dg_panel_warn(const dg_panel *panel, dg_worker *worker);

/* Groups the pieces of this part: by grids, by panels of columns as wide as a pass can be in a worker's
 * memory, and by rows, so that all workers have a few groups each. The caller frees the groups, their pieces
 * in one block with those of the first. NULL, and an error, where memory is short. */
dg_group *dg_groups_make(const dg_batch *batch, const dg_panel *panels, dg_worker *worker,
                         int workers, size_t *count, demgrad_error *error);
void dg_groups_free(dg_group *groups);

#endif
