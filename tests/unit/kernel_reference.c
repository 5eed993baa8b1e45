#include "kernel_reference.h"

#include <math.h>

/* Every operation is done in double and rounded to the type at hand. For floats that is what float
 * arithmetic gives: a double has more than twice a float's digits, so that rounding twice is
 * rounding once. */
typedef struct row_reference {
    const dg_stencil *stencil;
    const dg_row *row;
    bool is_double;
} row_reference;

static double rounded(const row_reference *r, double value) {
    return r->is_double ? value : (double)(float)value;
}

static double pixel(const row_reference *r, int row, int col) {
    const ptrdiff_t at = col - r->row->first_col;
    const void *z = r->row->z[DG_HALO + row];
    return r->is_double ? ((const double *)z)[at] : (double)((const float *)z)[at];
}

static double minus(const row_reference *r, double a, double b) {
    return rounded(r, a - b);
}

/* a x + b y */
static double weigh(const row_reference *r, double a, double x, double b, double y) {
    return rounded(r, rounded(r, rounded(r, a) * x) + rounded(r, rounded(r, b) * y));
}

/* At the last pixel that has data: z[0], z[1] and z[2], the missing one left out. */
static double at_end(const row_reference *r, const dg_axis_weights *w, const double z[5]) {
    const double down = minus(r, z[2], z[1]);
    if (r->stencil->edge_order == 2 && isfinite(z[0]))
        return weigh(r, w ? w->two_before : 1.5, down, w ? w->far_before : -0.5,
                     minus(r, z[1], z[0]));
    return rounded(r, rounded(r, w ? w->one_before : 1) * down);
}

static double at_start(const row_reference *r, const dg_axis_weights *w, const double z[5]) {
    const double up = minus(r, z[3], z[2]);
    if (r->stencil->edge_order == 2 && isfinite(z[4]))
        return weigh(r, w ? w->two_after : 1.5, up, w ? w->far_after : -0.5, minus(r, z[4], z[3]));
    return rounded(r, rounded(r, w ? w->one_after : 1) * up);
}

/* The difference at z[2]; NaN where there is none. */
static double difference(const row_reference *r, const dg_axis_weights *w, const double z[5]) {
    const bool has_before = isfinite(z[1]), has_after = isfinite(z[3]);
    if (has_before && has_after) {
        if (!w)
            return rounded(r, minus(r, z[3], z[1]) / 2);
        return weigh(r, w->before, minus(r, z[2], z[1]), w->after, minus(r, z[3], z[2]));
    }
    if (r->stencil->propagate || (!has_before && !has_after))
        return (double)NAN;
    return has_before ? at_end(r, w, z) : at_start(r, w, z);
}

static double factor(const row_reference *r, const dg_span *span, int which, int col) {
    const double c = rounded(r, col - span->anchor);
    const double change = rounded(r, rounded(r, span->dk[which]) * c);
    return rounded(r, rounded(r, span->k[which]) + change);
}

/* The share of a sum that a difference has; a factor of 0 takes part even of what is missing. */
static double share(const row_reference *r, double k, double d) {
    return k == 0 ? 0 : rounded(r, k * d);
}

static void write_component(const row_reference *r, void *out, const dg_span *span, int which,
                            int col, const double d[2]) {
    if (!out)
        return;
    const double u = share(r, factor(r, span, which, col), d[0]);
    const double v = share(r, factor(r, span, which + 1, col), d[1]);
    double value = rounded(r, u + v);
    if (!isfinite(value) || !isfinite(pixel(r, 0, col)))
        value = r->row->nodata;
    const ptrdiff_t at = col - r->row->first_col;
    if (r->is_double)
        ((double *)out)[at] = value;
    else
        ((float *)out)[at] = (float)value;
}

static void compute(const row_reference *r, const dg_span *span, int col) {
    double along[5], across[5];
    for (int i = -2; i <= 2; i++) {
        along[i + 2] = pixel(r, 0, col + i);
        across[i + 2] = pixel(r, i, col);
    }
    const dg_axis_weights *columns = r->stencil->columns, *rows = r->stencil->rows;
    const double d[2] = {difference(r, columns ? &columns[col] : NULL, along),
                         difference(r, rows ? &rows[r->row->row] : NULL, across)};
    write_component(r, r->row->dzdx, span, 0, col, d);
    write_component(r, r->row->dzdy, span, 2, col, d);
}

void kernel_reference_row(const dg_stencil *stencil, const dg_row *row, bool is_double) {
    const row_reference r = {stencil, row, is_double};
    for (size_t i = 0; i < row->span_count; i++) {
        const dg_span *span = &row->spans[i];
        for (int col = span->col; col < span->col + span->width; col++) {
            if (col >= row->first_col && col < row->first_col + row->width)
                compute(&r, span, col);
        }
    }
}
