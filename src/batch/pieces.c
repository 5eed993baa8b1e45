#include "pieces.h"

#include "integers.h"
#include "memory.h"
#include "output_file.h"
#include "path.h"
#include "real_path.h"
#include "twins.h"

#include <stdlib.h>
#include <string.h>

/* The number after a version's dot is no extension. */
static char *file_stem(const char *path) {
    const char *dot = strrchr(dg_path_name(path), '.');
    const bool is_number = dot && dot[1] && strspn(dot + 1, "0123456789") == strlen(dot + 1);
    return is_number ? strdup(dg_path_name(path)) : dg_path_stem(path);
}

/* Finds the file of a subdataset, as GDAL lists it: DRIVER:"FILE":NAME, or DRIVER:FILE:NAME. */
static bool find_file(const char *input, const char **begin, const char **end) {
    const char *quoted = strstr(input, ":\"");
    *begin = quoted ? quoted + 2 : NULL;
    *end = quoted ? strstr(quoted + 2, "\":") : NULL;
    if (*end || dg_is_plain_path(input))
        return *end != NULL;
    const dg_named_file file = dg_find_named_file(input);
    *begin = input + file.begin;
    *end = *begin + file.length;
    return file.length > 0 && **end == ':';
}

/* Of a subdataset the file's stem and the own name. */
static char *input_stem(const char *input) {
    const char *begin, *end;
    if (!find_file(input, &begin, &end))
        return file_stem(input);
    char *file = strndup(begin, (size_t)(end - begin));
    char *stem = file ? file_stem(file) : NULL;
    char *name = stem ? dg_format(NULL, "%s_%s", stem, end + strspn(end, "\":")) : NULL;
    for (char *c = name; c && *c; c++)
        *c = strchr("/:\"", *c) ? '_' : *c;
    free(stem);
    free(file);
    return name;
}

static char *output_name(const demgrad_batch_options *o, const char *input, int col, int row,
                         demgrad_error *error) {
    const char *extension = dg_output_extension(o->raster.format);
    const char *dot = *extension ? "." : "";
    char *stem = input_stem(input), *name = NULL, *path = NULL;
    if (stem && o->tile_width > 0)
        name = dg_format(NULL, "%s_r%d_c%d_gradient%s%s", stem, row, col, dot, extension);
    else if (stem)
        name = dg_format(NULL, "%s_gradient%s%s", stem, dot, extension);
    if (name)
        path = dg_path_join(o->output_dir, name);
    if (!path)
        dg_fail_memory(error, "an output's name");
    free(stem);
    free(name);
    return path;
}

static void add_piece(dg_pieces *p, size_t tile, dg_window of_tile, char *output) {
    const dg_input t = dg_inputs_get(p->inputs, tile);
    const dg_grid grid = dg_inputs_part_grid(p->inputs, tile, of_tile);
    dg_piece piece = {.tile = tile,
                      .common = t.on_grid ? t.common : DG_ALONE,
                      .window = of_tile,
                      .grid = grid,
                      .output = output};
    piece.window.col += t.window.col;
    piece.window.row += t.window.row;
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

static demgrad_status add_tile(dg_pieces *p, size_t tile, const demgrad_batch_options *o,
                               demgrad_error *error) {
    const dg_input t = dg_inputs_get(p->inputs, tile);
    const dg_window all = dg_grid_window(&t.grid);
    const int cols = count_cuts(all.width, o->tile_width);
    const int rows = count_cuts(all.height, o->tile_height);
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < cols; j++) {
            dg_window cut = all;
            if (o->tile_width > 0) {
                cut_range(all.width, o->tile_width, o->overlap, j, &cut.col, &cut.width);
                cut_range(all.height, o->tile_height, o->overlap, i, &cut.row, &cut.height);
            }
            char *output = output_name(o, t.path, j, i, error);
            if (!output)
                return DEMGRAD_OUT_OF_MEMORY;
            add_piece(p, tile, cut, output);
        }
    }
    return DEMGRAD_OK;
}

/* Beyond it their names alone take gigabytes, and no folder is of use. */
static const double MOST_PIECES = 1e7;

static demgrad_status count_pieces(const dg_inputs *inputs, const demgrad_batch_options *o,
                                   size_t *count, demgrad_error *error) {
    double all = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const dg_grid grid = dg_inputs_get(inputs, i).grid;
        all +=
            (double)count_cuts(grid.width, o->tile_width) * count_cuts(grid.height, o->tile_height);
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
    if (p->common != q->common)
        return p->common < q->common ? -1 : 1;
    if (p->window.row != q->window.row)
        return p->window.row < q->window.row ? -1 : 1;
    if (p->window.col != q->window.col)
        return p->window.col < q->window.col ? -1 : 1;
    return strcmp(p->output, q->output);
}

