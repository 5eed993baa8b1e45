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

/* Shares one row of one band out to the blocks. */
static void add_row(const dg_block_rows *r, int band, const char *row, GDALDataType type) {
    const int from_size = GDALGetDataTypeSizeBytes(type);
    const int size = GDALGetDataTypeSizeBytes(r->type);
    const size_t offset =
        (size_t)(r->next_row % r->block_height) * (size_t)r->block_width * (size_t)size;
    for (int block = 0; block < r->blocks_across; block++) {
        const int col = block * r->block_width;
        GDALCopyWords(row + (ptrdiff_t)col * from_size, type, from_size,
                      block_at(r, band, block) + offset, r->type, size,
                      min_int(r->block_width, r->width - col));
    }
}

static CPLErr write_blocks(const dg_block_rows *r) {
    const int block_row = (r->next_row - 1) / r->block_height;
    for (int band = 0; band < r->band_count; band++) {
        for (int block = 0; block < r->blocks_across; block++) {
            const CPLErr result = GDALWriteBlock(GDALGetRasterBand(r->dataset, band + 1), block,
                                                 block_row, block_at(r, band, block));
            if (result != CE_None)
                return result;
        }
    }
    return CE_None;
}

/* What lies beyond the raster in its last blocks is 0. */
static CPLErr start_blocks(dg_block_rows *r) {
    if (!r->blocks)
        r->blocks = VSICalloc(1, bytes_of_all(r));
    else if (r->next_row + r->block_height > r->height)
        memset(r->blocks, 0, bytes_of_all(r));
    if (r->blocks)
        return CE_None;
    CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for a row of blocks");
    return CE_Failure;
}

CPLErr dg_block_rows_add(dg_block_rows *rows, dg_window window, const dg_pixels *pixels) {
    CPLErr result = CE_None;
    for (int i = 0; i < window.height && result == CE_None; i++) {
        if (rows->next_row % rows->block_height == 0)
            result = start_blocks(rows);
        for (int band = 0; band < rows->band_count && result == CE_None; band++)
            add_row(rows, band, pixels->first + band * pixels->band_bytes + i * pixels->row_bytes,
                    pixels->type);
        rows->next_row++;
        if (result == CE_None &&
            (rows->next_row % rows->block_height == 0 || rows->next_row == rows->height))
            result = write_blocks(rows);
    }
    return result;
}
