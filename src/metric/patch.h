/* Factors over one cell of the lattice: a cubic polynomial, or each pixel by itself. */
#ifndef DG_PATCH_H
#define DG_PATCH_H

#include "grid.h"
#include "lattice.h"

/* A cell of at most this many pixels is computed pixel by pixel: that is no dearer than the
 * polynomial's nodes and tests. */
enum { DG_PATCH_EXACT_PIXELS = 25 };

typedef struct dg_patch {
    dg_window cell;
    bool is_exact;
    double gain; /* the least gain of the factors at the points tested */
    int span;    /* columns that a linear piece may have */
    union {
        double polynomial[4][4][4]; /* [factor][power of v][power of u], u, v in -1..1 */
        double pixel[DG_PATCH_EXACT_PIXELS][4];
    } k;
} dg_patch;

/* Fills *patch for `cell`. False where the polynomial misses the factors; the cell is then to be
 * split. Never false for a cell of DG_PATCH_EXACT_PIXELS or fewer. */
bool dg_patch_build(dg_patch *patch, dg_window cell, const dg_field *field);

/* A row of a patch. */
typedef struct dg_patch_row {
    const dg_patch *patch;
    int row;
    double power[4][4]; /* [factor][power of u], where the patch is a polynomial */
} dg_patch_row;

dg_patch_row dg_patch_row_at(const dg_patch *patch, int row);

/* The span that begins at column `col`, and ends at a column of the patch's choice; anchored there.
 * `col` is the cell's first column, or the end of the span before. */
dg_span dg_patch_span(const dg_patch_row *row, int col);

#endif
