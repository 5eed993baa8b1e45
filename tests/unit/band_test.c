/* The bands against their definitions with the C library's functions, and rows of one's own in the
 * tables. */
#include "kernel.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 700 };

static const double DEGREE = 3.14159265358979323846 / 180;

/* A band of one row of given dz/dx and dz/dy. */
static void make_band(const char *tier, const char *name, const dg_band_settings *settings,
                      bool is_double, const double *dzdx, const double *dzdy, double *out) {
    const dg_band *band = dg_kernel_band(dg_kernel_select(tier), name);
    float x[SIZE], y[SIZE], z[SIZE];
    for (int i = 0; i < SIZE; i++) {
        x[i] = (float)dzdx[i];
        y[i] = (float)dzdy[i];
    }
    const dg_band_input floats = {.dzdx = x, .dzdy = y, .settings = settings, .nodata = -1};
    const dg_band_input doubles = {.dzdx = dzdx, .dzdy = dzdy, .settings = settings, .nodata = -1};
    if (is_double) {
        band->of_doubles(&doubles, SIZE, out);
        return;
    }
    band->of_floats(&floats, SIZE, z);
    for (int i = 0; i < SIZE; i++)
        out[i] = (double)z[i];
}

/* Gradients of all sizes and directions, those along the axes and diagonals among them. */
static void make_gradients(double *dzdx, double *dzdy) {
    for (int i = 0; i < SIZE; i++) {
        const double size = pow(10, unit_random_between(-6, 3));
        const double angle =
            unit_random_chance(0.3) ? 45 * unit_random_below(8) : unit_random_between(0, 360);
        dzdx[i] = (double)(float)(size * sin(angle * DEGREE));
        dzdy[i] = (double)(float)(size * cos(angle * DEGREE));
    }
}

typedef double (*definition)(double dzdx, double dzdy, const dg_light *light);

static double slope(double x, double y, const dg_light *light) {
    (void)light;
    return hypot(x, y);
}

static double slope_degrees(double x, double y, const dg_light *light) {
    (void)light;
    return atan(hypot(x, y)) / DEGREE;
}

static double slope_percent(double x, double y, const dg_light *light) {
    (void)light;
    return 100 * hypot(x, y);
}

static double aspect(double x, double y, const dg_light *light) {
    (void)light;
    const double angle = atan2(-x, -y) / DEGREE;
    return angle < 0 ? angle + 360 : angle;
}

/* The cosine of the angle between the light and the ground's normal. */
static double cosine(double x, double y, const dg_light *l, double azimuth, double altitude) {
    const double z = l->exaggeration, slope = atan(z * hypot(x, y));
    const double down = atan2(-x, -y);
    return sin(altitude * DEGREE) * cos(slope) +
           cos(altitude * DEGREE) * sin(slope) * cos(azimuth * DEGREE - down);
}

static const double AZIMUTH = 287, ALTITUDE = 38;

static double plain(double x, double y, const dg_light *light) {
    return 1 + 254 * fmax(0, cosine(x, y, light, AZIMUTH, ALTITUDE));
}

static double combined(double x, double y, const dg_light *light) {
    const double east = cos(ALTITUDE * DEGREE) * sin(AZIMUTH * DEGREE);
    const double north = cos(ALTITUDE * DEGREE) * cos(AZIMUTH * DEGREE);
    const double u = light->exaggeration * x, v = light->exaggeration * y;
    const double up = sin(ALTITUDE * DEGREE), dot = up - east * u - north * v;
    const double cross = hypot(hypot(north + up * v, east + up * u), north * u - east * v);
    const double angle = atan2(cross, dot);
    const double slope = atan(light->exaggeration * hypot(x, y));
    return 1 + 254 * fmax(0, 1 - angle * slope / (90 * DEGREE * 90 * DEGREE));
}

static double multidirectional(double x, double y, const dg_light *light) {
    static const double azimuths[] = {225, 270, 315, 360};
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        const double weight = cos(atan2(-x, -y) - azimuths[i] * DEGREE);
        sum += weight * weight * fmax(0, cosine(x, y, light, azimuths[i], ALTITUDE)) / 2;
    }
    return 1 + 254 * sum;
}

static const struct band_case {
    const char *name;
    dg_hillshade kind;
    definition of;
    double whole; /* the size that the error is a share of; 0: the value's own */
} CASES[] = {{"slope", DG_HILLSHADE_PLAIN, slope, 0},
             {"slope-degrees", DG_HILLSHADE_PLAIN, slope_degrees, 0},
             {"slope-percent", DG_HILLSHADE_PLAIN, slope_percent, 0},
             {"aspect", DG_HILLSHADE_PLAIN, aspect, 360},
             {"hillshade", DG_HILLSHADE_PLAIN, plain, 255},
             {"hillshade", DG_HILLSHADE_COMBINED, combined, 255},
             {"hillshade", DG_HILLSHADE_MULTIDIRECTIONAL, multidirectional, 255}};

