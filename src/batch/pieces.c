#include "pieces.h"

#include "integers.h"
#include "writer.h"

#include <cpl_conv.h>
#include <cpl_hash_set.h>
#include <cpl_string.h>
#include <stdlib.h>
#include <string.h>

/* Tiles that touch do not overlap: the rectangles in the index end at the last pixel's centre. */
static void tile_bounds(const void *feature, CPLRectObj *bounds) {
    const dg_window w = ((const dg_tile *)feature)->window;
    *bounds =
        (CPLRectObj){w.col + 0.25, w.row + 0.25, w.col + w.width - 0.25, w.row + w.height - 0.25};
}

static CPLQuadTree *make_index(const dg_catalog *catalog) {
    const CPLRectObj all = {0, 0, catalog->grid.width, catalog->grid.height};
    CPLQuadTree *index = CPLQuadTreeCreate(&all, tile_bounds);
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->tiles[i].on_grid)
            CPLQuadTreeInsert(index, &catalog->tiles[i]);
    }
    return index;
}

static char *output_name(const demgrad_batch_options *o, const char *input, int col, int row) {
    const char *extension = dg_writer_extension(o->raster.format);
    char *stem = CPLStrdup(CPLGetBasename(input));
    char *name = o->tile_width > 0 ? CPLStrdup(CPLSPrintf("%s_r%d_c%d_gradient", stem, row, col))
                                   : CPLStrdup(CPLSPrintf("%s_gradient", stem));
    char *path = CPLStrdup(CPLFormFilename(o->output_dir, name, *extension ? extension : NULL));
    CPLFree(stem);
    CPLFree(name);
    return path;
}

/* The geotransform of a window of the tile, from the tile's own: it may differ in its last digits
 * from the catalog's. */
static dg_grid window_grid(const dg_tile *tile, dg_window of_tile) {
    dg_grid grid = tile->info.grid;
    double *g = grid.geotransform;
    const double x = g[0] + of_tile.col * g[1] + of_tile.row * g[2];
    const double y = g[3] + of_tile.col * g[4] + of_tile.row * g[5];
    g[0] = x;
    g[3] = y;
    grid.width = of_tile.width;
    grid.height = of_tile.height;
    return grid;
}

static void add_piece(dg_pieces *p, size_t tile, dg_window of_tile, char *output) {
    const dg_tile *t = &p->catalog->tiles[tile];
    dg_piece piece = {
        .tile = tile, .window = of_tile, .grid = window_grid(t, of_tile), .output = output};
    if (t->on_grid) {
        piece.window.col += t->window.col;
        piece.window.row += t->window.row;
    }
    p->list[p->count++] = piece;
}

/* A tile that cannot be opened, of size 0, is one piece that fails. */
static int count_cuts(int size, int cut) {
    return cut > 0 && size > 0 ? dg_ceil_divide(size, cut) : 1;
}

/* The range that the cut number `i` has of `size` pixels. */
static void cut_range(int size, int cut, int overlap, int i, int *begin, int *length) {
    const int64_t first = (int64_t)i * cut - overlap, end = ((int64_t)i + 1) * cut + overlap;
    *begin = first > 0 ? (int)first : 0;
    *length = (end < size ? (int)end : size) - *begin;
}

static void add_tile(dg_pieces *p, size_t tile, const demgrad_batch_options *o) {
    const dg_tile *t = &p->catalog->tiles[tile];
    const dg_window all = dg_grid_window(&t->info.grid);
    const int cols = count_cuts(all.width, o->tile_width);
    const int rows = count_cuts(all.height, o->tile_height);
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < cols; j++) {
            dg_window cut = all;
            if (o->tile_width > 0) {
                cut_range(all.width, o->tile_width, o->overlap, j, &cut.col, &cut.width);
                cut_range(all.height, o->tile_height, o->overlap, i, &cut.row, &cut.height);
            }
            add_piece(p, tile, cut, output_name(o, t->path, j, i));
        }
    }
}

/* Beyond it their names alone take gigabytes, and no folder is of use. */
static const double MOST_PIECES = 1e7;

static demgrad_status count_pieces(const dg_catalog *catalog, const demgrad_batch_options *o,
                                   size_t *count, demgrad_error *error) {
    double all = 0;
    for (size_t i = 0; i < catalog->count; i++) {
        const dg_grid *grid = &catalog->tiles[i].info.grid;
        all += (double)count_cuts(grid->width, o->tile_width) *
               count_cuts(grid->height, o->tile_height);
    }
    *count = (size_t)all;
    if (all <= MOST_PIECES)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "there would be %.0f outputs, and there can be %.0f in a batch; %s", all,
                   MOST_PIECES,
                   o->tile_width > 0 ? "make the tiles larger (--tile)" : "give it fewer inputs");
}

