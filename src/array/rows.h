/* The arithmetic of the gradient on one row of elements, for each dtype of f.
 *
 * "Wide" is about float f: the arithmetic is in double and only the result is rounded to float.
 * For all other dtypes everything is in double, and wide makes no difference. */
#ifndef DG_ROWS_H
#define DG_ROWS_H

#include <demgrad/array.h>
#include <stdbool.h>

/* Up to three rows in and one out, all of `count` elements. */
typedef struct dg_run {
    const void *in[3];
    void *out;
    ptrdiff_t in_stride, out_stride; /* in elements */
    ptrdiff_t count;
} dg_run;

/* A factor or divisor that is the same for a whole row. */
typedef struct dg_factor {
    double value;
    bool wide;
} dg_factor;

/* out = (in[1] - in[0]) / divisor. The difference of floats is a float even if wide. */
typedef void dg_quotient(const dg_run *run, double divisor);

/* out = weights[0] in[0] + weights[1] in[1] + weights[2] in[2]. */
typedef void dg_combine(const dg_run *run, const double weights[3]);

/* The same with weights of its own for each element: weights[k][j]. */
typedef void dg_combine_each(const dg_run *run, const double *const weights[3]);

typedef struct dg_rows {
    dg_quotient *quotient[2]; /* [wide] */
    dg_combine *combine[2];
    dg_combine_each *combine_each[2];
} dg_rows;

/* The row functions for f of a valid dtype. */
const dg_rows *dg_rows_for(demgrad_dtype dtype);

/* combine where some weights are wide and others are not: each product, and each sum, is rounded to
 * float if nothing wide has gone into it. For float f. */
void dg_combine_mixed(const dg_run *run, const dg_factor weights[3]);

#endif
