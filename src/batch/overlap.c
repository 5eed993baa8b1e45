#include "overlap.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <math.h>

/* Reads a tile's part of a window, in doubles; the caller frees it with VSIFree. NULL where it
 * cannot be read. */
static double *read_part(const dg_catalog *catalog, size_t tile, dg_window window) {
    dg_reader *reader = NULL;
    demgrad_error error;
    double *z = VSIMalloc3((size_t)window.width, (size_t)window.height, sizeof *z);
    dg_source *source = dg_catalog_open(catalog, &tile, 1, catalog->tiles[tile].path, NULL);
    const bool is_read = z && !dg_reader_open(source, &reader, &error) &&
                         !dg_reader_read(reader, window, 0, true, z, window.width, &error);
    dg_reader_close(reader);
    dg_source_close(source);
    if (is_read)
        return z;
    VSIFree(z);
    return NULL;
}

bool dg_overlap_is_readable(const dg_catalog *catalog, size_t tile, dg_window window) {
    const dg_window part = dg_window_intersect(window, catalog->tiles[tile].window);
    if (part.width == 0 || part.height == 0)
        return true;
    double *z = read_part(catalog, tile, part);
    VSIFree(z);
    return z != NULL;
}

static void compare_pair(const dg_batch *b, size_t tile, size_t other) {
    const dg_tile *t = &b->catalog->tiles[tile], *u = &b->catalog->tiles[other];
    const dg_window both = dg_window_intersect(t->window, u->window);
    if (both.width == 0 || both.height == 0)
        return;
    double *y = read_part(b->catalog, tile, both), *z = read_part(b->catalog, other, both);
    double largest = 0;
    int64_t pixels = 0;
    for (int64_t i = 0; y && z && i < (int64_t)both.width * both.height; i++) {
        const double difference = fabs(y[i] - z[i]);
        pixels += difference > 0 || isnan(y[i]) != isnan(z[i]);
        largest = fmax(largest, difference);
    }
    VSIFree(y);
    VSIFree(z);
    if (pixels > 0)
        b->options->overlap_told(t->path, u->path, largest, pixels, b->options->user);
}

void dg_overlap_compare(const dg_batch *batch) {
    const demgrad_batch_options *o = batch->options;
    if (!o->overlap_told)
        return;
    for (size_t i = (size_t)o->part_index; i < batch->pieces->count; i += (size_t)o->part_count) {
        const dg_piece *piece = &batch->pieces->list[i];
        size_t *tiles, n;
        dg_pieces_tiles(batch->pieces, piece, &tiles, &n);
        for (size_t j = 0; j + 1 < n; j++) {
            if (tiles[j] > piece->tile)
                compare_pair(batch, piece->tile, tiles[j]);
        }
        CPLFree(tiles);
    }
}
