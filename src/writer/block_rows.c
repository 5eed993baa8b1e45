#include "block_rows.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <string.h>

static int min_int(int a, int b) {
    return a < b ? a : b;
}

void dg_block_rows_init(dg_block_rows *rows, GDALDatasetH dataset) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    *rows = (dg_block_rows){.dataset = dataset,
                            .type = GDALGetRasterDataType(band),
                            .width = GDALGetRasterXSize(dataset),
                            .height = GDALGetRasterYSize(dataset),
                            .band_count = GDALGetRasterCount(dataset)};
    GDALGetBlockSize(band, &rows->block_width, &rows->block_height);
    rows->blocks_across = (rows->width - 1) / rows->block_width + 1;
    rows->block_bytes = (size_t)rows->block_width * (size_t)rows->block_height *
                        (size_t)GDALGetDataTypeSizeBytes(rows->type);
}

void dg_block_rows_free(dg_block_rows *rows) {
    VSIFree(rows->blocks);
    rows->blocks = NULL;
}

static size_t bytes_of_all(const dg_block_rows *r) {
    return r->block_bytes * (size_t)r->blocks_across * (size_t)r->band_count;
}

static char *block_at(const dg_block_rows *r, int band, int block) {
    return r->blocks + r->block_bytes * ((size_t)band * (size_t)r->blocks_across + (size_t)block);
}

static const char *pixel_row(const dg_pixels *p, int band, int row) {
    return p->first + band * p->band_bytes + row * p->row_bytes;
}

/* Copies the part of a row that belongs to a block to the block's row `row`. */
static void copy_row(const dg_block_rows *r, const char *from, GDALDataType type, int block,
                     char *to, int row) {
    const int from_size = GDALGetDataTypeSizeBytes(type);
    const int size = GDALGetDataTypeSizeBytes(r->type);
    const int col = block * r->block_width;
    GDALCopyWords(from + (ptrdiff_t)col * from_size, type, from_size,
                  to + (size_t)row * (size_t)r->block_width * (size_t)size, r->type, size,
                  min_int(r->block_width, r->width - col));
}

/* Keeps one row until its blocks are whole. */
static void keep_row(const dg_block_rows *r, const dg_pixels *p, int row) {
    for (int band = 0; band < r->band_count; band++) {
        for (int block = 0; block < r->blocks_across; block++)
            copy_row(r, pixel_row(p, band, row), p->type, block, block_at(r, band, block),
                     r->next_row % r->block_height);
    }
}

static CPLErr write_block(const dg_block_rows *r, int band, int block, char *pixels) {
    return GDALWriteBlock(GDALGetRasterBand(r->dataset, band + 1), block,
                          r->next_row / r->block_height, pixels);
}

/* Writes what was kept; next_row is still the last row of it. */
static CPLErr write_kept(const dg_block_rows *r) {
    for (int band = 0; band < r->band_count; band++) {
        for (int block = 0; block < r->blocks_across; block++) {
            const CPLErr result = write_block(r, band, block, block_at(r, band, block));
            if (result != CE_None)
                return result;
        }
    }
    return CE_None;
}

/* Writes a row of blocks whose `height` rows are all here: each block while the processor's cache
 * still has it. As with kept rows, what lies beyond the raster in its last blocks is 0. */
static CPLErr write_through(const dg_block_rows *r, const dg_pixels *p, int row, int height) {
    for (int band = 0; band < r->band_count; band++) {
        for (int block = 0; block < r->blocks_across; block++) {
            const bool is_whole =
                height == r->block_height && (int64_t)(block + 1) * r->block_width <= r->width;
            if (!is_whole)
                memset(r->blocks, 0, r->block_bytes);
            for (int i = 0; i < height; i++)
                copy_row(r, pixel_row(p, band, row + i), p->type, block, r->blocks, i);
            const CPLErr result = write_block(r, band, block, r->blocks);
            if (result != CE_None)
                return result;
        }
    }
    return CE_None;
}

static CPLErr make_room(dg_block_rows *r) {
    if (!r->blocks)
        r->blocks = VSIMalloc(bytes_of_all(r));
    if (r->blocks)
        return CE_None;
    CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for a row of blocks");
    return CE_Failure;
}

CPLErr dg_block_rows_add(dg_block_rows *rows, dg_window window, const dg_pixels *pixels) {
    dg_block_rows *r = rows;
    CPLErr result = CE_None;
    for (int row = 0; row < window.height && result == CE_None;) {
        const int height = min_int(r->block_height, r->height - r->next_row);
        const bool starts = r->next_row % r->block_height == 0;
        if (make_room(r) != CE_None)
            return CE_Failure;
        if (starts && height <= window.height - row) {
            result = write_through(r, pixels, row, height);
            row += height;
            r->next_row += height;
            continue;
        }
        if (starts)
            memset(r->blocks, 0, bytes_of_all(r));
        keep_row(r, pixels, row++);
        if ((r->next_row + 1) % r->block_height == 0 || r->next_row + 1 == r->height)
            result = write_kept(r);
        r->next_row++;
    }
    return result;
}
