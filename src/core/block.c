#include "block.h"

#include <assert.h>
#include <math.h>

void *dg_block_row(const dg_block *block, int band, int row) {
    const ptrdiff_t elements = band * block->band_stride + row * block->row_stride;
    return (char *)block->first + elements * (ptrdiff_t)dg_type_size(block->type);
}

dg_block dg_block_part(const dg_block *block, dg_window part) {
    const int col = part.col - block->window.col, row = part.row - block->window.row;
    assert(col >= 0 && col + part.width <= block->window.width);
    assert(row >= 0 && row + part.height <= block->window.height);
    dg_block same = *block;
    same.first = (char *)dg_block_row(block, 0, row) + (size_t)col * dg_type_size(block->type);
    same.window = part;
    return same;
}

static void clear_floats(float *z, int n) {
    for (int i = 0; i < n; i++)
        z[i] = NAN;
}

static void clear_doubles(double *z, int n) {
    for (int i = 0; i < n; i++)
        z[i] = (double)NAN;
}

void dg_block_clear(const dg_block *block) {
    assert(block->type != DG_BYTE);
    for (int i = 0; i < block->window.height; i++) {
        void *row = dg_block_row(block, 0, i);
        if (block->type == DG_DOUBLE)
            clear_doubles(row, block->window.width);
        else
            clear_floats(row, block->window.width);
    }
}
