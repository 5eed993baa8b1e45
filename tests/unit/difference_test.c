/* The differences against numpy.gradient's formulas, written out for coordinates of any spacing. */
#include "kernel.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST = 2, MOST = 12, HALO = 2, PAD = MOST + 2 * HALO };

/* numpy's gradient of f at x[i]: three-point formulas, or two-point ones at an end of order 1. */
static double numpy_gradient(const double *f, const double *x, int n, int i, int edge_order) {
    if (i == 0 && edge_order == 1)
        return (f[1] - f[0]) / (x[1] - x[0]);
    if (i == n - 1 && edge_order == 1)
        return (f[n - 1] - f[n - 2]) / (x[n - 1] - x[n - 2]);
    const int middle = i == 0 ? 1 : i == n - 1 ? n - 2 : i;
    const double h1 = x[middle] - x[middle - 1], h2 = x[middle + 1] - x[middle];
    double a = -h2 / (h1 * (h1 + h2)), b = (h2 - h1) / (h1 * h2), c = h1 / (h2 * (h1 + h2));
    if (i == 0) {
        a = -(2 * h1 + h2) / (h1 * (h1 + h2));
        b = (h1 + h2) / (h1 * h2);
        c = -h1 / (h2 * (h1 + h2));
    } else if (i == n - 1) {
        a = h2 / (h1 * (h1 + h2));
        b = -(h1 + h2) / (h1 * h2);
        c = (2 * h2 + h1) / (h2 * (h1 + h2));
    }
    return a * f[middle - 1] + b * f[middle] + c * f[middle + 1];
}

static void make_axis(double *x, int n, bool is_uniform) {
    x[0] = is_uniform ? 0 : unit_random_between(-10, 10);
    for (int i = 1; i < n; i++)
        x[i] = x[i - 1] + (is_uniform ? 1 : unit_random_between(0.2, 3));
}

typedef struct patch {
    int width, height;
    double z[PAD][PAD]; /* with a halo of NaN */
    double x[MOST], y[MOST];
    dg_axis_weights columns[MOST], rows[MOST];
    double dz[2][MOST][MOST]; /* dz/dx, dz/dy */
} patch;

static void make_patch(patch *p, int width, int height, bool is_uniform) {
    p->width = width;
    p->height = height;
    for (int row = 0; row < PAD; row++) {
        for (int col = 0; col < PAD; col++) {
            const bool is_inside =
                row >= HALO && row < height + HALO && col >= HALO && col < width + HALO;
            p->z[row][col] = is_inside ? unit_random_between(-10, 10) : (double)NAN;
        }
    }
    make_axis(p->x, width, is_uniform);
    make_axis(p->y, height, is_uniform);
    dg_axis_weights_fill(p->x, width, p->columns);
    dg_axis_weights_fill(p->y, height, p->rows);
}

static void run(patch *p, int edge_order, bool is_uniform) {
    const dg_kernel *kernel = dg_kernel_select(NULL);
    const dg_band *const bands[2] = {dg_kernel_band(kernel, "dzdx"),
                                     dg_kernel_band(kernel, "dzdy")};
    dg_recipe recipe = {.bands = bands, .band_count = 2, .nodata = -1e9};
    recipe.differences = dg_differences_make(dg_stencil_find("central"), 3, edge_order, false);
    recipe.differences.columns = is_uniform ? NULL : p->columns;
    recipe.differences.rows = is_uniform ? NULL : p->rows;
    const dg_span span = {0, p->width, 0, {1, 0, 0, 1}, {0}};
    const int halo = dg_differences_halo(&recipe.differences);
    for (int row = 0; row < p->height; row++) {
        const void *z[2 * HALO + 1];
        dg_row r = {.row = row, .width = p->width, .z = z, .spans = &span, .span_count = 1};
        for (int i = 0; i <= 2 * halo; i++)
            z[i] = &p->z[row + i + HALO - halo][HALO];
        r.out = p->dz[0][row];
        r.band_stride = MOST * MOST;
        kernel->rows[DG_DOUBLE](&recipe, &r);
    }
}

