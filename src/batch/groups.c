#include "groups.h"

#include "budget.h"
#include "integers.h"
#include "memory.h"

#include <stdlib.h>

/* Rows of tiles in a group: fewer, and too many blocks would be decoded for two groups. */
enum { GROUP_ROWS = 8 };

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
    bool alone = dg_batch_input(b, piece).on_grid;
    if (dg_pieces_tiles(b->pieces, piece, &tiles, &count, &ignored))
        return false;
    for (size_t i = 0; i + 1 < count && alone; i++)
        alone = !dg_windows_overlap(dg_inputs_get(&b->inputs, tiles[i]).window, piece->window);
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

static const dg_piece *find_largest(const dg_batch *b) {
    const dg_piece *largest = NULL;
    int64_t most = 0;
    for (size_t i = 0; i < b->pieces->count; i++) {
        const dg_piece *p = &b->pieces->list[i];
        const int64_t pixels = (int64_t)p->window.width * p->window.height;
        if (dg_batch_input(b, p).on_grid && pixels > most) {
            largest = p;
            most = pixels;
        }
    }
    return largest;
}

demgrad_status dg_panel_open(const dg_batch *batch, dg_panel *panel, demgrad_error *error) {
    const dg_inputs *in = &batch->inputs;
    *panel = (dg_panel){.batch = batch, .largest = in->setup ? find_largest(batch) : NULL};
    if (!panel->largest)
        return DEMGRAD_OK;
    return dg_inputs_open_source(in, &in->heaviest, 1, dg_inputs_get(in, in->heaviest).path, NULL,
                                 &panel->source, error);
}

void dg_panel_close(dg_panel *panel) {
    dg_inputs_close_source(panel->source);
}

static dg_pass pass_of(const dg_panel *panel, dg_worker *worker) {
    dg_pass pass = dg_worker_pass(worker);
    pass.source = panel->source;
    return pass;
}

static dg_outlet outlet_of(const dg_panel *panel) {
    return (dg_outlet){.path = panel->largest->output,
                       .window = panel->largest->window,
                       .grid = panel->largest->grid};
}

demgrad_status dg_panel_fit(const dg_panel *panel, dg_worker *worker, size_t count, dg_fit *fit,
                            demgrad_error *error) {
    const dg_pass pass = pass_of(panel, worker);
    const dg_outlet outlet = outlet_of(panel);
    return dg_budget_fit(&pass, &outlet, count, fit, error);
}

void dg_panel_warn(const dg_panel *panel, dg_worker *worker) {
    const dg_pass pass = pass_of(panel, worker);
    const dg_outlet outlet = outlet_of(panel);
    dg_budget_warn(&pass, &outlet, &panel->batch->messages);
}

static void find_extent(const dg_batch *b, int *width, int *height) {
    *width = *height = 1;
    for (size_t i = 0; i < b->pieces->count; i++) {
        const dg_window w = b->pieces->list[i].window;
        *width = dg_max(w.width, *width);
        *height = dg_max(w.height, *height);
    }
}

/* How many pieces of `all` side by side a pass can have; at least 1. */
static demgrad_status count_beside(const dg_panel *panel, dg_worker *worker, size_t all,
                                   size_t *count, demgrad_error *error) {
    size_t none = all + 1; /* that many do not fit */
    demgrad_status status = DEMGRAD_OK;
    *count = 1;
    while (panel->source && *count + 1 < none && !status) {
        const size_t tried = none > all ? all : *count + (none - *count) / 2;
        dg_fit fit;
        status = dg_panel_fit(panel, worker, tried, &fit, error);
        if (fit == DG_FIT_WHOLE)
            *count = tried;
        else
            none = tried;
    }
    return status;
}

/* Columns of a panel: as many tiles as fit, shared out evenly over the grid. */
static demgrad_status panel_columns(const dg_panel *panel, dg_worker *worker, int tile_width,
                                    int64_t *columns, demgrad_error *error) {
    const int64_t tiles = ((int64_t)panel->batch->inputs.grid.width + tile_width - 1) / tile_width;
    size_t fit;
    const demgrad_status status =
        count_beside(panel, worker, (size_t)(tiles > 1 ? tiles : 1), &fit, error);
    const int64_t panels = (tiles + (int64_t)fit - 1) / (int64_t)fit;
    const int64_t in_each = panels > 0 ? (tiles + panels - 1) / panels : 1;
    *columns = in_each * tile_width;
    return status;
}

/* Where the pieces of this part lie among panels and bands of rows. */
static place *make_places(const dg_panel *of, dg_worker *worker, int workers, size_t *count,
                          demgrad_error *error) {
    const dg_batch *b = of->batch;
    const demgrad_batch_options *o = b->options;
    int width, height;
    int64_t panel;
    find_extent(b, &width, &height);
    if (panel_columns(of, worker, width, &panel, error))
        return NULL;
    place *places = dg_alloc(b->pieces->count, sizeof *places, "the outputs", error);
    if (!places)
        return NULL;
    int64_t band = (int64_t)GROUP_ROWS * height;
    /* Each worker should have a share, even of a small batch. */
    const int64_t share = (int64_t)b->inputs.grid.height / (2 * workers);
    if (b->inputs.grid.width <= panel && share < band)
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

dg_group *dg_groups_make(const dg_panel *panel, dg_worker *worker, int workers, size_t *count,
                         demgrad_error *error) {
    size_t n = 0;
    place *places = make_places(panel, worker, workers, &n, error);
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
        groups[i].is_stream = can_stream(panel->batch, &groups[i]);
    free(places);
    return groups;
}

void dg_groups_free(dg_group *groups) {
    if (groups)
        free(groups[0].pieces);
    free(groups);
}
