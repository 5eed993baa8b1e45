/* The grid that most tiles of a catalog are on; private to the reader. */
#ifndef DG_COMMON_GRID_H
#define DG_COMMON_GRID_H

#include "catalog.h"

/* Finds it, places the tiles on it, and says what those have in common; one that is off it gets its problem. */
demgrad_status dg_common_grid_find(dg_catalog *catalog, demgrad_error *error);

/* Why a tile cannot be used, or is not on the grid. */
void dg_tile_keep_problem(dg_catalog *catalog, dg_tile *tile, const demgrad_error *problem);

#endif
