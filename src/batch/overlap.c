#include "overlap.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <math.h>

/* Pixels that are read at a time. */
enum { STRIP_PIXELS = 1 << 18 };

/* A tile that is read strip by strip. */
typedef struct strips {
    dg_source *source;
    dg_reader *reader;
    double *z;
} strips;

static bool open_strips(const dg_catalog *catalog, size_t tile, int width, strips *s) {
    demgrad_error error;
    *s = (strips){.source = dg_catalog_open(catalog, &tile, 1, catalog->tiles[tile].path, NULL)};
    const size_t pixels = width > STRIP_PIXELS ? (size_t)width : STRIP_PIXELS;
    s->z = VSIMalloc2(pixels, sizeof *s->z);
    return s->z && !dg_reader_open(s->source, &s->reader, &error);
}

static void close_strips(strips *s) {
    dg_reader_close(s->reader);
    dg_source_close(s->source);
    VSIFree(s->z);
}

static bool read_strip(strips *s, dg_window strip) {
    demgrad_error error;
    return !dg_reader_read(s->reader, strip, 0, true, s->z, strip.width, &error);
}

/* The strip of `window` that begins at its row `row`. */
static dg_window strip_at(dg_window window, int row) {
    const int rows = window.width < STRIP_PIXELS ? STRIP_PIXELS / window.width : 1;
    const int left = window.height - row;
    return (dg_window){window.col, window.row + row, window.width, rows < left ? rows : left};
}

bool dg_overlap_is_readable(const dg_catalog *catalog, size_t tile, dg_window window) {
    const dg_window part = dg_window_intersect(window, catalog->tiles[tile].window);
    if (part.width == 0 || part.height == 0)
        return true;
    strips s;
    bool is_read = open_strips(catalog, tile, part.width, &s);
    for (int row = 0; is_read && row < part.height;) {
        const dg_window strip = strip_at(part, row);
        is_read = read_strip(&s, strip);
        row += strip.height;
    }
    close_strips(&s);
    return is_read;
}

typedef struct difference {
    double largest;
    int64_t pixels;
} difference;

static void compare(const double *y, const double *z, int64_t n, difference *d) {
    for (int64_t i = 0; i < n; i++) {
        const double distance = fabs(y[i] - z[i]);
        d->pixels += distance > 0 || isnan(y[i]) != isnan(z[i]);
        d->largest = fmax(d->largest, distance);
    }
}

/* Compares two tiles where they overlap when the other one is moved by `shift` columns. */
static demgrad_status compare_pair(const dg_batch *b, size_t tile, size_t other, int shift,
                                   demgrad_error *error) {
    const dg_catalog *c = b->catalog;
    dg_window moved = c->tiles[other].window;
    moved.col += shift;
    const dg_window both = dg_window_intersect(c->tiles[tile].window, moved);
    if (both.width == 0 || both.height == 0)
        return DEMGRAD_OK;
    strips y, z;
    difference d = {0};
    demgrad_status status = DEMGRAD_OK;
    bool is_read = open_strips(c, tile, both.width, &y);
    is_read = open_strips(c, other, both.width, &z) && is_read;
    for (int row = 0; is_read && !status && row < both.height;) {
        const dg_window strip = strip_at(both, row);
        dg_window there = strip;
        there.col -= shift;
        is_read = read_strip(&y, strip) && read_strip(&z, there);
        if (is_read)
            compare(y.z, z.z, (int64_t)strip.width * strip.height, &d);
        row += strip.height;
        status = dg_messages_ask(&b->messages, error);
    }
    close_strips(&y);
    close_strips(&z);
    if (d.pixels > 0 && !status)
        b->options->overlap_told(c->tiles[tile].path, c->tiles[other].path, d.largest, d.pixels,
                                 b->options->user);
    return status;
}

/* A tile that is cut has several pieces; the one at its corner stands for it. */
static bool is_first_of_tile(const dg_batch *b, const dg_piece *piece) {
    const dg_window tile = b->catalog->tiles[piece->tile].window;
    return b->catalog->tiles[piece->tile].on_grid && piece->window.col == tile.col &&
           piece->window.row == tile.row;
}

static demgrad_status compare_tile(const dg_batch *b, size_t tile, demgrad_error *error) {
    const dg_piece whole = {.tile = tile, .window = b->catalog->tiles[tile].window};
    const int wrap = b->pieces->wrap;
    demgrad_status status = DEMGRAD_OK;
    size_t *tiles, n;
    dg_pieces_tiles(b->pieces, &whole, &tiles, &n);
    for (size_t j = 0; j + 1 < n; j++) {
        if (tiles[j] < tile)
            continue;
        for (int turn = -1; turn <= 1 && !status; turn++) {
            if (turn == 0 || wrap > 0)
                status = compare_pair(b, tile, tiles[j], turn * wrap, error);
        }
    }
    CPLFree(tiles);
    /* A raster that spans more than the globe overlaps itself. */
    if (wrap > 0 && whole.window.width > wrap && !status)
        status = compare_pair(b, tile, tile, wrap, error);
    return status;
}

demgrad_status dg_overlap_compare(const dg_batch *batch, demgrad_error *error) {
    const demgrad_batch_options *o = batch->options;
    demgrad_status status = DEMGRAD_OK;
    size_t i = o->overlap_told ? (size_t)o->part_index : batch->pieces->count;
    for (; i < batch->pieces->count && !status; i += (size_t)o->part_count) {
        const dg_piece *piece = &batch->pieces->list[i];
        if (is_first_of_tile(batch, piece))
            status = compare_tile(batch, piece->tile, error);
    }
    return status;
}
