#include "feed.h"
#include "gdal_driver.h"
#include "integers.h"

#include <stdlib.h>
#include <string.h>

/* Columns and rows that are read at a time, from the first on. */
enum { CELL = 512 };

typedef struct feed {
    const dg_stored_band *band;
    dg_scratch cell;
    void *gdal;
} feed;

static void close_feed(void *user) {
    feed *f = user;
    if (f->gdal)
        dg_feed_gdal.close(f->gdal);
    dg_scratch_free(&f->cell);
    free(f);
}

static bool is_resampling_vrt(GDALDatasetH dataset) {
    if (!dg_has_driver(dataset, "VRT"))
        return false;
    char **xml = GDALGetMetadata(dataset, "xml:VRT");
    return xml && xml[0] && strstr(xml[0], " resampling=\"");
}

static void *open_feed(const dg_stored_band *band, const dg_source_info *info) {
    feed *f = is_resampling_vrt(band->dataset) ? calloc(1, sizeof *f) : NULL;
    if (!f)
        return NULL;
    f->band = band;
    f->gdal = dg_feed_gdal.open(band, info);
    if (f->gdal)
        return f;
    close_feed(f);
    return NULL;
}

/* Reads the whole cell that `part`, which lies in one, is of. */
static demgrad_status read_cell(feed *f, const dg_block *part, dg_scratch *scratch,
                                demgrad_error *error) {
    const dg_window w = part->window;
    const int col = w.col / CELL * CELL, row = w.row / CELL * CELL;
    const dg_window all = {col, row, dg_min(CELL, f->band->width - col),
                           dg_min(CELL, f->band->height - row)};
    const size_t size = dg_type_size(part->type);
    demgrad_status status = dg_scratch_reserve(
        &f->cell, (size_t)all.width * (size_t)all.height * size, "pixels", error);
    const dg_block cell = {f->cell.bytes, part->type, all.width, 0, all};
    if (!status)
        status = dg_feed_gdal.read(f->gdal, &cell, scratch, error);
    const dg_block same = dg_block_part(&cell, w);
    for (int i = 0; i < w.height && !status; i++)
        memcpy(dg_block_row(part, 0, i), dg_block_row(&same, 0, i), (size_t)w.width * size);
    return status;
}

static demgrad_status read_cells(void *user, const dg_block *out, dg_scratch *scratch,
                                 demgrad_error *error) {
    feed *f = user;
    const dg_window w = out->window;
    demgrad_status status = DEMGRAD_OK;
    dg_window p = {w.col, w.row, 0, 0};
    for (; p.row < w.row + w.height && !status; p.row += p.height) {
        p.height = dg_length_to_next(p.row, CELL, w.row + w.height);
        for (p.col = w.col; p.col < w.col + w.width && !status; p.col += p.width) {
            p.width = dg_length_to_next(p.col, CELL, w.col + w.width);
            const dg_block part = dg_block_part(out, p);
            status = read_cell(f, &part, scratch, error);
        }
    }
    return status;
}

const dg_feed dg_feed_cells = {open_feed, read_cells, close_feed};
