#include "samples.h"

#include "integers.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* The bytes of all blocks that are taken: a share of the raster, and within these. */
enum {
    SHARE = 16,
    LEAST_BYTES = 1 << 20,
    MOST_BYTES = 1 << 23,   /* a few milliseconds */
    LARGEST_BLOCK = 1 << 26 /* larger ones are not taken */
};

static int64_t block_bytes(const dg_samples *s) {
    return (int64_t)s->block_width * s->block_height * GDALGetDataTypeSizeBytes(s->type);
}

static int64_t choose_step(const dg_samples *s, bool take_all) {
    const int64_t each = block_bytes(s) * s->band_count, share = s->blocks * each / SHARE;
    const int64_t fit = (share < LEAST_BYTES  ? LEAST_BYTES
                         : share > MOST_BYTES ? MOST_BYTES
                                              : share) /
                        each;
    if (take_all || fit >= s->blocks)
        return 1;
    return fit > 1 ? (s->blocks - 1) / fit + 1 : s->blocks;
}

bool dg_samples_init(dg_samples *samples, GDALDatasetH dataset, int band_count, bool take_all) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    dg_samples *s = samples;
    *s = (dg_samples){.width = GDALGetRasterXSize(dataset),
                      .height = GDALGetRasterYSize(dataset),
                      .band_count = band_count,
                      .type = GDALGetRasterDataType(band)};
    GDALGetBlockSize(band, &s->block_width, &s->block_height);
    s->blocks_across = dg_ceil_divide(s->width, s->block_width);
    s->blocks = (int64_t)s->blocks_across * dg_ceil_divide(s->height, s->block_height);
    if (block_bytes(s) > LARGEST_BLOCK)
        return true;
    s->step = choose_step(s, take_all);
    s->slots = (s->blocks - 1) / s->step + 2;
    s->hashes = calloc((size_t)(s->slots * band_count), sizeof *s->hashes);
    return s->hashes != NULL;
}

void dg_samples_free(dg_samples *samples) {
    free(samples->hashes);
    samples->hashes = NULL;
}

/* Where a block's hash is; NULL where it is not taken. */
static uint64_t *slot_of(const dg_samples *s, int band, int64_t block) {
    if (!s->hashes || (block % s->step != 0 && block != s->blocks - 1))
        return NULL;
    const int64_t slot = block == s->blocks - 1 ? s->slots - 1 : block / s->step;
    return &s->hashes[band * s->slots + slot];
}

/* The part of a block that lies in the raster. */
static dg_window window_of(const dg_samples *s, int64_t block) {
    const int col = (int)(block % s->blocks_across) * s->block_width;
    const int row = (int)(block / s->blocks_across) * s->block_height;
    return (dg_window){col, row, dg_min(s->block_width, s->width - col),
                       dg_min(s->block_height, s->height - row)};
}

/* Four words at a time, each into a sum of its own. Every step can be undone, so that no single word
 * changes unseen. */
static void add_bytes(uint64_t sums[4], const char *bytes, size_t count) {
    for (; count > 0;) {
        const size_t n = count < 32 ? count : 32;
        uint64_t words[4] = {0};
        memcpy(words, bytes, n);
        for (int i = 0; i < 4; i++) {
            const uint64_t sum = (sums[i] ^ words[i]) * 0x9e3779b97f4a7c15u;
            sums[i] = sum << 29 | sum >> 35;
        }
        bytes += n;
        count -= n;
    }
}

static uint64_t hash_rows(const char *pixels, int rows, size_t row_bytes, size_t stride) {
    uint64_t sums[4] = {1, 2, 3, 4};
    for (int row = 0; row < rows; row++)
        add_bytes(sums, pixels + (size_t)row * stride, row_bytes);
    uint64_t hash[4] = {5, 6, 7, 8};
    add_bytes(hash, (const char *)sums, sizeof sums);
    return hash[0] ^ hash[1] ^ hash[2] ^ hash[3];
}

void dg_samples_take(dg_samples *samples, int band, int col, int row, const char *pixels) {
    const int64_t block = (int64_t)row * samples->blocks_across + col;
    uint64_t *slot = slot_of(samples, band, block);
    if (!slot)
        return;
    const size_t size = (size_t)GDALGetDataTypeSizeBytes(samples->type);
    const dg_window w = window_of(samples, block);
    *slot =
        hash_rows(pixels, w.height, (size_t)w.width * size, (size_t)samples->block_width * size);
}

static bool has_same_blocks(const dg_samples *s, GDALRasterBandH band) {
    int width, height;
    GDALGetBlockSize(band, &width, &height);
    return width == s->block_width && height == s->block_height &&
           GDALGetRasterDataType(band) == s->type;
}

/* Reads what of a block lies in the raster, its rows *stride bytes apart. Past GDAL's cache where that can be:
 * the new memory of it takes several times as long as the reading. */
static CPLErr read_block(const dg_samples *s, int64_t block, GDALRasterBandH from, char *pixels,
                         size_t *stride) {
    const dg_window w = window_of(s, block);
    const bool is_whole = has_same_blocks(s, from);
    *stride =
        (size_t)(is_whole ? s->block_width : w.width) * (size_t)GDALGetDataTypeSizeBytes(s->type);
    if (is_whole)
        return GDALReadBlock(from, (int)(block % s->blocks_across), (int)(block / s->blocks_across),
                             pixels);
    return GDALRasterIO(from, GF_Read, w.col, w.row, w.width, w.height, pixels, w.width, w.height,
                        s->type, 0, 0);
}

static char *check_block(const dg_samples *s, int64_t block, uint64_t hash, GDALRasterBandH from,
                         char *pixels) {
    const dg_window w = window_of(s, block);
    const size_t row_bytes = (size_t)w.width * (size_t)GDALGetDataTypeSizeBytes(s->type);
    size_t stride;
    const char *fault = NULL;
    if (read_block(s, block, from, pixels, &stride) != CE_None)
        fault = "cannot be read again";
    else if (hash_rows(pixels, w.height, row_bytes, stride) != hash)
        fault = "are not those that were written";
    return fault ? dg_fault("its values from column %d, row %d on %s", w.col, w.row, fault) : NULL;
}

char *dg_samples_fault(const dg_samples *samples, int band, GDALRasterBandH from,
                       dg_writer_continue go_on, void *user) {
    const dg_samples *s = samples;
    if (!s->hashes)
        return NULL;
    char *pixels = malloc((size_t)block_bytes(s));
    char *fault = pixels ? NULL : dg_fault_memory();
    for (int64_t block = 0; block < s->blocks && !fault && (!go_on || go_on(user));) {
        fault = check_block(s, block, *slot_of(s, band, block), from, pixels);
        const int64_t next = block + s->step, last = s->blocks - 1;
        block = block < last && next > last ? last : next;
    }
    free(pixels);
    return fault;
}
