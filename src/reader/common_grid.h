/* The grids that tiles of a catalog share; private to the reader. */
#ifndef DG_COMMON_GRID_H
#define DG_COMMON_GRID_H

#include "catalog.h"

/* Finds them, places the tiles on them, and says what the tiles on each have in common; one that is off the
 * first grid gets its problem. */
demgrad_status dg_common_grids_find(dg_catalog *catalog, demgrad_error *error);

/* Why a tile cannot be used, or is not on the grid. */
void dg_tile_keep_problem(dg_catalog *catalog, dg_tile *tile, const demgrad_error *problem);

#endif
