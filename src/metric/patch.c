#include "patch.h"

#include "integers.h"

#include <math.h>
#include <string.h>

static const double POLYNOMIAL_TOLERANCE = 2e-8;
static const double LINEAR_TOLERANCE = 5e-8;

/* The roots of the Chebyshev polynomial T4: cos((2 i + 1) pi / 8). */
static const double NODES[4] = {0.92387953251128675613, 0.38268343236508977173,
                                -0.38268343236508977173, -0.92387953251128675613};

/* Cells count pixel centres: u = -1 and 1 are the centres of the first and last column. */
static double to_pixel(int first, int count, double u) {
    return first + dg_grid_settle(0.5 * (count - 1) * (1 + u));
}

static double to_unit(int first, int count, double pixel) {
    return count > 1 ? 2 * (pixel - first) / (count - 1) - 1 : 0;
}

/* Values at the four nodes to powers of u, by way of the Chebyshev series. */
static void to_powers(const double f[4], double power[4]) {
    double a[4] = {0};
    for (int i = 0; i < 4; i++) {
        const double u = NODES[i];
        a[0] += f[i] / 4;
        a[1] += f[i] / 2 * u;
        a[2] += f[i] / 2 * (2 * u * u - 1);
        a[3] += f[i] / 2 * (4 * u * u - 3) * u;
    }
    power[0] = a[0] - a[2];
    power[1] = a[1] - 3 * a[3];
    power[2] = 2 * a[2];
    power[3] = 4 * a[3];
}

static double cubic(const double power[4], double u) {
    return power[0] + u * (power[1] + u * (power[2] + u * power[3]));
}

/* The polynomial's powers of u at one v. */
static void fix_row(const double polynomial[4][4], double v, double power[4]) {
    for (int j = 0; j < 4; j++) {
        power[j] = polynomial[0][j] +
                   v * (polynomial[1][j] + v * (polynomial[2][j] + v * polynomial[3][j]));
    }
}

/* Returns whether any node has factors. */
static bool fit(dg_patch *patch, const dg_field *field) {
    double by_row[4][4][4]; /* [factor][row node][power of u] */
    bool found = false;
    for (int i = 0; i < 4; i++) {
        double f[4][4]; /* [factor][column node] */
        for (int j = 0; j < 4; j++) {
            double k[4];
            field->factors(field->context, to_pixel(patch->cell.col, patch->cell.width, NODES[j]),
                           to_pixel(patch->cell.row, patch->cell.height, NODES[i]), k);
            found |= !isnan(k[3]);
            for (int q = 0; q < 4; q++)
                f[q][j] = k[q];
        }
        for (int q = 0; q < 4; q++)
            to_powers(f[q], by_row[q][i]);
    }
    for (int q = 0; q < 4; q++) {
        for (int j = 0; j < 4; j++) {
            const double column[4] = {by_row[q][0][j], by_row[q][1][j], by_row[q][2][j],
                                      by_row[q][3][j]};
            double power[4];
            to_powers(column, power);
            for (int i = 0; i < 4; i++)
                patch->k.polynomial[q][i][j] = power[i];
        }
    }
    return found;
}

/* The least that the factors can make of a slope of 1 per pixel. Errors count in proportion to it:
 * where the pixels are sheared on the ground, small slopes come from large differences. */
static double least_gain(const double k[4]) {
    const double size = hypot(hypot(k[0], k[1]), hypot(k[2], k[3]));
    return fabs(k[0] * k[3] - k[1] * k[2]) / size;
}

static bool meets(dg_patch *patch, const dg_field *field, double u, double v) {
    double k[4];
    field->factors(field->context, to_pixel(patch->cell.col, patch->cell.width, u),
                   to_pixel(patch->cell.row, patch->cell.height, v), k);
    const double gain = least_gain(k);
    patch->gain = fmin(patch->gain, gain);
    const double allowed = POLYNOMIAL_TOLERANCE * gain;
    for (int q = 0; q < 4; q++) {
        double power[4];
        fix_row(patch->k.polynomial[q], v, power);
        /* NaN on either side must not pass. */
        if (!(fabs(cubic(power, u) - k[q]) <= allowed))
            return false;
    }
    return true;
}

/* The extremes of T4, where the interpolation's error is largest, are -1, 0, 1 and two more. */
static bool meets_everywhere(dg_patch *patch, const dg_field *field) {
    patch->gain = (double)INFINITY;
    for (int i = -1; i <= 1; i++) {
        for (int j = -1; j <= 1; j++) {
            if (!meets(patch, field, j, i))
                return false;
        }
    }
    return true;
}

