#include "compare.h"

#include "integers.h"
#include "memory.h"

#include <math.h>
#include <stdlib.h>

/* Pixels that are read at a time. */
enum { STRIP_PIXELS = 1 << 18 };

/* A tile that is read strip by strip. */
typedef struct strips {
    dg_source *source;
    dg_reader *reader;
    double *z;
} strips;

static demgrad_status open_strips(const dg_catalog *catalog, size_t tile, int width, strips *s,
                                  demgrad_error *error) {
    const size_t pixels = width > STRIP_PIXELS ? (size_t)width : STRIP_PIXELS;
    *s = (strips){.z = dg_alloc(pixels, sizeof *s->z, "rows to compare", error)};
    if (!s->z)
        return DEMGRAD_OUT_OF_MEMORY;
    const demgrad_status status =
        dg_catalog_open(catalog, &tile, 1, catalog->tiles[tile].path, NULL, &s->source, error);
    return status ? status : dg_reader_open(s->source, &s->reader, error);
}

static void close_strips(strips *s) {
    dg_reader_close(s->reader);
    dg_source_close(s->source);
    free(s->z);
}

static demgrad_status read_strip(strips *s, dg_window strip, demgrad_error *error) {
    const dg_block rows = {s->z, DG_DOUBLE, strip.width, 0, strip};
    return dg_reader_read(s->reader, &rows, 0, error);
}

/* What cannot be read is no failure here; that there is no memory is. */
static demgrad_status failure_of(demgrad_status status) {
    return status == DEMGRAD_OUT_OF_MEMORY ? status : DEMGRAD_OK;
}

/* The strip of `window` that begins at its row `row`. */
static dg_window strip_at(dg_window window, int row) {
    const int rows = window.width < STRIP_PIXELS ? STRIP_PIXELS / window.width : 1;
    const int left = window.height - row;
    return (dg_window){window.col, window.row + row, window.width, rows < left ? rows : left};
}

demgrad_status dg_compare_is_readable(const dg_catalog *catalog, size_t tile, dg_window window,
                                      bool *is_readable, demgrad_error *error) {
    const dg_window part = dg_window_intersect(window, catalog->tiles[tile].window);
    *is_readable = true;
    if (part.width == 0 || part.height == 0)
        return DEMGRAD_OK;
    strips s;
    demgrad_status status = open_strips(catalog, tile, part.width, &s, error);
    for (int row = 0; !status && row < part.height;) {
        const dg_window strip = strip_at(part, row);
        status = read_strip(&s, strip, error);
        row += strip.height;
    }
    close_strips(&s);
    *is_readable = status == DEMGRAD_OK;
    return failure_of(status);
}

static void compare_values(const double *y, const double *z, int64_t n, dg_comparison *c) {
    for (int64_t i = 0; i < n; i++) {
        const double distance = fabs(y[i] - z[i]);
        c->values += distance > 0;
        c->pixels += distance > 0 || isnan(y[i]) != isnan(z[i]);
        c->largest = fmax(c->largest, distance);
    }
}

demgrad_status dg_compare_tiles(const dg_catalog *catalog, size_t tile, size_t other, int shift,
                                bool is_brief, const dg_messages *messages,
                                dg_comparison *comparison, demgrad_error *error) {
    dg_window moved = catalog->tiles[other].window;
    moved.col += shift;
    const dg_window both = dg_window_intersect(catalog->tiles[tile].window, moved);
    *comparison = (dg_comparison){0};
    if (both.width == 0 || both.height == 0)
        return DEMGRAD_OK;
    strips y, z = {0};
    demgrad_status asked = DEMGRAD_OK, status = open_strips(catalog, tile, both.width, &y, error);
    if (!status)
        status = open_strips(catalog, other, both.width, &z, error);
    for (int row = 0; !status && !asked && row < both.height;) {
        const dg_window strip = strip_at(both, row);
        dg_window there = strip;
        there.col -= shift;
        status = read_strip(&y, strip, error);
        if (!status)
            status = read_strip(&z, there, error);
        if (!status)
            compare_values(y.z, z.z, (int64_t)strip.width * strip.height, comparison);
        row = is_brief && comparison->values > 0 ? both.height : row + strip.height;
        asked = dg_messages_ask(messages, error);
    }
    close_strips(&y);
    close_strips(&z);
    return asked ? asked : failure_of(status);
}

/* How far the edges of two tiles in one place may lie apart, as a share of their size. */
enum { ONE_PLACE = 50 };

static bool is_near(int a, int b, int size) {
    return abs(a - b) <= size / ONE_PLACE;
}

static bool is_one_place(dg_window a, dg_window b) {
    const int width = dg_min(a.width, b.width), height = dg_min(a.height, b.height);
    return is_near(a.col, b.col, width) && is_near(a.row, b.row, height) &&
           is_near(a.col + a.width, b.col + b.width, width) &&
           is_near(a.row + a.height, b.row + b.height, height);
}

static int compare_columns(const void *a, const void *b) {
    const dg_tile *s = *(const dg_tile *const *)a, *t = *(const dg_tile *const *)b;
    if (s->common != t->common)
        return s->common < t->common ? -1 : 1;
    if (s->window.col != t->window.col)
        return s->window.col < t->window.col ? -1 : 1;
    return s < t ? -1 : s > t;
}

/* The tiles of one grid after the other, from west to east, to be freed. */
static const dg_tile **sort_tiles(const dg_catalog *catalog, size_t *count, demgrad_error *error) {
    const dg_tile **sorted = dg_alloc(catalog->count, sizeof *sorted, "the inputs", error);
    *count = 0;
    for (size_t i = 0; i < catalog->count && sorted; i++) {
        if (catalog->tiles[i].on_grid)
            sorted[(*count)++] = &catalog->tiles[i];
    }
    if (sorted)
        qsort(sorted, *count, sizeof *sorted, compare_columns);
    return sorted;
}

/* Compares a tile with those of `count` that follow it from west to east and are in its place. */
static demgrad_status compare_rivals(const dg_catalog *catalog, const dg_tile *const *tiles,
                                     size_t count, const dg_messages *messages, size_t pair[2],
                                     bool *found, demgrad_error *error) {
    const dg_window w = tiles[0]->window;
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 1; i < count && tiles[i]->common == tiles[0]->common; i++) {
        if (!is_near(w.col, tiles[i]->window.col, w.width))
            break;
        if (!is_one_place(w, tiles[i]->window))
            continue;
        dg_comparison c;
        const size_t a = (size_t)(tiles[0] - catalog->tiles);
        const size_t b = (size_t)(tiles[i] - catalog->tiles);
        pair[0] = a < b ? a : b;
        pair[1] = a < b ? b : a;
        status = dg_compare_tiles(catalog, pair[0], pair[1], 0, true, messages, &c, error);
        *found = c.values > 0;
        if (status || *found)
            break;
    }
    return status;
}

demgrad_status dg_compare_find_rivals(const dg_catalog *catalog, const dg_messages *messages,
                                      size_t pair[2], bool *found, demgrad_error *error) {
    size_t count;
    const dg_tile **sorted = sort_tiles(catalog, &count, error);
    demgrad_status status = sorted ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
    *found = false;
    for (size_t i = 0; i < count && !*found && !status; i++)
        status = compare_rivals(catalog, &sorted[i], count - i, messages, pair, found, error);
    free(sorted);
    return status;
}
