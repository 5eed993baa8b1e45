#include "feed.h"
#include "strips.h"

#include <stdlib.h>

typedef struct feed {
    const dg_stored_band *band;
    dg_strips *strips;
} feed;

static void close_feed(void *user) {
    feed *f = user;
    dg_strips_close(f->strips);
    free(f);
}

static void *open_feed(const dg_stored_band *band, const dg_source_info *info) {
    feed *f = info->has_huge_blocks && !band->code ? calloc(1, sizeof *f) : NULL;
    if (!f)
        return NULL;
    f->band = band;
    f->strips = dg_strips_open(band->dataset);
    if (f->strips)
        return f;
    close_feed(f);
    return NULL;
}

static demgrad_status read_rows(void *user, const dg_block *out, dg_scratch *scratch,
                                demgrad_error *error) {
    const feed *f = user;
    const dg_window w = out->window;
    (void)scratch;
    dg_gdal_errors errors;
    dg_stored_band_watch(f->band, &errors);
    const char *rows = dg_strips_rows(f->strips, w.row, w.height);
    dg_gdal_errors_end(&errors);
    if (errors.no_memory)
        return dg_fail_memory(error, "rows");
    if (!rows || errors.failed)
        return dg_stored_band_fail(f->band, w, &errors, error);
    const ptrdiff_t size = GDALGetDataTypeSizeBytes(f->band->type);
    dg_stored_band_take(f->band, rows + w.col * size, f->band->width, out);
    return DEMGRAD_OK;
}

const dg_feed dg_feed_strips = {open_feed, read_rows, close_feed};
