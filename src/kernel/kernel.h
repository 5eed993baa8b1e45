/* The kernel: a row of elevations in, a row of gradient out. Knows nothing of files or CRSs. */
#ifndef DG_KERNEL_H
#define DG_KERNEL_H

#include "grid.h"

#include <stdbool.h>
#include <stddef.h>

/* The rows or columns on each side of a pixel that a stencil can reach. */
enum { DG_HALO = 2 };

/* Weights of the differences around one column or row with coordinates of its own, all in 1/m:
 * with d- and d+ the differences to the neighbours before and after, and d-- and d++ those between
 * the neighbours and the next ones. From numpy.gradient's three-point formulas, rearranged to work
 * on differences. */
typedef struct dg_axis_weights {
    double before, after;          /* both sides: before * d- + after * d+ */
    double one_before;             /* end of data: one_before * d- */
    double one_after;              /* start of data: one_after * d+ */
    double two_before, far_before; /* end of data, second order: two_before d- + far_before d-- */
    double two_after, far_after;   /* start of data, second order: two_after d+ + far_after d++ */
} dg_axis_weights;

/* Fills weights[i] from n coordinates in metres, which must differ from their neighbours. */
void dg_axis_weights_fill(const double *coordinates, int n, dg_axis_weights *weights);

/* How differences are taken. */
typedef struct dg_stencil {
    int edge_order;                 /* of the one-sided difference where data ends: 1 or 2 */
    bool propagate;                 /* where data ends, no difference at all */
    const dg_axis_weights *columns; /* one for each column of the raster; NULL: uniform */
    const dg_axis_weights *rows;    /* one for each row; NULL: uniform */
} dg_stencil;

/* The numbers of one row's computation. */
typedef struct dg_row {
    int row;       /* of the raster; where the pointers below point at */
    int first_col; /* the raster's column that the pointers below point at */
    int width;     /* columns to compute, from first_col on */
    /* Rows -2 .. 2 around this one, floats or doubles, each with DG_HALO pixels before and after
     * its columns. A pixel that is not finite is no data. */
    const void *z[2 * DG_HALO + 1];
    const dg_span *spans; /* in the order of the columns; may reach beyond those to compute */
    size_t span_count;
    double nodata; /* written where a component does not exist */
    void *dzdx;    /* out, of z's type; NULL: not wanted */
    void *dzdy;    /* out, of z's type; NULL: not wanted */
} dg_row;

typedef void (*dg_kernel_row)(const dg_stencil *stencil, const dg_row *row);

/* One CPU tier's kernels. All tiers give the same bytes. */
typedef struct dg_kernel {
    const char *tier; /* "baseline", "x86-64-v3", "x86-64-v4" */
    dg_kernel_row row_float;
    dg_kernel_row row_double;
} dg_kernel;

/* The kernel for the highest tier that this CPU has and that is not above `tier` (NULL: no limit).
 * NULL where `tier` is no tier's name. */
const dg_kernel *dg_kernel_select(const char *tier);

#endif
