#include "fingerprint.h"

#include "raster_options.h"

#include <cpl_vsi.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Two FNV-1a hashes of 64 bits (Fowler, Noll, Vo), the second from another offset. Enough to tell
 * changes; nobody attacks it. */
typedef struct hash {
    uint64_t a, b;
} hash;

static void add_bytes(hash *h, const char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        h->a = (h->a ^ (unsigned char)bytes[i]) * 0x100000001b3U;
        h->b = (h->b ^ (unsigned char)bytes[i]) * 0x100000001b3U;
    }
}

/* The text and its end. */
static void add_text(hash *h, const char *text) {
    add_bytes(h, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void add(hash *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(hash *h, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_text(h, text);
}

static void add_list(hash *h, const char *const *list) {
    for (int i = 0; list && list[i]; i++)
        add_text(h, list[i]);
    add_text(h, NULL);
}

/* Texts of any length whole, so that none can hide behind another's end. */
static void add_option(hash *h, const dg_option *o, const demgrad_raster_options *options) {
    const void *field = (const char *)options + o->field;
    char text[512];
    add_text(h, o->name);
    if (dg_option_is_list(o) && *(const char *const *const *)field) {
        add_list(h, *(const char *const *const *)field);
    } else if (o->kind == DG_OPTION_TEXT) {
        add_text(h, *(const char *const *)field);
    } else {
        dg_option_text(o, options, text, sizeof text);
        add_text(h, text);
    }
}

static void add_options(hash *h, const demgrad_raster_options *options) {
    for (size_t i = 0; i < dg_raster_option_count; i++) {
        if (dg_raster_options[i].changes_output)
            add_option(h, &dg_raster_options[i], options);
    }
}

static void add_grid(hash *h, const dg_grid *grid) {
    const double *g = grid->geotransform;
    add(h, "%d %d %a %a %a %a %a %a", grid->width, grid->height, g[0], g[1], g[2], g[3], g[4],
        g[5]);
}

/* Of the time of change, where the system keeps them: a file can change twice in a second. */
static long nanoseconds(const VSIStatBufL *stat) {
#ifdef __linux__
    return (long)stat->st_mtim.tv_nsec;
#else
    (void)stat;
    return 0;
#endif
}

static void add_tile(hash *h, const dg_tile *tile) {
    VSIStatBufL stat = {0};
    if (VSIStatL(tile->path, &stat) != 0)
        stat = (VSIStatBufL){0};
    add_text(h, tile->path);
    add(h, "%" PRId64 " %" PRId64 ".%ld %d %d", (int64_t)stat.st_size, (int64_t)stat.st_mtime,
        nanoseconds(&stat), tile->window.col, tile->window.row);
}

void dg_fingerprint(const dg_pieces *pieces, const dg_piece *piece, const size_t *tiles,
                    size_t count, const demgrad_raster_options *options,
                    char text[DG_FINGERPRINT_SIZE]) {
    const dg_catalog *catalog = pieces->catalog;
    hash h = {0xcbf29ce484222325U, 0x84222325cbf29ce4U};
    add_text(&h, demgrad_version());
    add_options(&h, options);
    add_grid(&h, &catalog->grid);
    add(&h, "%d %d %d", catalog->same_scale, catalog->needs_double, pieces->wrap);
    add(&h, "%d %d", piece->window.col, piece->window.row);
    add_grid(&h, &piece->grid);
    for (size_t i = 0; i < count; i++)
        add_tile(&h, &catalog->tiles[tiles[i]]);
    snprintf(text, DG_FINGERPRINT_SIZE, "%016" PRIx64 "%016" PRIx64, h.a, h.b);
}