/* Rounding alone is left: a few units in the last place for each of some ten operations. */
static void check_band(const struct band_case *c, const char *tier, bool is_double) {
    double x[SIZE], y[SIZE], found[SIZE];
    const dg_band_settings settings = {.flat_aspect = (double)NAN,
                                       .light = dg_light_make(c->kind, AZIMUTH, ALTITUDE, 1.5)};
    make_gradients(x, y);
    make_band(tier, c->name, &settings, is_double, x, y, found);
    for (int i = 0; i < SIZE; i++) {
        const double right = c->of(x[i], y[i], &settings.light);
        double error = fabs(found[i] - right);
        if (c->of == aspect && error > 180)
            error = fabs(error - 360);
        const double bound = 8 * (is_double ? DBL_EPSILON : (double)FLT_EPSILON);
        ck_assert_msg(error <= bound * (c->whole > 0 ? c->whole : right),
                      "%s %d of %g, %g is %.17g and not %.17g", c->name, (int)c->kind, x[i], y[i],
                      found[i], right);
    }
}

START_TEST(bands_are_as_defined) {
    unit_random_start(71);
    for (int i = 0; i < 40; i++) {
        for (size_t j = 0; j < sizeof CASES / sizeof *CASES; j++)
            check_band(&CASES[j], NULL, i % 2);
    }
}
END_TEST

START_TEST(tiers_give_the_same_bytes) {
    static const char *const tiers[] = {"x86-64-v3", "x86-64-v4"};
    double x[SIZE], y[SIZE], baseline[SIZE], other[SIZE];
    unit_random_start(72);
    make_gradients(x, y);
    for (int i = 0; i < 4 * (int)(sizeof CASES / sizeof *CASES); i++) {
        const struct band_case *c = &CASES[i / 4];
        const dg_band_settings settings = {.light = dg_light_make(c->kind, AZIMUTH, ALTITUDE, 1)};
        make_band("baseline", c->name, &settings, i % 2, x, y, baseline);
        make_band(tiers[i / 2 % 2], c->name, &settings, i % 2, x, y, other);
        ck_assert_mem_eq(baseline, other, sizeof baseline);
    }
}
END_TEST

START_TEST(values_at_the_ends_of_the_range) {
    static const double huge[] = {1e30, 3e38, 1e-30, 1e-40};
    double x[SIZE] = {0}, y[SIZE] = {0}, found[SIZE];
    const dg_band_settings settings = {.flat_aspect = (double)NAN,
                                       .light = dg_light_make(0, 0, 45, 1)};
    for (int i = 0; i < 4; i++) {
        x[i] = huge[i];
        y[i] = -huge[i];
    }
    x[4] = (double)NAN; /* does not exist */
    y[5] = (double)NAN;
    x[6] = 1e-30; /* just east of north, so that its aspect is just west of south */
    y[7] = -1;    /* falls to the north */
    x[8] = 1e-10; /* to the north, a trace to the west */
    y[8] = -1;
    make_band(NULL, "slope", &settings, false, x, y, found);
    ASSERT_NEAR(found[0] / 1.4142135623730951e30, 1, 1e-6);
    ck_assert(isinf(found[1])); /* beyond floats */
    ASSERT_NEAR(found[2] / 1.4142135623730951e-30, 1, 1e-6);
    ck_assert(found[4] == -1 && found[5] == -1);
    make_band(NULL, "slope-degrees", &settings, false, x, y, found);
    ck_assert(found[0] == 90 && found[9] == 0 && found[4] == -1);
    make_band(NULL, "aspect", &settings, false, x, y, found);
    ck_assert(found[0] == 315 && found[4] == -1 && found[5] == -1);
    ck_assert(found[6] == 270 && found[7] == 0 && found[8] == 0 && found[9] == -1);
    make_band(NULL, "hillshade", &settings, true, x, y, found);
    ASSERT_NEAR(found[0], 1 + 254 * 0.5, 1e-12);
    ASSERT_NEAR(found[9], 1 + 254 * sqrt(0.5), 1e-12);
    ck_assert(found[4] == -1 && found[5] == -1);
}
END_TEST

