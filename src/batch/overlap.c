#include "overlap.h"

#include <stdlib.h>

static demgrad_status compare_pair(const dg_batch *b, size_t tile, size_t other, int shift,
                                   demgrad_error *error) {
    const dg_inputs *in = &b->inputs;
    double largest;
    int64_t pixels;
    const demgrad_status status =
        dg_inputs_compare(in, tile, other, shift, &largest, &pixels, error);
    if (!status && pixels > 0)
        b->options->overlap_told(dg_inputs_get(in, tile).path, dg_inputs_get(in, other).path,
                                 largest, pixels, b->options->user);
    return status;
}

/* A tile that is cut has several pieces; the one at its corner stands for it. */
static bool is_first_of_tile(const dg_batch *b, const dg_piece *piece) {
    const dg_input tile = dg_batch_input(b, piece);
    return piece->common != DG_ALONE && piece->window.col == tile.window.col &&
           piece->window.row == tile.window.row;
}

static demgrad_status compare_tile(const dg_batch *b, size_t tile, demgrad_error *error) {
    const dg_input input = dg_inputs_get(&b->inputs, tile);
    const dg_piece whole = {.tile = tile, .common = input.common, .window = input.window};
    const int wrap = b->inputs.grids[input.common].wrap;
    size_t *tiles, n;
    demgrad_status status = dg_pieces_tiles(b->pieces, &whole, &tiles, &n, error);
    if (status)
        return status;
    for (size_t j = 0; j + 1 < n; j++) {
        if (tiles[j] < tile)
            continue;
        for (int turn = -1; turn <= 1 && !status; turn++) {
            if (turn == 0 || wrap > 0)
                status = compare_pair(b, tile, tiles[j], turn * wrap, error);
        }
    }
    free(tiles);
    /* A raster that spans more than the globe overlaps itself. */
    if (wrap > 0 && whole.window.width > wrap && !status)
        status = compare_pair(b, tile, tile, wrap, error);
    return status;
}

demgrad_status dg_overlap_compare(const dg_batch *batch, demgrad_error *error) {
    const demgrad_batch_options *o = batch->options;
    demgrad_status status = DEMGRAD_OK;
    size_t i = o->overlap_told ? (size_t)o->part_index : batch->pieces->count;
    for (; i < batch->pieces->count && !status; i += (size_t)o->part_count) {
        const dg_piece *piece = &batch->pieces->list[i];
        if (is_first_of_tile(batch, piece))
            status = compare_tile(batch, piece->tile, error);
    }
    return status;
}
