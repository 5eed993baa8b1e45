#include "stencil.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* The central difference, as numpy.gradient and, for slopes, L. W. Zevenbergen and C. R. Thorne,
 * "Quantitative analysis of land surface topography", Earth Surf. Processes Landf. 12 (1987), have
 * it. */
static const double CENTRAL[] = {1};

/* B. K. P. Horn, "Hill shading and the reflectance map", Proc. IEEE 69 (1981). */
static const double HORN[] = {2, 1};

/* Least squares of a quadratic over the window: I. S. Evans, "An integrated system of terrain
 * analysis and slope mapping", Z. Geomorph. Suppl. 36 (1980), for 3 x 3. On a symmetric window the
 * derivative of the fit is sum x z / sum x x, whatever its even terms. */
static const double LEAST_SQUARES[DG_MAX_HALF] = {
    1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17,
    18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
    35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49};

/* Least squares of a third-order polynomial over 5 x 5 pixels: I. V. Florinsky, "Computation of the
 * third-order partial derivatives from a digital elevation model", Int. J. Geogr. Inf. Sci. 23
 * (2009), eq. for p, in 1/420. */
static const double FLORINSKY[] = {68, 17, 62, 5, 44, -31};

/* (8 (z[1] - z[-1]) - (z[2] - z[-2])) / 12: Taylor's series up to the fourth order. */
static const double FOURTH[] = {8, -1};

const dg_stencil dg_stencils[] = {
    {"central", "central differences, as numpy.gradient; gdaldem's ZevenbergenThorne", 1, 0, true,
     CENTRAL},
    {"horn", "Horn's 3 x 3, as gdaldem, GRASS and ArcGIS", 1, 1, false, HORN},
    {"evans", "least squares over --window-size", 0, 0, true, LEAST_SQUARES},
    {"florinsky", "third-order polynomial over 5 x 5", 2, 2, false, FLORINSKY},
    {"fourth", "fourth-order central differences", 2, 0, true, FOURTH},
};

const size_t dg_stencil_count = sizeof dg_stencils / sizeof *dg_stencils;

const dg_stencil *dg_stencil_find(const char *name) {
    for (size_t i = 0; i < dg_stencil_count; i++) {
        if (strcmp(dg_stencils[i].name, name) == 0)
            return &dg_stencils[i];
    }
    return NULL;
}

dg_differences dg_differences_make(const dg_stencil *stencil, int window, int edge_order,
                                   bool propagate) {
    dg_differences d = {.stencil = stencil,
                        .pairs = stencil->pairs,
                        .lines = stencil->lines,
                        .edge_order = edge_order,
                        .propagate = propagate};
    if (stencil->pairs == 0)
        d.pairs = d.lines = window / 2;
    assert(d.pairs >= 1 && d.pairs <= DG_MAX_HALF && d.lines <= DG_MAX_HALF);
    return d;
}

int dg_differences_halo(const dg_differences *d) {
    const int reach = d->pairs > d->lines ? d->pairs : d->lines;
    const int one_sided = d->propagate ? 0 : d->edge_order;
    return reach > one_sided ? reach : one_sided;
}

double dg_differences_weight(const dg_differences *d, int line, int pair) {
    const int beside = line < 0 ? -line : line;
    return d->stencil->weights[(d->stencil->is_same ? 0 : beside * d->pairs) + pair - 1];
}

static double find_gain(const dg_differences *d, int line, int pairs) {
    double gain = 0;
    for (int i = 1; i <= pairs; i++)
        gain += 2 * i * dg_differences_weight(d, line, i);
    assert(pairs > 0 && gain != 0); /* it is divided by */
    return gain;
}

double dg_differences_line_gain(const dg_differences *d, int line) {
    return d->stencil->is_same ? 1 : find_gain(d, line, d->pairs);
}

bool dg_differences_share_lines(const dg_differences *d) {
    return d->lines > 0 && (d->stencil->is_same || d->pairs == 1);
}

/* numpy's weights for the columns and rows of a uniform grid. */
static const dg_axis_weights UNIFORM = {0.5, 0.5, 1, 1, 1.5, -0.5, 1.5, -0.5};

/* The pixels of one line, through the middle of its validity; `step` from one to the next. */
typedef struct line_view {
    const bool *valid;
    ptrdiff_t step;
} line_view;

static bool is_valid(const line_view *line, int i) {
    return line->valid[i * line->step];
}

/* Weights of near and far differences d1 = z[1] - z[0], d2 = z[2] - z[1] as those of the pixels. */
static void add_one_sided(double *weights, int side, double near, double far) {
    weights[0] -= side * near;
    weights[side] += side * (near - far);
    if (far != 0)
        weights[2 * side] += side * far;
}

