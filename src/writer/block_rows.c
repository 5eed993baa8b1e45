#include "block_rows.h"

#include "gdal_type.h"
#include "integers.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <string.h>

static bool keeps_bands_apart(GDALDatasetH dataset) {
    const char *interleave = GDALGetMetadataItem(dataset, "INTERLEAVE", "IMAGE_STRUCTURE");
    return !interleave || EQUAL(interleave, "BAND");
}

/* Where bands lie apart, low blocks are written several at a time, band by band, so as not to go to
 * and fro from row to row: as many as have so many rows, but not more than so many bytes. */
enum { ROWS = 64, BYTES = 1 << 22 };

static int file_blocks_in_block(bool keeps_bands_apart, int file_block_height,
                                size_t file_block_bytes) {
    const int of_rows = keeps_bands_apart ? ROWS / file_block_height : 1;
    const int of_bytes = file_block_bytes > BYTES ? 1 : (int)(BYTES / file_block_bytes);
    return of_rows < 1 ? 1 : dg_min(of_rows, of_bytes);
}

void dg_block_rows_init(dg_block_rows *rows, GDALDatasetH dataset, int band_count,
                        dg_samples *samples) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    *rows = (dg_block_rows){.dataset = dataset,
                            .samples = samples,
                            .type = GDALGetRasterDataType(band),
                            .width = GDALGetRasterXSize(dataset),
                            .height = GDALGetRasterYSize(dataset),
                            .band_count = band_count};
    GDALGetBlockSize(band, &rows->block_width, &rows->file_block_height);
    dg_block_rows_shape(rows, keeps_bands_apart(dataset));
}

void dg_block_rows_shape(dg_block_rows *rows, bool keeps_bands_apart) {
    const size_t file_block_bytes = (size_t)rows->block_width * (size_t)rows->file_block_height *
                                    (size_t)GDALGetDataTypeSizeBytes(rows->type);
    const int count =
        file_blocks_in_block(keeps_bands_apart, rows->file_block_height, file_block_bytes);
    rows->block_height = rows->file_block_height * count;
    rows->block_bytes = file_block_bytes * (size_t)count;
    rows->blocks_across = dg_ceil_divide(rows->width, rows->block_width);
}

void dg_block_rows_free(dg_block_rows *rows) {
    VSIFree(rows->blocks);
    rows->blocks = NULL;
}

size_t dg_block_rows_bytes(const dg_block_rows *r) {
    return r->block_bytes * (size_t)r->blocks_across * (size_t)r->band_count;
}

static char *block_at(const dg_block_rows *r, int band, int block) {
    return r->blocks + r->block_bytes * ((size_t)band * (size_t)r->blocks_across + (size_t)block);
}

/* Copies what belongs to a block of the pixels' row `from_row` to the block's row `row`. */
static void copy_row(const dg_block_rows *r, const dg_block *pixels, int band, int from_row,
                     int block, char *to, int row) {
    const int from_size = (int)dg_type_size(pixels->type);
    const int size = GDALGetDataTypeSizeBytes(r->type);
    const int col = block * r->block_width;
    const char *from = dg_block_row(pixels, band, from_row);
    GDALCopyWords(from + (ptrdiff_t)(col - pixels->window.col) * from_size,
                  dg_gdal_type(pixels->type), from_size,
                  to + (size_t)row * (size_t)r->block_width * (size_t)size, r->type, size,
                  dg_min(r->block_width, r->width - col));
}

/* Keeps one row until its blocks are whole. */
static void keep_row(const dg_block_rows *r, const dg_block *pixels, int row) {
    for (int band = 0; band < r->band_count; band++) {
        for (int block = 0; block < r->blocks_across; block++)
            copy_row(r, pixels, band, row, block, block_at(r, band, block),
                     r->next_row % r->block_height);
    }
}

static CPLErr write_block(const dg_block_rows *r, int band, int col, int row, char *pixels) {
    GDALRasterBandH to = GDALGetRasterBand(r->dataset, band + 1);
    const int count = r->block_height / r->file_block_height;
    const int end = dg_ceil_divide(r->height, r->file_block_height);
    CPLErr result = CE_None;
    for (int i = 0; i < count && row * count + i < end && result == CE_None; i++) {
        char *block = pixels + r->block_bytes / (size_t)count * (size_t)i;
        dg_samples_take(r->samples, band, col, row * count + i, block);
        result = GDALWriteBlock(to, col, row * count + i, block);
    }
    return result;
}