static void check_along(const patch *p, int edge_order) {
    for (int row = 0; row < p->height; row++) {
        for (int col = 0; col < p->width; col++) {
            const double *f = &p->z[row + HALO][HALO];
            const double right = numpy_gradient(f, p->x, p->width, col, edge_order);
            ASSERT_NEAR(p->dz[0][row][col], right, 1e-12);
        }
    }
}

static void check_across(const patch *p, int edge_order) {
    for (int col = 0; col < p->width; col++) {
        double f[MOST];
        for (int row = 0; row < p->height; row++)
            f[row] = p->z[row + HALO][col + HALO];
        for (int row = 0; row < p->height; row++) {
            const double right = numpy_gradient(f, p->y, p->height, row, edge_order);
            ASSERT_NEAR(p->dz[1][row][col], right, 1e-12);
        }
    }
}

static void check_all(bool is_uniform) {
    patch *p = malloc(sizeof *p);
    for (int edge_order = 1; edge_order <= 2; edge_order++) {
        for (int width = LEAST + edge_order - 1; width <= MOST; width++) {
            make_patch(p, width, MOST + LEAST + edge_order - 1 - width, is_uniform);
            run(p, edge_order, is_uniform);
            check_along(p, edge_order);
            check_across(p, edge_order);
        }
    }
    free(p);
}

START_TEST(uniform_axes_are_as_numpys) {
    unit_random_start(11);
    check_all(true);
}
END_TEST

START_TEST(axes_with_coordinates_are_as_numpys) {
    unit_random_start(12);
    for (int i = 0; i < 50; i++)
        check_all(false);
}
END_TEST

/* Coordinates that fall, as those of rows often do. */
START_TEST(falling_coordinates_turn_the_sign) {
    const double rising[4] = {0, 1, 3, 7}, falling[4] = {0, -1, -3, -7};
    dg_axis_weights up[4], down[4];
    dg_axis_weights_fill(rising, 4, up);
    dg_axis_weights_fill(falling, 4, down);
    for (int i = 0; i < 4; i++) {
        const double *a = (const double *)&up[i], *b = (const double *)&down[i];
        for (size_t j = 0; j < sizeof *up / sizeof *a; j++)
            ck_assert(a[j] == -b[j]);
    }
}
END_TEST

/* The weights of a quadratic's derivative are exact wherever three points are there. */
START_TEST(quadratics_are_exact) {
    const double x[6] = {-4, -3.5, -1, 0, 2, 8};
    dg_axis_weights w[6];
    dg_axis_weights_fill(x, 6, w);
    double d[5];
    for (int i = 0; i < 5; i++)
        d[i] = (x[i + 1] * x[i + 1] - x[i] * x[i]);
    ASSERT_NEAR(w[0].two_after * d[0] + w[0].far_after * d[1], 2 * x[0], 1e-13);
    ASSERT_NEAR(w[5].two_before * d[4] + w[5].far_before * d[3], 2 * x[5], 1e-13);
    for (int i = 1; i < 5; i++)
        ASSERT_NEAR(w[i].before * d[i - 1] + w[i].after * d[i], 2 * x[i], 1e-13);
}
END_TEST

START_TEST(a_lone_coordinate_has_no_weights) {
    const double x = 5;
    dg_axis_weights w;
    dg_axis_weights_fill(&x, 1, &w);
    ck_assert(w.one_before == 0 && w.one_after == 0 && w.before == 0 && w.after == 0);
}
END_TEST

int main(void) {
    unit_seed();
    Suite *suite = suite_create("difference");
    const TTest *const tests[] = {
        uniform_axes_are_as_numpys,        axes_with_coordinates_are_as_numpys,
        falling_coordinates_turn_the_sign, quadratics_are_exact,
        a_lone_coordinate_has_no_weights,  NULL};
    unit_add(suite, "weights", tests);
    return unit_run(suite);
}