static demgrad_status refuse_twins(const dg_pieces *p, const dg_piece *one, const dg_piece *other,
                                   demgrad_error *error) {
    const char *a = dg_inputs_get(p->inputs, one->tile).path,
               *b = dg_inputs_get(p->inputs, other->tile).path;
    if (dg_is_same_path(a, b))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: is given twice, and has one output, %s; name it once", a, one->output);
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "%s: would have the same output as %s, %s%s; rename one of them, or run "
                   "them into folders of their own",
                   b, a, one->output,
                   strcmp(one->output, other->output) == 0
                       ? ""
                       : " (the folder takes their letters for the same)");
}

static demgrad_status check_outputs(const dg_pieces *p, demgrad_error *error) {
    const char **paths = dg_alloc(p->count, sizeof *paths, "the outputs", error);
    size_t pair[2];
    bool found = false;
    if (!paths)
        return DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < p->count; i++)
        paths[i] = p->list[i].output;
    const demgrad_status status = dg_twins_find(paths, p->count, pair, &found, error);
    free(paths);
    return found ? refuse_twins(p, &p->list[pair[0]], &p->list[pair[1]], error) : status;
}

static demgrad_status fill(dg_pieces *p, const demgrad_batch_options *options, size_t count,
                           demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    p->list = dg_alloc(count, sizeof *p->list, "the outputs", error);
    p->index = p->list ? dg_tile_index_new(p->inputs, error) : NULL;
    if (!p->index)
        return DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < p->inputs->count && !status; i++)
        status = add_tile(p, i, options, error);
    qsort(p->list, p->count, sizeof *p->list, compare_places);
    return status ? status : check_outputs(p, error);
}

demgrad_status dg_pieces_make(const dg_inputs *inputs, const demgrad_batch_options *options,
                              dg_pieces **pieces, demgrad_error *error) {
    size_t count;
    demgrad_status status = count_pieces(inputs, options, &count, error);
    if (status)
        return status;
    dg_pieces *p = dg_alloc(1, sizeof *p, "the outputs", error);
    if (!p)
        return DEMGRAD_OUT_OF_MEMORY;
    p->inputs = inputs;
    status = fill(p, options, count, error);
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
        free(pieces->list[i].output);
    free(pieces->list);
    dg_tile_index_free(pieces->index);
    free(pieces);
}

/* Sorts, and drops what is there twice and the piece's own tile; how many are left. */
static size_t tidy(size_t *tiles, size_t count, size_t own) {
    const size_t all = dg_tiles_sort(tiles, count);
    size_t kept = 0;
    for (size_t i = 0; i < all; i++) {
        if (tiles[i] != own)
            tiles[kept++] = tiles[i];
    }
    return kept;
}

const dg_inputs_grid *dg_pieces_grid(const dg_pieces *pieces, const dg_piece *piece) {
    return piece->common == DG_ALONE ? NULL : &pieces->inputs->grids[piece->common];
}

int dg_pieces_reaches(const dg_pieces *pieces, const dg_piece *piece, dg_window reaches[3]) {
    const dg_window w = piece->window;
    const int halo = pieces->inputs->halo, wrap = dg_pieces_grid(pieces, piece)->wrap;
    int count = 0;
    for (int turn = -1; turn <= 1; turn++) {
        if (turn == 0 || wrap > 0)
            reaches[count++] = (dg_window){w.col - halo + turn * wrap, w.row - halo,
                                           w.width + 2 * halo, w.height + 2 * halo};
    }
    return count;
}

/* The tiles within the piece's reach; NULL: counts them. */
static size_t find_within(const dg_pieces *p, const dg_piece *piece, size_t *tiles) {
    size_t found = 0;
    if (piece->common == DG_ALONE)
        return 0;
    dg_window reaches[3];
    const int count = dg_pieces_reaches(p, piece, reaches);
    for (int i = 0; i < count; i++)
        found +=
            dg_tile_index_find(p->index, piece->common, reaches[i], tiles ? tiles + found : NULL);
    return found;
}

demgrad_status dg_pieces_tiles(const dg_pieces *pieces, const dg_piece *piece, size_t **tiles,
                               size_t *count, demgrad_error *error) {
    size_t *list =
        dg_alloc(find_within(pieces, piece, NULL) + 1, sizeof *list, "the neighbours", error);
    if (!list)
        return DEMGRAD_OUT_OF_MEMORY;
    *count = tidy(list, find_within(pieces, piece, list), piece->tile);
    list[(*count)++] = piece->tile;
    *tiles = list;
    return DEMGRAD_OK;
}
