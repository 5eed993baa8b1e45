/* Which inputs lie within a window; private to batch. */
#ifndef DG_TILE_INDEX_H
#define DG_TILE_INDEX_H

#include "inputs.h"

typedef struct dg_tile_index dg_tile_index;

/* Of the tiles that are on common grids. NULL, and an error, where memory is short. */
dg_tile_index *dg_tile_index_new(const dg_inputs *inputs, demgrad_error *error);
void dg_tile_index_free(dg_tile_index *index);

/* Writes the tiles that have a pixel in `window` of the grid number `common` to `tiles`, which has room for
 * them, in any order; NULL: counts them only. Returns how many there are. */
size_t dg_tile_index_find(const dg_tile_index *index, size_t common, dg_window window,
                          size_t *tiles);

/* Sorts tiles, and drops what is there twice; how many are left. */
size_t dg_tiles_sort(size_t *tiles, size_t count);

#endif
