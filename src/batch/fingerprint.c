#include "fingerprint.h"

#include "hash.h"
#include "path.h"
#include "raster_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Hexadecimal digits of the parts, and where they begin. */
enum { OPTIONS = 16, INPUTS = 32, NAME = 16 };
enum { INPUTS_AT = OPTIONS + 1, NAME_AT = INPUTS_AT + INPUTS + 1, LENGTH = NAME_AT + NAME };

static const char INCOMPLETE[] = "-incomplete";

static void add_list(dg_hash *h, const char *const *list) {
    for (int i = 0; list && list[i]; i++)
        dg_hash_text(h, list[i]);
    dg_hash_text(h, NULL);
}

/* Texts of any length whole, so that none can hide behind another's end. Names are few and short, and the usual
 * ones the same whether they are given or not. */
static void add_option(dg_hash *h, const dg_option *o, const demgrad_raster_options *options) {
    const void *field = (const char *)options + o->field;
    char text[512];
    dg_hash_text(h, o->name);
    if (dg_option_is_list(o) && o->kind != DG_OPTION_NAMES && *(const char *const *const *)field) {
        add_list(h, *(const char *const *const *)field);
    } else if (o->kind == DG_OPTION_TEXT) {
        dg_hash_text(h, *(const char *const *)field);
    } else {
        dg_option_text(o, options, text, sizeof text);
        dg_hash_text(h, text);
    }
}

static void add_options(dg_hash *h, const demgrad_raster_options *options) {
    for (size_t i = 0; i < dg_raster_option_count; i++) {
        if (dg_raster_options[i].changes_output)
            add_option(h, &dg_raster_options[i], options);
    }
}

static void add_grid(dg_hash *h, const dg_grid *grid) {
    const double *g = grid->geotransform;
    dg_hash_add(h, "%d %d %a %a %a %a %a %a", grid->width, grid->height, g[0], g[1], g[2], g[3],
                g[4], g[5]);
}

/* In the endless grid, so that it stays where other inputs make the grid wider. What wraps round the globe
 * shows in the neighbours. */
static void add_place(dg_hash *h, const dg_grid *grid, dg_window window) {
    const double *g = grid->geotransform;
    double position[2];
    dg_grid_position(grid, position);
    dg_hash_add(h, "%a %a %a %a %a %a", g[1], g[2], g[4], g[5], position[0] + window.col,
                position[1] + window.row);
}

/* Where larger tiles or wider overlaps make another output of this name. */
static void add_cut(dg_hash *h, const dg_window *of_input, const dg_piece *piece,
                    const demgrad_batch_options *o) {
    const bool is_cut =
        of_input->width != piece->window.width || of_input->height != piece->window.height;
    if (is_cut)
        dg_hash_add(h, "cut %d %d %d", o->tile_width, o->tile_height, o->overlap);
}

static dg_hash hash_options(const dg_pieces *pieces, const dg_piece *piece,
                            const demgrad_batch_options *options) {
    const dg_input tile = dg_inputs_get(pieces->inputs, piece->tile);
    dg_hash h = dg_hash_new();
    dg_hash_text(&h, demgrad_version());
    add_options(&h, &options->raster);
    add_cut(&h, &tile.window, piece, options);
    return h;
}

static dg_hash hash_tile(const dg_input *tile, const dg_piece *piece, const char *role) {
    dg_hash h = dg_hash_new();
    dg_hash_add(&h, "%s %" PRIx64 " %" PRIx64 " %d %d", role, tile->stamp.a, tile->stamp.b,
                tile->window.col - piece->window.col, tile->window.row - piece->window.row);
    return h;
}

/* Also by a turn round the globe. */
static bool overlap(const dg_input *a, const dg_input *b, int wrap) {
    dg_window w = b->window;
    bool do_overlap = dg_windows_overlap(a->window, w);
    for (int turn = -1; turn <= 1 && wrap > 0; turn += 2) {
        w.col = b->window.col + turn * wrap;
        do_overlap |= dg_windows_overlap(a->window, w);
    }
    return do_overlap;
}

/* The tiles that a piece takes, in whatever order; of two that overlap, which is on top. */
static dg_hash hash_tiles(const dg_pieces *pieces, const dg_piece *piece, const size_t *tiles,
                          size_t count) {
    const dg_inputs *in = pieces->inputs;
    const dg_inputs_grid *grid = dg_pieces_grid(pieces, piece);
    dg_hash sum = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const dg_input upper = dg_inputs_get(in, tiles[i]);
        dg_hash_join(&sum, hash_tile(&upper, piece, i + 1 == count ? "own" : "other"));
        for (size_t j = 0; j < i && i + 1 < count; j++) {
            const dg_input other = dg_inputs_get(in, tiles[j]);
            if (!overlap(&upper, &other, grid->wrap))
                continue;
            dg_hash pair = hash_tile(&upper, piece, "upper");
            const dg_hash lower = hash_tile(&other, piece, "lower");
            dg_hash_add(&pair, "%" PRIx64 " %" PRIx64, lower.a, lower.b);
            dg_hash_join(&sum, pair);
        }
    }
    return sum;
}

static dg_hash hash_inputs(const dg_pieces *pieces, const dg_piece *piece, const size_t *tiles,
                           size_t count) {
    const dg_inputs_grid *grid = dg_pieces_grid(pieces, piece);
    dg_hash h = dg_hash_new();
    if (grid) {
        add_place(&h, &grid->grid, piece->window);
        dg_hash_add(&h, "%d %d", grid->same_scale, grid->needs_double);
    }
    add_grid(&h, &piece->grid);
    const dg_hash all = hash_tiles(pieces, piece, tiles, count);
    dg_hash_add(&h, "%" PRIx64 " %" PRIx64, all.a, all.b);
    return h;
}

static dg_hash hash_name(const char *output) {
    dg_hash h = dg_hash_new();
    dg_hash_text(&h, dg_path_name(output));
    return h;
}

void dg_fingerprint(const dg_pieces *pieces, const dg_piece *piece, const size_t *tiles,
                    size_t count, const demgrad_batch_options *options,
                    char text[DG_FINGERPRINT_SIZE]) {
    const dg_hash inputs = hash_inputs(pieces, piece, tiles, count);
    snprintf(text, DG_FINGERPRINT_SIZE, "%016" PRIx64 "-%016" PRIx64 "%016" PRIx64 "-%016" PRIx64,
             hash_options(pieces, piece, options).a, inputs.a, inputs.b,
             hash_name(piece->output).a);
}

void dg_fingerprint_mark_incomplete(char text[DG_FINGERPRINT_SIZE]) {
    snprintf(text + LENGTH, DG_FINGERPRINT_SIZE - LENGTH, "%s", INCOMPLETE);
}

demgrad_piece_state dg_fingerprint_compare(const char *found, const char *expected) {
    if (strcmp(found, expected) == 0)
        return DEMGRAD_PIECE_KEPT;
    if (strncmp(found, expected, OPTIONS) != 0)
        return DEMGRAD_PIECE_OTHER_OPTIONS;
    return strncmp(found, expected, LENGTH) == 0 ? DEMGRAD_PIECE_INCOMPLETE
                                                 : DEMGRAD_PIECE_OUT_OF_DATE;
}

bool dg_fingerprint_is_of(const char *found, const char *output) {
    char name[NAME + 1];
    snprintf(name, sizeof name, "%016" PRIx64, hash_name(output).a);
    return strlen(found) >= LENGTH && strncmp(found + NAME_AT, name, NAME) == 0;
}
