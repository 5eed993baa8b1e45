#include "kernel_reference.h"

#include <math.h>

/* Every operation is done in double and rounded to the type at hand. For floats that is what float
 * arithmetic gives: a double has more than twice a float's digits, so that rounding twice is
 * rounding once. */
typedef struct row_reference {
    const dg_recipe *recipe;
    const dg_row *row;
    dg_type type;
} row_reference;

/* A line of pixels through (row, col), along a row or a column. */
typedef struct line {
    int row, col;
    bool is_column;
} line;

static double rounded(const row_reference *r, double value) {
    return r->type == DG_DOUBLE ? value : (double)(float)value;
}

static double pixel(const row_reference *r, int row, int col) {
    const ptrdiff_t at = col - r->row->first_col;
    const void *z = r->row->z[dg_differences_halo(&r->recipe->differences) + row];
    return dg_value(z, r->type, at);
}

static double place(const row_reference *r, line l, int i) {
    return l.is_column ? pixel(r, l.row + i, l.col) : pixel(r, l.row, l.col + i);
}

static double minus(const row_reference *r, double a, double b) {
    return rounded(r, a - b);
}

/* a x + b y */
static double weigh(const row_reference *r, double a, double x, double b, double y) {
    return rounded(r, rounded(r, rounded(r, a) * x) + rounded(r, rounded(r, b) * y));
}

/* At the end of data: towards `side`, where there is more. */
static double one_sided(const row_reference *r, const dg_axis_weights *w, line l, int side) {
    const int first = side < 0 ? side : 0; /* differences are counted along the line */
    const double near = minus(r, place(r, l, first + 1), place(r, l, first));
    const double one = w ? side < 0 ? w->one_before : w->one_after : 1;
    if (r->recipe->differences.edge_order == 2 && isfinite(place(r, l, 2 * side))) {
        const double far = minus(r, place(r, l, first + side + 1), place(r, l, first + side));
        const double two = w ? side < 0 ? w->two_before : w->two_after : 1.5;
        return weigh(r, two, near, w ? side < 0 ? w->far_before : w->far_after : -0.5, far);
    }
    return rounded(r, rounded(r, one) * near);
}

/* The pairs of pixels around that are whole, from the inside out. */
static int count_pairs(const row_reference *r, line l) {
    int pairs = 0;
    while (pairs < r->recipe->differences.pairs && isfinite(place(r, l, pairs + 1)) &&
           isfinite(place(r, l, -pairs - 1)))
        pairs++;
    return pairs;
}

/* sum w (z+ - z-) / sum 2 i w */
static double fit_pairs(const row_reference *r, line l, int beside, int pairs) {
    double sum = 0, gain = 0;
    for (int i = 1; i <= pairs; i++) {
        const double w = dg_differences_weight(&r->recipe->differences, beside, i);
        const double d = minus(r, place(r, l, i), place(r, l, -i));
        sum = rounded(r, sum + rounded(r, w * d));
        gain += 2 * i * w;
    }
    return rounded(r, sum / gain);
}

/* The slope of a line that is `beside` lines from the pixel's own; NaN where there is none. */
static double find_slope(const row_reference *r, const dg_axis_weights *w, line l, int beside) {
    const dg_differences *d = &r->recipe->differences;
    const int pairs = count_pairs(r, l);
    if (!isfinite(place(r, l, 0)) || (d->propagate && pairs < d->pairs))
        return (double)NAN;
    if (pairs > 0 && w)
        return weigh(r, w->before, minus(r, place(r, l, 0), place(r, l, -1)), w->after,
                     minus(r, place(r, l, 1), place(r, l, 0)));
    if (pairs > 0 && d->pairs == 1)
        return rounded(r, minus(r, place(r, l, 1), place(r, l, -1)) / 2);
    if (pairs > 0)
        return fit_pairs(r, l, beside, pairs);
    if (isfinite(place(r, l, -1)))
        return one_sided(r, w, l, -1);
    return isfinite(place(r, l, 1)) ? one_sided(r, w, l, 1) : (double)NAN;
}

/* The difference at (0, col). */
static double difference(const row_reference *r, const dg_axis_weights *w, int col,
                         bool is_column) {
    const dg_differences *d = &r->recipe->differences;
    double sum = 0, gain = 0;
    for (int l = -d->lines; l <= d->lines; l++) {
        const line at = {is_column ? 0 : l, is_column ? col + l : col, is_column};
        const double slope = find_slope(r, w, at, l);
        if (d->lines == 0)
            return slope;
        if (d->propagate && isnan(slope))
            return (double)NAN;
        const double weight = dg_differences_line_gain(d, l);
        if (!isnan(slope)) {
            sum = rounded(r, sum + rounded(r, weight * slope));
            gain += weight;
        }
    }
    return rounded(r, sum / gain);
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

static double component(const row_reference *r, const dg_span *span, int which, int col,
                        const double d[2]) {
    const double u = share(r, factor(r, span, which, col), d[0]);
    const double v = share(r, factor(r, span, which + 1, col), d[1]);
    const double value = rounded(r, u + v);
    return !isnan(value) && isfinite(pixel(r, 0, col)) ? value : r->recipe->nodata;
}

static void compute(const row_reference *r, const dg_span *span, int col) {
    const dg_axis_weights *columns = r->recipe->differences.columns;
    const dg_axis_weights *rows = r->recipe->differences.rows;
    const double d[2] = {difference(r, columns ? &columns[col] : NULL, col, false),
                         difference(r, rows ? &rows[r->row->row] : NULL, col, true)};
    for (int i = 0; i < r->recipe->band_count; i++) {
        const bool is_dzdx = r->recipe->bands[i]->needs == DG_NEEDS_DZDX;
        const double value = component(r, span, is_dzdx ? 0 : 2, col, d);
        const ptrdiff_t at = i * r->row->band_stride + col - r->row->first_col;
        if (r->type == DG_DOUBLE)
            ((double *)r->row->out)[at] = value;
        else
            ((float *)r->row->out)[at] = (float)value;
    }
}

void kernel_reference_row(const dg_recipe *recipe, const dg_row *row, dg_type type) {
    const row_reference r = {recipe, row, type};
    for (size_t i = 0; i < row->span_count; i++) {
        const dg_span *span = &row->spans[i];
        for (int col = span->col; col < span->col + span->width; col++) {
            if (col >= row->first_col && col < row->first_col + row->width)
                compute(&r, span, col);
        }
    }
}
