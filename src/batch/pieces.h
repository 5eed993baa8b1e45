/* The pieces of a batch: one for each output; private to batch. */
#ifndef DG_PIECES_H
#define DG_PIECES_H

#include "tile_index.h"

#include <demgrad/batch.h>

/* Of the grid of a tile that is on none of the common grids. */
#define DG_ALONE SIZE_MAX

typedef struct dg_piece {
    size_t tile;      /* the number of the input that it is of */
    size_t common;    /* the number of the grid that the tile is on, or DG_ALONE */
    dg_window window; /* of that grid; of the tile itself where it is alone */
    dg_grid grid;     /* of the output */
    char *output;
} dg_piece;

typedef struct dg_pieces {
    const dg_inputs *inputs;
    dg_piece *list; /* grid by grid in the order of their places, from the top */
    size_t count;
    dg_tile_index *index;
} dg_pieces;

/* Lays out the pieces. Two with one output are an error. */
demgrad_status dg_pieces_make(const dg_inputs *inputs, const demgrad_batch_options *options,
                              dg_pieces **pieces, demgrad_error *error);
void dg_pieces_free(dg_pieces *pieces);

/* The grid that a piece is on; NULL: its tile is alone. */
const dg_inputs_grid *dg_pieces_grid(const dg_pieces *pieces, const dg_piece *piece);

/* Where the pixels that a piece of a grid takes are: around it, and also by a turn round the globe. How many
 * windows that are. */
int dg_pieces_reaches(const dg_pieces *pieces, const dg_piece *piece, dg_window reaches[3]);

/* The tiles whose pixels a piece takes: its own, which is the last, and those within the reach of a
 * stencil, as indices in the inputs' order. The caller frees *tiles. */
demgrad_status dg_pieces_tiles(const dg_pieces *pieces, const dg_piece *piece, size_t **tiles,
                               size_t *count, demgrad_error *error);

#endif
