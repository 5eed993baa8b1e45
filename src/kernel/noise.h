/* Noise of the differences where windows are wide and not whole: at a cost that grows with the window's side, not
 * with its area. For stencils whose lines are all the same; private to the kernel. */
#ifndef DG_NOISE_H
#define DG_NOISE_H

#include "workspace.h"

/* Pixels that stencils around a strip's reach, along a row. */
enum { DG_STRIP_REACH = DG_STRIP + 2 * DG_MAX_HALF };

/* The kinds of lines, which are no more than these: without a slope, with a number of pairs, or with one of four
 * one-sided differences. */
enum { DG_LINE_KINDS = DG_MAX_HALF + 5 };

struct dg_wide_noise {
    dg_differences differences;
    int halo;

    double pair_weights[DG_MAX_HALF + 1]; /* the stencil's, from [1] on */

    /* Of each kind of line: the weights of its slope, in the middle of their array; their squares' sum; and what pairs
     * have been multiplied with to make weights of them, which is 0 for one-sided differences. */
    double weights[DG_LINE_KINDS][DG_MAX_WINDOW];
    double squares[DG_LINE_KINDS];
    double scales[DG_LINE_KINDS];
    int pairs[DG_LINE_KINDS]; /* of which no more than there are lines */

    /* Going in: 1 where the pixels of rows -halo ... halo, from `halo` before a run of pixels to `halo` after, have
     * data, else 0. Coming out: the kinds of the lines in the rows, by the pixels that they are centred at. */
    unsigned char rows[DG_MAX_WINDOW][DG_STRIP_REACH];

    /* Those of the lines in the columns, centred at the run's row. */
    unsigned char columns[DG_STRIP_REACH];

    /* What comes out, of each pixel of the run. */
    dg_noise noise[DG_STRIP];
};

/* Whether it is for these differences, and worth while. */
bool dg_wide_noise_suits(const dg_differences *differences);

/* NULL where there is no memory for it. To be freed by the C library's free. */
dg_wide_noise *dg_wide_noise_create(const dg_differences *differences);

/* Finds the noise of the n pixels of a run, at most DG_STRIP, from `rows`. */
void dg_wide_noise_find(dg_wide_noise *wide, int n);

#endif