/* How long a chord along the row may be: its error is width^2 / 8 times the second derivative. */
static int longest_span(const dg_patch *patch) {
    double bend = 0;
    for (int q = 0; q < 4; q++) {
        double bend_q = 0;
        for (int i = 0; i < 4; i++) {
            const double *p = patch->k.polynomial[q][i];
            bend_q += 2 * fabs(p[2]) + 6 * fabs(p[3]);
        }
        bend = fmax(bend, bend_q);
    }
    const double per_column = patch->cell.width > 1 ? 2.0 / (patch->cell.width - 1) : 0;
    const double width =
        sqrt(8 * LINEAR_TOLERANCE * patch->gain / (bend * per_column * per_column));
    if (!(width < patch->cell.width))
        return patch->cell.width;
    return width < 1 ? 1 : (int)width;
}

/* Whether there are factors at one of the cell's pixels, `step` apart from the first on. */
static bool has_factors(const dg_field *field, dg_window cell, int step) {
    for (int row = 0; row < cell.height; row += step) {
        for (int col = 0; col < cell.width; col += step) {
            double k[4];
            field->factors(field->context, cell.col + col, cell.row + row, k);
            if (!isnan(k[3]))
                return true;
        }
    }
    return false;
}

static bool rim_has_factors(const dg_field *field, dg_window cell) {
    const dg_window rims[4] = {{cell.col, cell.row, cell.width, 1},
                               {cell.col, cell.row + cell.height - 1, cell.width, 1},
                               {cell.col, cell.row, 1, cell.height},
                               {cell.col + cell.width - 1, cell.row, 1, cell.height}};
    return has_factors(field, rims[0], 1) || has_factors(field, rims[1], 1) ||
           has_factors(field, rims[2], 1) || has_factors(field, rims[3], 1);
}

/* Whether a cell whose nodes have no factors has none at all. A part of it that has some either
 * reaches its rim, or lies by itself and is met by the search. Cells that are worth a search are no
 * wider than `SEARCH_ROWS` of its rows, so that little of it is done in vain. */
static bool is_outside(const dg_field *field, dg_window cell) {
    enum { SEARCH_ROWS = 64, LARGEST = 512 };
    const dg_reach *reach = field->reach(field->context);
    if (!dg_windows_overlap(cell, reach->extent))
        return !rim_has_factors(field, cell);
    const int most = dg_min(SEARCH_ROWS * reach->step, LARGEST);
    if (cell.width > most || cell.height > most || has_factors(field, cell, reach->step))
        return false;
    return reach->step == 1 || !rim_has_factors(field, cell);
}

static void fill_outside(dg_patch *patch) {
    for (int q = 0; q < 4; q++) {
        for (int i = 0; i < 16; i++)
            patch->k.polynomial[q][i / 4][i % 4] = (double)NAN;
    }
    patch->span = patch->cell.width;
}

static void fill_pixels(dg_patch *patch, const dg_field *field) {
    const dg_window cell = patch->cell;
    patch->is_exact = true;
    patch->span = 1;
    for (int i = 0; i < cell.width * cell.height; i++) {
        field->factors(field->context, cell.col + i % cell.width, cell.row + i / cell.width,
                       patch->k.pixel[i]);
    }
}

bool dg_patch_build(dg_patch *patch, dg_window cell, const dg_field *field) {
    patch->cell = cell;
    patch->is_exact = false;
    if (cell.width * (int64_t)cell.height <= DG_PATCH_EXACT_PIXELS) {
        fill_pixels(patch, field);
        return true;
    }
    if (fit(patch, field)) {
        if (!meets_everywhere(patch, field))
            return false;
        patch->span = longest_span(patch);
        return true;
    }
    if (!is_outside(field, cell))
        return false;
    fill_outside(patch);
    return true;
}

static dg_span exact_span(const dg_patch *patch, int row, int col) {
    const dg_window cell = patch->cell;
    dg_span span = {.col = col, .width = 1, .anchor = col};
    memcpy(span.k, patch->k.pixel[(row - cell.row) * cell.width + col - cell.col], sizeof span.k);
    return span;
}

dg_patch_row dg_patch_row_at(const dg_patch *patch, int row) {
    dg_patch_row at = {.patch = patch, .row = row};
    if (patch->is_exact)
        return at;
    const double v = to_unit(patch->cell.row, patch->cell.height, row);
    for (int q = 0; q < 4; q++)
        fix_row(patch->k.polynomial[q], v, at.power[q]);
    return at;
}

dg_span dg_patch_span(const dg_patch_row *row, int col) {
    const dg_patch *patch = row->patch;
    if (patch->is_exact)
        return exact_span(patch, row->row, col);
    const dg_window cell = patch->cell;
    const int end = cell.col + cell.width;
    dg_span span = {.col = col, .width = patch->span, .anchor = col};
    if (span.width > end - col)
        span.width = end - col;
    const double u0 = to_unit(cell.col, cell.width, col);
    const double u1 = to_unit(cell.col, cell.width, col + span.width);
    for (int q = 0; q < 4; q++) {
        span.k[q] = cubic(row->power[q], u0);
        span.dk[q] = (cubic(row->power[q], u1) - span.k[q]) / span.width;
    }
    return span;
}