/* Writes what was kept; next_row is still the last row of it. */
static CPLErr write_kept(const dg_block_rows *r) {
    CPLErr result = CE_None;
    for (int i = 0; i < r->blocks_across * r->band_count && result == CE_None; i++) {
        const int block = i / r->band_count, band = i % r->band_count;
        result =
            write_block(r, band, block, r->next_row / r->block_height, block_at(r, band, block));
    }
    return result;
}

/* Whether pixels are a block just as the file has it, to be written from where they are. */
static bool is_packed(const dg_block_rows *r, const dg_block *pixels) {
    return dg_gdal_type(pixels->type) == r->type && pixels->window.width == r->block_width &&
           pixels->window.height == r->block_height && pixels->row_stride == r->block_width;
}

/* Writes one block, whose rows begin at the pixels' row `row`. As with kept rows, what lies beyond
 * the raster is 0. */
static CPLErr write_through(const dg_block_rows *r, const dg_block *pixels, int row, int band,
                            int block) {
    const int block_row = (pixels->window.row + row) / r->block_height;
    if (row == 0 && is_packed(r, pixels))
        return write_block(r, band, block, block_row, dg_block_row(pixels, band, 0));
    const int height = dg_min(r->block_height, pixels->window.height - row);
    if (height < r->block_height || (int64_t)(block + 1) * r->block_width > r->width)
        memset(r->blocks, 0, r->block_bytes);
    for (int i = 0; i < height; i++)
        copy_row(r, pixels, band, row + i, block, r->blocks, i);
    return write_block(r, band, block, block_row, r->blocks);
}

/* Writes the row of blocks that begins at the pixels' row `row`, each block while the processor's
 * cache still holds it. */
static CPLErr write_row_of_blocks(const dg_block_rows *r, const dg_block *pixels, int row) {
    const int first = pixels->window.col / r->block_width;
    const int end = dg_ceil_divide(pixels->window.col + pixels->window.width, r->block_width);
    CPLErr result = CE_None;
    for (int i = 0; i < (end - first) * r->band_count && result == CE_None; i++)
        result = write_through(r, pixels, row, i % r->band_count, first + i / r->band_count);
    return result;
}

static CPLErr make_room(dg_block_rows *r, size_t bytes) {
    if (r->bytes >= bytes)
        return CE_None;
    char *larger = VSIRealloc(r->blocks, bytes);
    if (!larger) {
        CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for a row of blocks");
        return CE_Failure;
    }
    r->blocks = larger;
    r->bytes = bytes;
    return CE_None;
}

static CPLErr add_blocks(dg_block_rows *r, const dg_block *pixels) {
    CPLErr result = CE_None;
    for (int row = 0; row < pixels->window.height && result == CE_None; row += r->block_height)
        result = write_row_of_blocks(r, pixels, row);
    return result;
}

/* Whole rows of blocks at once, and the others row by row. */
static CPLErr add_rows(dg_block_rows *r, const dg_block *pixels) {
    const int count = pixels->window.height;
    CPLErr result = CE_None;
    for (int row = 0; row < count && result == CE_None;) {
        const int height = dg_min(r->block_height, r->height - r->next_row);
        const bool starts = r->next_row % r->block_height == 0;
        if (starts && height <= count - row) {
            result = write_row_of_blocks(r, pixels, row);
            row += height;
            r->next_row += height;
            continue;
        }
        result = make_room(r, dg_block_rows_bytes(r));
        if (result != CE_None)
            return result;
        if (starts)
            memset(r->blocks, 0, dg_block_rows_bytes(r));
        keep_row(r, pixels, row++);
        if ((r->next_row + 1) % r->block_height == 0 || r->next_row + 1 == r->height)
            result = write_kept(r);
        r->next_row++;
    }
    return result;
}

CPLErr dg_block_rows_add(dg_block_rows *rows, const dg_block *block) {
    const dg_window window = block->window;
    const bool spans_raster = window.col == 0 && window.width == rows->width;
    if (make_room(rows, rows->block_bytes) != CE_None)
        return CE_Failure;
    if (spans_raster && window.row == rows->next_row)
        return add_rows(rows, block);
    if (dg_is_whole_blocks(window.col, window.width, rows->block_width, rows->width) &&
        dg_is_whole_blocks(window.row, window.height, rows->block_height, rows->height))
        return add_blocks(rows, block);
    CPLError(CE_Failure, CPLE_AppDefined, "pixels that are neither the next rows nor whole blocks");
    return CE_Failure;
}
