#include "lattice.h"

#include "patch.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const int ROOT_PIXELS = 4096;

/* A cell: unknown yet, a leaf with a patch, or split. */
typedef struct node {
    dg_window cell;
    dg_patch *patch;
    struct node *children; /* four, by rows; empty cells where a side cannot be halved */
} node;

struct dg_lattice {
    dg_grid grid;
    dg_field field;
    int phase_col, phase_row; /* of the first pixel in the cell that it is in */
    dg_window window;         /* the prepared one */
    node *roots;              /* of its rows, [row][column], over all columns of the grid */
    int root_row, root_cols, root_rows;
    dg_span *spans;
    size_t span_count, span_capacity;
};

static void destroy_node(node *n) {
    if (n->children) {
        for (int i = 0; i < 4; i++)
            destroy_node(&n->children[i]);
    }
    free(n->children);
    free(n->patch);
    *n = (node){.cell = n->cell};
}

static void destroy_roots(node *roots, int count) {
    for (int i = 0; i < count; i++)
        destroy_node(&roots[i]);
    free(roots);
}

static int phase_of(double position) {
    const double pixel = floor(position);
    return (int)(pixel - floor(pixel / ROOT_PIXELS) * ROOT_PIXELS);
}

demgrad_status dg_lattice_create(const dg_grid *grid, const dg_field *field, dg_lattice **lattice,
                                 demgrad_error *error) {
    dg_lattice *l = calloc(1, sizeof *l);
    if (!l)
        return dg_fail_memory(error, "the metric's lattice");
    l->grid = *grid;
    l->field = *field;
    l->phase_col = phase_of(field->position[0]);
    l->phase_row = phase_of(field->position[1]);
    *lattice = l;
    return DEMGRAD_OK;
}

void dg_lattice_destroy(dg_lattice *lattice) {
    if (!lattice)
        return;
    destroy_roots(lattice->roots, lattice->root_cols * lattice->root_rows);
    free(lattice->spans);
    free(lattice);
}

/* The index of the root cell that a column or row of the grid is in. */
static int root_of(int pixel, int phase) {
    return (int)(((int64_t)pixel + phase) / ROOT_PIXELS);
}

/* Moves on to the cells of the window's rows, over all columns of the grid: groups of pixels that
 * follow one another lie side by side. Those of other rows are forgotten. */
static demgrad_status move_roots(dg_lattice *l, dg_window window, demgrad_error *error) {
    const int row = root_of(window.row, l->phase_row);
    const int rows = root_of(window.row + window.height - 1, l->phase_row) - row + 1;
    const int cols = root_of(l->grid.width - 1, l->phase_col) + 1;
    if (row == l->root_row && rows == l->root_rows)
        return DEMGRAD_OK;
    node *roots = calloc((size_t)cols * (size_t)rows, sizeof *roots);
    if (!roots)
        return dg_fail_memory(error, "the metric's lattice");
    for (int i = 0; i < rows * cols; i++) {
        const int old = i / cols + row - l->root_row;
        const dg_window cell = {i % cols * ROOT_PIXELS - l->phase_col,
                                (row + i / cols) * ROOT_PIXELS - l->phase_row, ROOT_PIXELS,
                                ROOT_PIXELS};
        if (old >= 0 && old < l->root_rows) {
            node *from = &l->roots[old * cols + i % cols];
            roots[i] = *from;
            *from = (node){0};
        } else {
            roots[i].cell = cell;
        }
    }
    destroy_roots(l->roots, l->root_cols * l->root_rows);
    l->roots = roots;
    l->root_row = row;
    l->root_cols = cols;
    l->root_rows = rows;
    return DEMGRAD_OK;
}

/* Indices of root cells. */
typedef struct root_range {
    int row, row_end, col, col_end;
} root_range;

/* Those that `part`, which is in the prepared window, meets. */
static root_range roots_of(const dg_lattice *l, dg_window part) {
    const root_range range = {root_of(part.row, l->phase_row) - l->root_row,
                              root_of(part.row + part.height - 1, l->phase_row) - l->root_row + 1,
                              root_of(part.col, l->phase_col),
                              root_of(part.col + part.width - 1, l->phase_col) + 1};
    assert(range.row >= 0 && range.row_end <= l->root_rows);
    assert(range.col >= 0 && range.col_end <= l->root_cols);
    return range;
}