START_TEST(light_is_exact_where_it_can_be) {
    for (int azimuth = -720; azimuth <= 720; azimuth++) {
        const dg_light light = dg_light_make(DG_HILLSHADE_PLAIN, azimuth, 90, 1);
        ASSERT_NEAR(light.sin_azimuth, sin(azimuth * DEGREE), 4e-15);
        ASSERT_NEAR(light.cos_azimuth, cos(azimuth * DEGREE), 4e-15);
        ck_assert(azimuth % 180 != 0 || light.sin_azimuth == 0);
        ck_assert(light.sin_altitude == 1 && light.cos_altitude == 0);
    }
}
END_TEST

/* A stencil and a band as someone would add them: one row each, and a function. */

/* Sobel's weights on 5 x 5 pixels, as image processing has them. */
static const double SOBEL[] = {12, 6, 8, 4, 2, 1};
static const dg_stencil SOBEL_5 = {"sobel-5", "Sobel's 5 x 5", 2, 2, false, SOBEL};

static void tilt(const dg_band_input *in, int n, void *out) {
    const double *dzdx = in->dzdx, *dzdy = in->dzdy;
    for (int i = 0; i < n; i++)
        ((double *)out)[i] = isnan(dzdx[i] + dzdy[i]) ? in->nodata : dzdx[i] + 2 * dzdy[i];
}

static const dg_band TILT = {"tilt", "a tilt", "m/m", -9, 9, DG_NEEDS_BOTH, NULL, tilt};

START_TEST(a_stencil_and_a_band_of_ones_own) {
    enum { WIDTH = 30 };
    const dg_band *const bands[] = {&TILT};
    const dg_recipe recipe = {.differences = dg_differences_make(&SOBEL_5, 0, 1, false),
                              .bands = bands,
                              .band_count = 1,
                              .nodata = -99};
    double z[5][WIDTH + 4], out[WIDTH];
    const void *rows[5];
    const dg_span span = {0, WIDTH, 0, {1, 0, 0, 1}, {0}};
    ck_assert_int_eq(dg_differences_halo(&recipe.differences), 2);
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < WIDTH + 4; j++)
            z[i][j] = 0.5 * j - 2 * i;
        rows[i] = &z[i][2];
    }
    z[2][9] = z[0][3] = z[4][20] = (double)NAN; /* a plane is exact around holes too */
    dg_row row = {.width = WIDTH, .z = rows, .spans = &span, .span_count = 1, .out = out};
    demgrad_error error;
    ASSERT_OK(dg_workspace_create(&recipe, true, &row.workspace, &error));
    dg_kernel_select(NULL)->rows[DG_DOUBLE](&recipe, &row);
    dg_workspace_destroy(row.workspace);
    for (int i = 0; i < WIDTH; i++)
        ASSERT_NEAR(out[i], i == 7 ? -99 : 0.5 + 2 * -2, 1e-14);
}
END_TEST

START_TEST(tables_are_sound) {
    for (size_t i = 0; i < dg_stencil_count; i++) {
        const dg_stencil *s = &dg_stencils[i];
        ck_assert_ptr_eq(dg_stencil_find(s->name), s);
        const dg_differences d = dg_differences_make(s, DG_MAX_WINDOW, 1, false);
        for (int line = 0; line <= d.lines; line++) {
            double gain = 0;
            for (int pair = 1; pair <= d.pairs; pair++) {
                gain += 2 * pair * dg_differences_weight(&d, line, pair);
                ck_assert_msg(gain != 0, "%s: the first %d pairs of line %d have no gain", s->name,
                              pair, line);
            }
        }
    }
    const dg_kernel *kernel = dg_kernel_select(NULL);
    for (size_t i = 0; i < kernel->band_count; i++) {
        const dg_band *b = &kernel->bands[i];
        ck_assert_ptr_eq(dg_kernel_band(kernel, b->name), b);
        ck_assert(b->min < b->max && b->needs & DG_NEEDS_BOTH && b->unit);
        ck_assert(b->of_floats ? b->of_doubles != NULL : b->needs != DG_NEEDS_BOTH);
    }
    ck_assert_ptr_null(dg_stencil_find("sobel-5"));
    ck_assert_ptr_null(dg_kernel_band(kernel, "tilt"));
}
END_TEST

int main(void) {
    unit_seed();
    Suite *suite = suite_create("band");
    const TTest *const tests[] = {bands_are_as_defined,
                                  tiers_give_the_same_bytes,
                                  values_at_the_ends_of_the_range,
                                  light_is_exact_where_it_can_be,
                                  a_stencil_and_a_band_of_ones_own,
                                  tables_are_sound,
                                  NULL};
    unit_add(suite, "bands", tests);
    return unit_run(suite);
}
