#include "groups.h"

#include "memory.h"

#include <stdlib.h>

/* Rows of tiles in a group: fewer, and too many blocks would be decoded for two groups. */
enum { GROUP_ROWS = 8 };

/* Rows of a panel that a pass holds: those that are read and, for each band, those computed. With
 * the usual blocks of 256 rows. */
enum { ROWS_READ = 1280, ROWS_COMPUTED = 512 };

typedef struct place {
    int64_t panel, band;
    int row, col;
    const dg_piece *piece;
} place;

static int compare_places(const void *a, const void *b) {
    const place *p = a, *q = b;
    const int64_t keys[4][2] = {
        {p->panel, q->panel}, {p->band, q->band}, {p->row, q->row}, {p->col, q->col}};
    for (int i = 0; i < 4; i++) {
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    }
    return 0;
}

/* Whether no other tile has pixels in the piece: else its own values must win in it alone. */
static bool stands_alone(const dg_batch *b, const dg_piece *piece) {
    size_t *tiles, count;
    demgrad_error ignored;
    bool alone = b->catalog->tiles[piece->tile].on_grid;
    if (dg_pieces_tiles(b->pieces, piece, &tiles, &count, &ignored))
        return false;
    for (size_t i = 0; i + 1 < count && alone; i++)
        alone = !dg_windows_overlap(b->catalog->tiles[tiles[i]].window, piece->window);
    free(tiles);
    return alone;
}

/* A pass over a group that is mostly gaps would not pay. */
static bool can_stream(const dg_batch *b, const dg_group *group) {
    dg_window all = group->pieces[0]->window;
    double pixels = 0;
    for (size_t i = 0; i < group->count; i++) {
        const dg_piece *piece = group->pieces[i];
        if (!stands_alone(b, piece))
            return false;
        all = dg_window_unite(all, piece->window);
        pixels += (double)piece->window.width * piece->window.height;
    }
    return group->count > 1 && (double)all.width * all.height < 1.5 * pixels;
}

static void find_largest(const dg_batch *b, int *width, int *height) {
    *width = *height = 1;
    for (size_t i = 0; i < b->pieces->count; i++) {
        const dg_window w = b->pieces->list[i].window;
        *width = w.width > *width ? w.width : *width;
        *height = w.height > *height ? w.height : *height;
    }
}

/* Columns of a panel: as many tiles as fit, shared out evenly over the grid. */
static int64_t panel_columns(const dg_batch *b, int64_t memory, int tile_width) {
    const demgrad_raster_options *o = &b->options->raster;
    const int64_t element = o->type == DEMGRAD_FLOAT64 || b->catalog->needs_double ? 8 : 4;
    const int64_t column =
        element * (ROWS_READ + (int64_t)ROWS_COMPUTED * b->setup.recipe.band_count);
    const int64_t fit = memory / column / tile_width;
    const int64_t tiles = (b->catalog->grid.width + (int64_t)tile_width - 1) / tile_width;
    const int64_t panels = fit > 0 ? (tiles + fit - 1) / fit : tiles;
    const int64_t in_each = panels > 0 ? (tiles + panels - 1) / panels : 1;
    return in_each * tile_width;
}

/* Where the pieces of this part lie among panels and bands of rows. */
static place *make_places(const dg_batch *b, int64_t memory, int workers, size_t *count,
                          demgrad_error *error) {
    const demgrad_batch_options *o = b->options;
    place *places = dg_alloc(b->pieces->count, sizeof *places, "the outputs", error);
    if (!places)
        return NULL;
    int width, height;
    find_largest(b, &width, &height);
    const int64_t panel = panel_columns(b, memory, width);
    int64_t band = (int64_t)GROUP_ROWS * height;
    /* Each worker should have a share, even of a small batch. */
    const int64_t share = (int64_t)b->catalog->grid.height / (2 * workers);
    if (b->catalog->grid.width <= panel && share < band)
        band = share > height ? share : height;
    *count = 0;
    for (size_t i = (size_t)o->part_index; i < b->pieces->count; i += (size_t)o->part_count) {
        const dg_piece *piece = &b->pieces->list[i];
        const dg_window w = piece->window;
        places[(*count)++] = (place){w.col / panel, w.row / band, w.row, w.col, piece};
    }
    qsort(places, *count, sizeof *places, compare_places);
    return places;
}

dg_group *dg_groups_make(const dg_batch *batch, int64_t memory, int workers, size_t *count,
                         demgrad_error *error) {
    size_t n = 0;
    place *places = make_places(batch, memory, workers, &n, error);
    const dg_piece **pieces = places ? dg_alloc(n, sizeof *pieces, "the outputs", error) : NULL;
    dg_group *groups = pieces ? dg_alloc(n, sizeof *groups, "the outputs", error) : NULL;
    *count = 0;
    if (groups)
        groups[0].pieces = pieces;
    else
        free(pieces);
    for (size_t i = 0; i < n && groups; i++) {
        pieces[i] = places[i].piece;
        const bool is_same =
            i > 0 && places[i].panel == places[i - 1].panel && places[i].band == places[i - 1].band;
        if (!is_same)
            groups[(*count)++].pieces = &pieces[i];
        groups[*count - 1].count++;
    }
    for (size_t i = 0; i < *count; i++)
        groups[i].is_stream = can_stream(batch, &groups[i]);
    free(places);
    return groups;
}

void dg_groups_free(dg_group *groups) {
    if (groups)
        free(groups[0].pieces);
    free(groups);
}
