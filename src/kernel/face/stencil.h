/* Stencils: how differences are taken. Each is a table's row of weights. */
#ifndef DG_STENCIL_H
#define DG_STENCIL_H

#include <stdbool.h>
#include <stddef.h>

/* A line is a row of pixels for dz/dcolumn, a column of them for dz/drow. A line's slope is
 *   sum_i w_i (z[+i] - z[-i]) / sum_i 2 i w_i,    i = 1 ... pairs,
 * and the difference at a pixel is the mean of the slopes of its own line and of those beside it,
 * each with its sum_i 2 i w_i, its gain, as weight: in all the stencil as textbooks print it.
 *
 * Where data ends, a line takes the pairs up to the first that is not whole; without the first pair
 * the one-sided difference of the edge order; without data at its middle it drops out, and the mean
 * is over the others. So a plane is exact at every pixel that has a line left. */
typedef struct dg_stencil {
    const char *name;
    const char *help;
    int pairs, lines;      /* pixels of a line, and lines, on each side; 0, 0: half a window */
    bool is_same;          /* the weights are those of the first `pairs` in all lines */
    const double *weights; /* of pair i in the lines l before and after: [l * pairs + i - 1] */
} dg_stencil;

/* The largest window that a stencil can have, and half of it. */
enum { DG_MAX_WINDOW = 99, DG_MAX_HALF = DG_MAX_WINDOW / 2 };

extern const dg_stencil dg_stencils[];
extern const size_t dg_stencil_count;

/* NULL where there is no such name. */
const dg_stencil *dg_stencil_find(const char *name);

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

/* A stencil with all that the user chooses about it. */
typedef struct dg_differences {
    const dg_stencil *stencil;
    int pairs, lines;               /* the stencil's, or half the window */
    int edge_order;                 /* of the one-sided difference where data ends: 1 or 2 */
    bool propagate;                 /* where the stencil is not whole, no difference at all */
    const dg_axis_weights *columns; /* one for each column of the raster; NULL: uniform */
    const dg_axis_weights *rows;    /* one for each row; NULL: uniform. Both with one pair and no
                                       other lines only */
} dg_differences;

/* `window` is that of a stencil that has one, odd, 3 to DG_MAX_WINDOW; else it is not looked at. */
dg_differences dg_differences_make(const dg_stencil *stencil, int window, int edge_order,
                                   bool propagate);

/* The rows or columns on each side of a pixel that its differences can reach. */
int dg_differences_halo(const dg_differences *differences);

/* The weight of the `pair`-th pair, from 1, in the lines `line` before and after. */
double dg_differences_weight(const dg_differences *differences, int line, int pair);

/* The weight of these lines' slopes in the mean: in proportion to their gains. */
double dg_differences_line_gain(const dg_differences *differences, int line);

/* Whether all lines have the same slope, whichever pixel's difference they take part in. */
bool dg_differences_share_lines(const dg_differences *differences);

/* Sets the weights that the pixels of a line have in its slope where the grid is uniform, from weights[-halo] to
 * weights[halo], which have been 0; false where it has no slope. `middle` points to the middle of what says which
 * pixels have data. */
bool dg_differences_line_weights(const dg_differences *differences, const bool *middle,
                                 double *weights);

/* Sums over a pixel's stencil of the squared weights of its difference along the row, of the
 * products of both differences' weights, and of the squared weights of that along the column. With
 * noise of variance 1 in every pixel they are the differences' variances and covariance. */
typedef struct dg_noise {
    double along, both, across;
} dg_noise;

/* `valid` is an array [2 halo + 1][2 halo + 1] that says which of the pixels around have data; the
 * weights of the pixel's column and row are NULL where these are uniform; `room` is for twice as many
 * doubles as there are pixels. What does not exist is NaN. */
dg_noise dg_differences_noise(const dg_differences *differences, const bool *valid,
                              const dg_axis_weights *column, const dg_axis_weights *row,
                              double *room);

#endif
