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

/* Copies the part of a row of pixels that belongs to a block to the block's row `row`. The pixels
 * begin at column `first_col`. */
static void copy_row(const dg_block_rows *r, const char *from, GDALDataType type, int first_col,
                     int block, char *to, int row) {
    const int from_size = GDALGetDataTypeSizeBytes(type);
    const int size = GDALGetDataTypeSizeBytes(r->type);
    const int col = block * r->block_width;
    GDALCopyWords(from + (ptrdiff_t)(col - first_col) * from_size, type, from_size,
                  to + (size_t)row * (size_t)r->block_width * (size_t)size, r->type, size,
                  min_int(r->block_width, r->width - col));
}

/* Keeps one row until its blocks are whole. */
static void keep_row(const dg_block_rows *r, const dg_pixels *p, int row) {
    for (int band = 0; band < r->band_count; band++) {
        for (int block = 0; block < r->blocks_across; block++)
            copy_row(r, pixel_row(p, band, row), p->type, 0, block, block_at(r, band, block),
                     r->next_row % r->block_height);
    }
}

static CPLErr write_block(const dg_block_rows *r, int band, int block, char *pixels) {
    return GDALWriteBlock(GDALGetRasterBand(r->dataset, band + 1), block,
                          r->next_row / r->block_height, pixels);
}

/* Writes what was kept; next_row is still the last row of it. */
static CPLErr write_kept(const dg_block_rows *r) {
    CPLErr result = CE_None;
    for (int block = 0; block < r->blocks_across; block++) {
        for (int band = 0; band < r->band_count && result == CE_None; band++)
            result = write_block(r, band, block, block_at(r, band, block));
    }
    return result;
}

/* Whether a band's pixels are a block just as the file has it, to be written from where they are. */
static bool is_packed(const dg_block_rows *r, dg_window w, const dg_pixels *p) {
    return p->type == r->type && w.width == r->block_width && w.height == r->block_height &&
           p->row_bytes == (ptrdiff_t)r->block_width * GDALGetDataTypeSizeBytes(r->type);
}

/* Writes one block of the row of blocks at next_row; its `height` rows begin at the window's row
 * `row`. As with kept rows, what lies beyond the raster is 0. */
static CPLErr write_through(const dg_block_rows *r, dg_window window, const dg_pixels *p, int row,
                            int height, int band, int block) {
    if (is_packed(r, window, p))
        return write_block(r, band, block, (char *)pixel_row(p, band, row));
    if (height < r->block_height || (int64_t)(block + 1) * r->block_width > r->width)
        memset(r->blocks, 0, r->block_bytes);
    for (int i = 0; i < height; i++)
        copy_row(r, pixel_row(p, band, row + i), p->type, window.col, block, r->blocks, i);
    return write_block(r, band, block, r->blocks);
}

/* Writes the blocks of the row of blocks at next_row that the window has, each while the processor's
 * cache still holds it. */
static CPLErr write_all_through(const dg_block_rows *r, dg_window window, const dg_pixels *p,
                                int row, int height) {
    const int first = window.col / r->block_width;
    const int end = (window.col + window.width - 1) / r->block_width + 1;
    CPLErr result = CE_None;
    for (int i = 0; i < (end - first) * r->band_count && result == CE_None; i++)
        result =
            write_through(r, window, p, row, height, i % r->band_count, first + i / r->band_count);
    return result;
}

static CPLErr make_room(dg_block_rows *r) {
    if (!r->blocks)
        r->blocks = VSIMalloc(bytes_of_all(r));
    if (r->blocks)
        return CE_None;
    CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for a row of blocks");
    return CE_Failure;
}

bool dg_block_rows_take(const dg_block_rows *r, dg_window w) {
    const bool ends = w.col + w.width == r->width;
    const bool has_whole_columns =
        w.col % r->block_width == 0 && (ends || w.width % r->block_width == 0);
    const bool has_whole_rows = r->next_row % r->block_height == 0 &&
                                w.height == min_int(r->block_height, r->height - r->next_row);
    return w.row == r->next_row && has_whole_columns && (has_whole_rows || (w.col == 0 && ends));
}

CPLErr dg_block_rows_add(dg_block_rows *rows, dg_window window, const dg_pixels *pixels) {
    dg_block_rows *r = rows;
    const bool ends = window.col + window.width == r->width;
    CPLErr result = make_room(r);
    for (int row = 0; row < window.height && result == CE_None;) {
        const int height = min_int(r->block_height, r->height - r->next_row);
        const bool starts = r->next_row % r->block_height == 0;
        if (starts && height <= window.height - row) {
            result = write_all_through(r, window, pixels, row, height);
            row += height;
            r->next_row += ends ? height : 0;
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