static int compare_places(const void *a, const void *b) {
    const dg_piece *p = a, *q = b;
    if (p->window.row != q->window.row)
        return p->window.row < q->window.row ? -1 : 1;
    if (p->window.col != q->window.col)
        return p->window.col < q->window.col ? -1 : 1;
    return strcmp(p->output, q->output);
}

static unsigned long hash_output(const void *piece) {
    return CPLHashSetHashStr(((const dg_piece *)piece)->output);
}

static int same_output(const void *a, const void *b) {
    return strcmp(((const dg_piece *)a)->output, ((const dg_piece *)b)->output) == 0;
}

static demgrad_status check_outputs(const dg_pieces *p, demgrad_error *error) {
    CPLHashSet *seen = CPLHashSetNew(hash_output, same_output, NULL);
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < p->count && !status; i++) {
        const dg_piece *same = CPLHashSetLookup(seen, &p->list[i]);
        if (same)
            status = dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                             "%s: would have the same output as %s, %s; rename one of them, or run "
                             "them into folders of their own",
                             p->catalog->tiles[p->list[i].tile].path,
                             p->catalog->tiles[same->tile].path, same->output);
        CPLHashSetInsert(seen, &p->list[i]);
    }
    CPLHashSetDestroy(seen);
    return status;
}

demgrad_status dg_pieces_make(const dg_catalog *catalog, const demgrad_batch_options *options,
                              dg_pieces **pieces, demgrad_error *error) {
    size_t count;
    demgrad_status status = count_pieces(catalog, options, &count, error);
    if (status)
        return status;
    dg_pieces *p = CPLCalloc(1, sizeof *p);
    p->catalog = catalog;
    p->list = CPLCalloc(count + 1, sizeof *p->list);
    for (size_t i = 0; i < catalog->count; i++)
        add_tile(p, i, options);
    qsort(p->list, p->count, sizeof *p->list, compare_places);
    p->index = make_index(catalog);
    status = check_outputs(p, error);
    if (status) {
        dg_pieces_free(p);
        return status;
    }
    *pieces = p;
    return DEMGRAD_OK;
}

void dg_pieces_free(dg_pieces *pieces) {
    if (!pieces)
        return;
    for (size_t i = 0; i < pieces->count; i++)
        CPLFree(pieces->list[i].output);
    CPLFree(pieces->list);
    CPLQuadTreeDestroy(pieces->index);
    CPLFree(pieces);
}

typedef struct tile_list {
    size_t *tiles;
    size_t count;
} tile_list;

static void add_within(const dg_pieces *p, dg_window w, int shift, tile_list *list) {
    const CPLRectObj reach = {w.col - p->halo + shift, w.row - p->halo,
                              w.col + w.width + p->halo + shift, w.row + w.height + p->halo};
    int found = 0;
    void **tiles = CPLQuadTreeSearch(p->index, &reach, &found);
    list->tiles = CPLRealloc(list->tiles, (list->count + (size_t)found + 1) * sizeof *list->tiles);
    for (int i = 0; i < found; i++)
        list->tiles[list->count++] = (size_t)((const dg_tile *)tiles[i] - p->catalog->tiles);
    CPLFree(tiles);
}

static int compare_indices(const void *a, const void *b) {
    const size_t i = *(const size_t *)a, j = *(const size_t *)b;
    return i < j ? -1 : i > j;
}

/* Sorts, and drops what is there twice and the piece's own tile. */
static void tidy(tile_list *list, size_t own) {
    qsort(list->tiles, list->count, sizeof *list->tiles, compare_indices);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const size_t t = list->tiles[i];
        if (t != own && (kept == 0 || list->tiles[kept - 1] != t))
            list->tiles[kept++] = t;
    }
    list->count = kept;
}

void dg_pieces_tiles(const dg_pieces *pieces, const dg_piece *piece, size_t **tiles,
                     size_t *count) {
    tile_list list = {CPLMalloc(sizeof *list.tiles), 0};
    if (pieces->catalog->tiles[piece->tile].on_grid) {
        add_within(pieces, piece->window, 0, &list);
        if (pieces->wrap > 0) {
            add_within(pieces, piece->window, pieces->wrap, &list);
            add_within(pieces, piece->window, -pieces->wrap, &list);
        }
        tidy(&list, piece->tile);
    }
    list.tiles[list.count++] = piece->tile;
    *tiles = list.tiles;
    *count = list.count;
}