static bool add_end(const dg_differences *d, const line_view *line, const dg_axis_weights *w,
                    double *weights) {
    const int side = is_valid(line, -1) ? -1 : 1;
    if (d->propagate || !is_valid(line, side))
        return false;
    const bool second = d->edge_order == 2 && is_valid(line, 2 * side);
    if (side < 0)
        add_one_sided(weights, side, second ? w->two_before : w->one_before,
                      second ? w->far_before : 0);
    else
        add_one_sided(weights, side, second ? w->two_after : w->one_after,
                      second ? w->far_after : 0);
    return true;
}

/* Sets the weights of a line's slope, from weights[-halo] to weights[halo]; false where it has
 * none. */
static bool find_slope(const dg_differences *d, int l, const line_view *line,
                       const dg_axis_weights *w, double *weights) {
    int pairs = 0;
    while (pairs < d->pairs && is_valid(line, pairs + 1) && is_valid(line, -pairs - 1))
        pairs++;
    if (!is_valid(line, 0) || (d->propagate && pairs < d->pairs))
        return false;
    if (pairs == 0)
        return add_end(d, line, w ? w : &UNIFORM, weights);
    if (w) {
        weights[-1] = -w->before;
        weights[0] = w->before - w->after;
        weights[1] = w->after;
        return true;
    }
    const double gain = find_gain(d, l, pairs);
    for (int i = 1; i <= pairs; i++) {
        weights[i] = dg_differences_weight(d, l, i) / gain;
        weights[-i] = -weights[i];
    }
    return true;
}

bool dg_differences_line_weights(const dg_differences *d, const bool *middle, double *weights) {
    const line_view line = {middle, 1};
    return find_slope(d, 0, &line, NULL, weights);
}

/* One difference's weights as an array [line][pixel] of size x size, with its lines found in
 * `valid` by `line_step` and `pixel_step`. */
static void find_weights(const dg_differences *d, const bool *middle, ptrdiff_t line_step,
                         ptrdiff_t pixel_step, const dg_axis_weights *w, int halo,
                         double *weights) {
    const int size = 2 * halo + 1;
    double all = 0;
    memset(weights, 0, (size_t)size * (size_t)size * sizeof *weights);
    for (int l = -d->lines; l <= d->lines; l++) {
        const line_view line = {middle + l * line_step, pixel_step};
        double *row = weights + (ptrdiff_t)(l + halo) * size;
        const double gain = dg_differences_line_gain(d, l);
        const bool has_slope = find_slope(d, l, &line, w, row + halo);
        if (!has_slope && d->propagate) {
            all = 0;
            break;
        }
        all += has_slope ? gain : 0;
        for (int i = 0; i < size; i++)
            row[i] *= gain;
    }
    for (int i = 0; i < size * size; i++)
        weights[i] = all != 0 ? weights[i] / all : (double)NAN;
}

dg_noise dg_differences_noise(const dg_differences *d, const bool *valid,
                              const dg_axis_weights *column, const dg_axis_weights *row,
                              double *room) {
    const int halo = dg_differences_halo(d), size = 2 * halo + 1;
    const bool *middle = valid + (ptrdiff_t)halo * size + halo;
    double *along = room, *across = room + (ptrdiff_t)size * size;
    find_weights(d, middle, size, 1, column, halo, along);
    find_weights(d, middle, 1, size, row, halo, across);
    dg_noise sums = {0, 0, 0};
    for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
            const double u = along[i * size + j], v = across[j * size + i];
            sums.along += u * u;
            sums.both += u * v;
            sums.across += v * v;
        }
    }
    return sums;
}

/* Weights of the second-order one-sided difference at the first of three places whose steps are
 * `near` and `far`: numpy's -(2 h1 + h2) / (h1 (h1 + h2)) and -h1 / (h2 (h1 + h2)), applied to the
 * two differences. Also right for the last of three, seen from there. */
static void one_sided(double near, double far, double *first, double *second) {
    *first = (2 * near + far) / (near * (near + far));
    *second = -near / (far * (near + far));
}

void dg_axis_weights_fill(const double *coordinates, int n, dg_axis_weights *weights) {
    const double *x = coordinates;
    for (int i = 0; i < n; i++) {
        dg_axis_weights *w = &weights[i];
        *w = (dg_axis_weights){0};
        const double h1 = i > 0 ? x[i] - x[i - 1] : 0, h2 = i + 1 < n ? x[i + 1] - x[i] : 0;
        if (i > 0)
            w->one_before = 1 / h1;
        if (i + 1 < n)
            w->one_after = 1 / h2;
        if (i > 0 && i + 1 < n) {
            w->before = h2 / (h1 * (h1 + h2));
            w->after = h1 / (h2 * (h1 + h2));
        }
        if (i > 1)
            one_sided(h1, x[i - 1] - x[i - 2], &w->two_before, &w->far_before);
        if (i + 2 < n)
            one_sided(h2, x[i + 2] - x[i + 1], &w->two_after, &w->far_after);
    }
}