static bool split_node(node *n) {
    n->children = calloc(4, sizeof *n->children);
    if (!n->children)
        return false;
    const int left = (n->cell.width + 1) / 2, top = (n->cell.height + 1) / 2;
    for (int i = 0; i < 4; i++) {
        const bool right = i & 1, bottom = i & 2;
        n->children[i].cell =
            (dg_window){n->cell.col + (right ? left : 0), n->cell.row + (bottom ? top : 0),
                        right ? n->cell.width - left : left, bottom ? n->cell.height - top : top};
    }
    return true;
}

/* Makes the part of `n` ready that meets the window. */
static bool refine(dg_lattice *l, node *n) {
    if (n->patch || !dg_windows_overlap(n->cell, l->window))
        return true;
    if (!n->children) {
        dg_patch *patch = malloc(sizeof *patch);
        if (!patch)
            return false;
        if (dg_patch_build(patch, n->cell, &l->field)) {
            n->patch = patch;
            return true;
        }
        free(patch);
        if (!split_node(n))
            return false;
    }
    return refine(l, &n->children[0]) && refine(l, &n->children[1]) && refine(l, &n->children[2]) &&
           refine(l, &n->children[3]);
}

demgrad_status dg_lattice_prepare(dg_lattice *lattice, dg_window window, demgrad_error *error) {
    const demgrad_status status = move_roots(lattice, window, error);
    if (status)
        return status;
    lattice->window = window;
    const root_range range = roots_of(lattice, window);
    for (int row = range.row; row < range.row_end; row++) {
        for (int col = range.col; col < range.col_end; col++) {
            if (!refine(lattice, &lattice->roots[row * lattice->root_cols + col]))
                return dg_fail_memory(error, "the metric's lattice");
        }
    }
    return DEMGRAD_OK;
}

static bool add_span(dg_lattice *l, dg_span span) {
    if (l->span_count == l->span_capacity) {
        const size_t capacity = l->span_capacity ? 2 * l->span_capacity : 64;
        dg_span *larger = realloc(l->spans, capacity * sizeof *larger);
        if (!larger)
            return false;
        l->spans = larger;
        l->span_capacity = capacity;
    }
    l->spans[l->span_count++] = span;
    return true;
}

/* Adds the patch's spans of a part of a row. */
static bool add_patch(dg_lattice *l, const dg_patch *patch, dg_window part) {
    const int first = part.col, end = part.col + part.width;
    const int cell_end = patch->cell.col + patch->cell.width;
    int col = patch->cell.col;
    if (first > col)
        col += (first - col) / patch->span * patch->span;
    const dg_patch_row row = dg_patch_row_at(patch, part.row);
    while (col < cell_end && col < end) {
        dg_span span = dg_patch_span(&row, col);
        col += span.width;
        const int from = span.col > first ? span.col : first;
        span.col = from;
        span.width = (col < end ? col : end) - from;
        if (!add_span(l, span))
            return false;
    }
    return true;
}

static bool collect(dg_lattice *l, const node *n, dg_window part) {
    if (!dg_windows_overlap(n->cell, part))
        return true;
    if (n->patch)
        return add_patch(l, n->patch, part);
    for (int i = 0; i < 4; i++) {
        if (!collect(l, &n->children[i], part))
            return false;
    }
    return true;
}

demgrad_status dg_lattice_row(dg_lattice *lattice, int row, int col, int width,
                              const dg_span **spans, size_t *count, demgrad_error *error) {
    const dg_window part = {col, row, width, 1};
    const root_range range = roots_of(lattice, part);
    lattice->span_count = 0;
    for (int i = range.col; i < range.col_end; i++) {
        if (!collect(lattice, &lattice->roots[range.row * lattice->root_cols + i], part))
            return dg_fail_memory(error, "the metric's lattice");
    }
    *spans = lattice->spans;
    *count = lattice->span_count;
    return DEMGRAD_OK;
}
