#include "feed.h"
#include "integers.h"
#include "mask.h"

#include <stdlib.h>

/* Bytes of a block. */
enum { LARGEST_BLOCK = 1 << 23 };

typedef struct feed {
    const dg_stored_band *band;
    void *block; /* room for one */
    void *gdal;  /* the feed for windows that are not whole blocks */
} feed;

static void close_feed(void *user) {
    feed *f = user;
    if (f->gdal)
        dg_feed_gdal.close(f->gdal);
    free(f->block);
    free(f);
}

static void *open_feed(const dg_stored_band *band, const dg_source_info *info) {
    const size_t bytes = (size_t)band->block_width * (size_t)band->block_height *
                         (size_t)GDALGetDataTypeSizeBytes(band->type);
    if (!dg_is_plain_gtiff(band->dataset) || band->block_width >= band->width ||
        bytes > LARGEST_BLOCK)
        return NULL;
    feed *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->band = band;
    f->block = malloc(bytes);
    f->gdal = dg_feed_gdal.open(band, info);
    if (f->block && f->gdal)
        return f;
    close_feed(f);
    return NULL;
}

/* `out` is what of the block lies inside the raster. */
static demgrad_status read_block(const feed *f, const dg_block *out, demgrad_error *error) {
    const dg_stored_band *b = f->band;
    const dg_window w = out->window;
    dg_gdal_errors errors;
    dg_stored_band_watch(b, &errors);
    const CPLErr result =
        GDALReadBlock(b->band, w.col / b->block_width, w.row / b->block_height, f->block);
    dg_gdal_errors_end(&errors);
    if (result != CE_None || errors.failed)
        return dg_stored_band_fail(b, w, &errors, error);
    dg_stored_band_take(b, f->block, b->block_width, out);
    return DEMGRAD_OK;
}

static bool is_whole_blocks(const dg_stored_band *b, dg_window w) {
    return dg_is_whole_blocks(w.col, w.width, b->block_width, b->width) &&
           dg_is_whole_blocks(w.row, w.height, b->block_height, b->height);
}

static demgrad_status read_blocks(void *user, const dg_block *out, dg_scratch *scratch,
                                  demgrad_error *error) {
    const feed *f = user;
    const int width = f->band->block_width, height = f->band->block_height;
    const dg_window w = out->window;
    if (!is_whole_blocks(f->band, w))
        return dg_feed_gdal.read(f->gdal, out, scratch, error);
    const int across = dg_ceil_divide(w.width, width), down = dg_ceil_divide(w.height, height);
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; i < across * down && !status; i++) {
        const int col = i % across * width, row = i / across * height;
        const dg_block part =
            dg_block_part(out, (dg_window){w.col + col, w.row + row, dg_min(width, w.width - col),
                                           dg_min(height, w.height - row)});
        status = read_block(f, &part, error);
    }
    return status;
}

const dg_feed dg_feed_blocks = {open_feed, read_blocks, close_feed};
