#include "groups.h"

#include "budget.h"
#include "integers.h"
#include "memory.h"

#include <stdlib.h>

/* Rows of tiles in a group: fewer, and too many blocks would be decoded for two groups. */
enum { GROUP_ROWS = 8 };

/* Pieces of one panel and band are a group. */
typedef struct place {
    size_t common;
    int64_t panel, band;
    const dg_piece *piece;
} place;

static int compare_groups(const place *p, const place *q) {
    if (p->common != q->common)
        return p->common < q->common ? -1 : 1;
    const int panels = dg_compare(p->panel, q->panel);
    return panels ? panels : dg_compare(p->band, q->band);
}

static int compare_places(const void *a, const void *b) {
    const place *p = a, *q = b;
    const dg_window v = p->piece->window, w = q->piece->window;
    const int groups = compare_groups(p, q);
    const int rows = groups ? groups : dg_compare(v.row, w.row);
    return rows ? rows : dg_compare(v.col, w.col);
}

/* Whether no other tile has pixels in the piece: else its own values must win in it alone. */
static bool stands_alone(const dg_batch *b, const dg_piece *piece) {
    size_t *tiles, count;
    demgrad_error ignored;
    bool alone = true;
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
    if (group->pieces[0]->common == DG_ALONE)
        return false;
    for (size_t i = 0; i < group->count; i++) {
        const dg_piece *piece = group->pieces[i];
        if (!stands_alone(b, piece))
            return false;
        all = dg_window_unite(all, piece->window);
        pixels += (double)dg_window_pixels(piece->window);
    }
    return group->count > 1 && (double)all.width * all.height < 1.5 * pixels;
}

static demgrad_status open_panel(const dg_batch *b, size_t grid, dg_panel *panel,
                                 demgrad_error *error) {
    const dg_inputs *in = &b->inputs;
    const size_t heaviest = in->grids[grid].heaviest;
    *panel = (dg_panel){.batch = b};
    for (size_t i = 0; i < b->pieces->count; i++) {
        const dg_piece *piece = &b->pieces->list[i];
        if (piece->common == grid &&
            (!panel->largest ||
             dg_window_pixels(piece->window) > dg_window_pixels(panel->largest->window)))
            panel->largest = piece;
    }
    if (!panel->largest)
        return DEMGRAD_OK;
    return dg_inputs_open_source(in, &heaviest, 1, dg_inputs_get(in, heaviest).path, NULL,
                                 &panel->source, error);
}

demgrad_status dg_panels_open(const dg_batch *batch, dg_panel **panels, demgrad_error *error) {
    const size_t count = batch->inputs.grid_count;
    *panels = dg_alloc(count + 1, sizeof **panels, "the outputs", error);
    demgrad_status status = *panels ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < count && !status; i++)
        status = open_panel(batch, i, &(*panels)[i], error);
    if (status)
        dg_panels_close(batch, *panels);
    return status;
}

void dg_panels_close(const dg_batch *batch, dg_panel *panels) {
    for (size_t i = 0; i < batch->inputs.grid_count && panels; i++)
        dg_inputs_close_source(panels[i].source);
    free(panels);
}

