#include "handle.h"

#include "feed.h"
#include "memory.h"

#include <stdlib.h>

struct dg_handle {
    dg_stored_band band;
    const dg_feed *feed;
    void *fed; /* what the feed keeps */
};

/* The first way that suits. Of a mosaic's rasters neighbours read the edges again, which GDAL's cache
 * has. */
static bool choose_feed(dg_handle *h, const dg_source_info *info, bool is_single) {
    const dg_feed *const feeds[] = {&dg_feed_strips, &dg_feed_cells,
                                    is_single ? &dg_feed_blocks : &dg_feed_gdal, &dg_feed_gdal};
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds && !h->fed; i++) {
        h->feed = feeds[i];
        h->fed = h->feed->open(&h->band, info);
    }
    return h->fed != NULL;
}

dg_handle *dg_handle_new(GDALDatasetH dataset, const dg_source_options *options, const char *name,
                         const dg_source_info *info, bool is_single, demgrad_error *error) {
    dg_handle *h = dg_alloc(1, sizeof *h, "an input", error);
    if (!h) {
        GDALClose(dataset);
        return NULL;
    }
    h->band = dg_stored_band_of(dataset, options, name, info);
    if (choose_feed(h, info, is_single))
        return h;
    dg_fail_memory(error, "an input");
    dg_handle_close(h);
    return NULL;
}

void dg_handle_close(dg_handle *handle) {
    if (!handle)
        return;
    if (handle->fed)
        handle->feed->close(handle->fed);
    GDALClose(handle->band.dataset);
    free(handle);
}

demgrad_status dg_handle_read(dg_handle *handle, const dg_block *out, dg_scratch *scratch,
                              demgrad_error *error) {
    return handle->feed->read(handle->fed, out, scratch, error);
}