static dg_pass pass_of(const dg_panel *panel, dg_worker *worker) {
    const dg_inputs_grid *grid = dg_pieces_grid(panel->batch->pieces, panel->largest);
    dg_pass pass = dg_worker_pass(worker, grid->setup);
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

/* How the pieces of a grid are shared out to groups, in pixels. */
typedef struct layout {
    int64_t panel, band; /* columns of a panel, rows of a group */
} layout;

static void find_extent(const dg_batch *b, size_t grid, int *width, int *height) {
    *width = *height = 1;
    for (size_t i = 0; i < b->pieces->count; i++) {
        const dg_window w = b->pieces->list[i].window;
        if (b->pieces->list[i].common == grid) {
            *width = dg_max(w.width, *width);
            *height = dg_max(w.height, *height);
        }
    }
}

/* As many tiles beside each other as fit, shared out evenly over the grid. */
static demgrad_status lay_out(const dg_panel *panel, dg_worker *worker, int workers, layout *l,
                              demgrad_error *error) {
    const size_t number = panel->largest->common;
    const dg_grid *grid = &panel->batch->inputs.grids[number].grid;
    int width, height;
    find_extent(panel->batch, number, &width, &height);
    const int64_t tiles = ((int64_t)grid->width + width - 1) / width;
    size_t fit;
    const demgrad_status status = count_beside(panel, worker, (size_t)tiles, &fit, error);
    const int64_t panels = (tiles + (int64_t)fit - 1) / (int64_t)fit;
    l->panel = (tiles + panels - 1) / panels * width;
    l->band = (int64_t)GROUP_ROWS * height;
    /* Each worker should have a share, even of a small batch. */
    const int64_t share = (int64_t)grid->height / (2 * workers);
    if (panels == 1 && share < l->band)
        l->band = share > height ? share : height;
    return status;
}

static layout *lay_out_all(const dg_batch *b, const dg_panel *panels, dg_worker *worker,
                           int workers, demgrad_error *error) {
    const size_t count = b->inputs.grid_count;
    layout *layouts = dg_alloc(count + 1, sizeof *layouts, "the outputs", error);
    demgrad_status status = layouts ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < count && !status; i++) {
        if (panels[i].largest)
            status = lay_out(&panels[i], worker, workers, &layouts[i], error);
    }
    if (status) {
        free(layouts);
        return NULL;
    }
    return layouts;
}

/* The pieces of a tile that is alone are a group. */
static place place_of(const dg_piece *piece, const layout *layouts) {
    if (piece->common == DG_ALONE)
        return (place){DG_ALONE, (int64_t)piece->tile, 0, piece};
    const layout *l = &layouts[piece->common];
    return (place){piece->common, piece->window.col / l->panel, piece->window.row / l->band, piece};
}

/* Where the pieces of this part lie among panels and bands of rows. */
static place *make_places(const dg_batch *b, const layout *layouts, size_t *count,
                          demgrad_error *error) {
    const demgrad_batch_options *o = b->options;
    place *places = dg_alloc(b->pieces->count, sizeof *places, "the outputs", error);
    *count = 0;
    if (!places)
        return NULL;
    for (size_t i = (size_t)o->part_index; i < b->pieces->count; i += (size_t)o->part_count)
        places[(*count)++] = place_of(&b->pieces->list[i], layouts);
    qsort(places, *count, sizeof *places, compare_places);
    return places;
}

/* Groups of sorted places. */
static dg_group *group_places(const place *places, size_t n, size_t *count, demgrad_error *error) {
    const dg_piece **pieces = dg_alloc(n, sizeof *pieces, "the outputs", error);
    dg_group *groups = pieces ? dg_alloc(n, sizeof *groups, "the outputs", error) : NULL;
    *count = 0;
    if (!groups) {
        free(pieces);
        return NULL;
    }
    groups[0].pieces = pieces;
    for (size_t i = 0; i < n; i++) {
        pieces[i] = places[i].piece;
        if (i == 0 || compare_groups(&places[i], &places[i - 1]) != 0)
            groups[(*count)++].pieces = &pieces[i];
        groups[*count - 1].count++;
    }
    return groups;
}

dg_group *dg_groups_make(const dg_batch *batch, const dg_panel *panels, dg_worker *worker,
                         int workers, size_t *count, demgrad_error *error) {
    size_t n = 0;
    layout *layouts = lay_out_all(batch, panels, worker, workers, error);
    place *places = layouts ? make_places(batch, layouts, &n, error) : NULL;
    dg_group *groups = places ? group_places(places, n, count, error) : NULL;
    for (size_t i = 0; groups && i < *count; i++)
        groups[i].is_stream = can_stream(batch, &groups[i]);
    free(places);
    free(layouts);
    return groups;
}

void dg_groups_free(dg_group *groups) {
    if (groups)
        free(groups[0].pieces);
    free(groups);
}
