/* Factors of the metrics that have a closed form, and what a metric says of itself. */
#include "metric.h"
#include "unit.h"

#include <math.h>
#include <string.h>

static const double DEGREE = 0.017453292519943295;

static dg_metric *make(dg_grid grid, const char *crs, dg_metric_options options) {
    dg_metric *metric = NULL;
    demgrad_error error;
    ASSERT_OK(dg_metric_create(&grid, crs, &options, &metric, &error));
    return metric;
}

static void refuse(dg_grid grid, const char *crs, dg_metric_options options,
                   demgrad_status status) {
    dg_metric *metric = NULL;
    demgrad_error error;
    ASSERT_STATUS(dg_metric_create(&grid, crs, &options, &metric, &error), status);
    ck_assert_ptr_null(metric);
    ck_assert_str_ne(error.message, "");
}

static dg_grid north_up(int width, int height, double x, double y, double pixel) {
    return (dg_grid){width, height, {x, pixel, 0, y, 0, -pixel}, true};
}

/* The factors of one pixel, as a span gives them. */
static void factors_at(dg_metric *metric, int col, int row, double k[4]) {
    dg_metric_rows *rows;
    const dg_span *spans;
    size_t count;
    demgrad_error error;
    ASSERT_OK(dg_metric_rows_create(metric, &rows, &error));
    ASSERT_OK(dg_metric_rows_prepare(rows, (dg_window){col, row, 1, 1}, &error));
    ASSERT_OK(dg_metric_rows_get(rows, row, col, 1, &spans, &count, &error));
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(spans->col, col);
    ck_assert_int_eq(spans->width, 1);
    for (int i = 0; i < 4; i++)
        k[i] = spans->k[i] + spans->dk[i] * (col - spans->anchor);
    dg_metric_rows_destroy(rows);
}

/* Radii of curvature by a and b: N = a^2 / s, M = a^2 b^2 / s^3, s^2 = (a cos)^2 + (b sin)^2. */
static void radii(double a, double b, double lat, double *meridian, double *vertical) {
    const double s = hypot(a * cos(lat), b * sin(lat));
    *vertical = a * a / s;
    *meridian = a * a / s * (b / s) * (b / s);
}

static const struct geographic_case {
    const char *crs;
    double a, b;
    double unit; /* radians */
} GEOGRAPHIC[] = {
    {"EPSG:4326", 6378137, 6356752.314245179, 0.017453292519943295},
    {"EPSG:4267", 6378206.4, 6356583.8, 0.017453292519943295},
    {"EPSG:4807", 6378249.2, 6356515.0, 0.015707963267948967},
    {"+proj=longlat +R=3396190 +type=crs", 3396190, 3396190, 0.017453292519943295},
    {"+proj=longlat +a=3396190 +b=3376200 +type=crs", 3396190, 3376200, 0.017453292519943295},
};

START_TEST(geographic_factors_have_closed_form) {
    const double pixel = 0.25, rise = 0.3048;
    for (size_t i = 0; i < sizeof GEOGRAPHIC / sizeof *GEOGRAPHIC; i++) {
        const struct geographic_case *c = &GEOGRAPHIC[i];
        dg_metric *metric =
            make(north_up(8, 716, -11, 89.5, pixel), c->crs, (dg_metric_options){.rise_m = rise});
        for (int row = 0; row < 716; row += 13) {
            const double lat = (89.5 - (row + 0.5) * pixel) * c->unit;
            double meridian, vertical, k[4];
            radii(c->a, c->b, lat, &meridian, &vertical);
            factors_at(metric, row % 8, row, k);
            const double x = rise / (vertical * cos(lat) * pixel * c->unit);
            const double y = -rise / (meridian * pixel * c->unit);
            ASSERT_NEAR(k[0] / x, 1, 1e-12);
            ASSERT_NEAR(k[3] / y, 1, 1e-12);
            ck_assert(k[1] == 0 && k[2] == 0);
        }
        dg_metric_destroy(metric);
    }
}
END_TEST

START_TEST(rotated_geographic_grids_turn) {
    const double t = 30 * DEGREE, pixel = 0.001;
    const dg_grid grid = {
        100, 80, {10, pixel * cos(t), pixel * sin(t), 50, pixel * sin(t), -pixel * cos(t)}, true};
    dg_metric *metric = make(grid, "EPSG:4326", (dg_metric_options){.rise_m = 1});
    ck_assert(dg_metric_mixes_axes(metric));
    double k[4], lon, lat, meridian, vertical;
    factors_at(metric, 70, 20, k);
    dg_grid_centre(&grid, 70, 20, &lon, &lat);
    radii(6378137, 6356752.314245179, lat * DEGREE, &meridian, &vertical);
    /* z = lon: dz/dcolumn and dz/drow are the geotransform's terms. */
    const double du = grid.geotransform[1], dv = grid.geotransform[2];
    const double right = 1 / (vertical * cos(lat * DEGREE) * DEGREE);
    ASSERT_NEAR((k[0] * du + k[1] * dv) / right, 1, 1e-7);
    ASSERT_NEAR((k[2] * du + k[3] * dv) / right, 0, 1e-7);
    dg_metric_destroy(metric);
}
END_TEST

START_TEST(poles_have_a_north_only) {
    /* Row 0 is centred on the pole, row 1 a degree below; row 0 of the next grid is beyond it. */
    dg_metric *metric =
        make(north_up(360, 180, -180, 90.5, 1), "EPSG:4326", (dg_metric_options){.rise_m = 1});
    double k[4];
    factors_at(metric, 3, 0, k);
    ck_assert(isnan(k[0]) && isfinite(k[3]) && k[3] != 0);
    factors_at(metric, 3, 1, k);
    ck_assert(isfinite(k[0]) && isfinite(k[3]));
    dg_metric_destroy(metric);
    metric = make(north_up(360, 4, -180, 92, 1), "EPSG:4326", (dg_metric_options){.rise_m = 1});
    factors_at(metric, 3, 0, k);
    for (int i = 0; i < 4; i++)
        ck_assert(isnan(k[i]));
    factors_at(metric, 3, 2, k);
    ck_assert(isfinite(k[0]) && isfinite(k[3]));
    dg_metric_destroy(metric);
}
END_TEST

START_TEST(planes_invert_the_geotransform) {
    unit_random_start(31);
    for (int i = 0; i < 100; i++) {
        dg_grid grid = {9, 9, {0}, true};
        for (int j = 0; j < 6; j++)
            grid.geotransform[j] = unit_random_between(-20, 20);
        const bool in_feet = i % 2;
        dg_metric *metric = make(grid, in_feet ? "EPSG:2222" : "",
                                 (dg_metric_options){.kind = DG_METRIC_MAP, .rise_m = 2});
        const double *g = grid.geotransform;
        double k[4];
        factors_at(metric, 4, 4, k);
        /* z = 3 X + 5 Y in stored units */
        const double du = 3 * g[1] + 5 * g[4], dv = 3 * g[2] + 5 * g[5];
        const double unit = in_feet ? 0.3048 : 1;
        ASSERT_NEAR(k[0] * du + k[1] * dv, 3 * 2 / unit, 1e-8);
        ASSERT_NEAR(k[2] * du + k[3] * dv, 5 * 2 / unit, 1e-8);
        dg_metric_destroy(metric);
    }
}
END_TEST

START_TEST(given_distances_win) {
    const dg_metric_options options = {
        .kind = DG_METRIC_PIXEL, .column_m = 4, .row_m = 8, .rise_m = 2};
    dg_metric *metric = make(north_up(9, 9, 0, 50, 1), "EPSG:4326", options);
    double k[4];
    factors_at(metric, 1, 1, k);
    ck_assert(k[0] == 0.5 && k[1] == 0 && k[2] == 0 && k[3] == -0.25);
    ck_assert_int_eq(dg_metric_kind_in_force(metric), DG_METRIC_PIXEL);
    dg_metric_destroy(metric);
}
END_TEST

START_TEST(kinds_follow_the_crs) {
    const dg_grid grid = north_up(9, 9, 0, 50, 1);
    const dg_metric_options ground = {.rise_m = 1}, map = {.kind = DG_METRIC_MAP, .rise_m = 1};
    dg_metric *metric = make(grid, NULL, ground);
    ck_assert_int_eq(dg_metric_kind_in_force(metric), DG_METRIC_MAP);
    dg_metric_destroy(metric);
    metric = make(grid, "EPSG:32632", ground);
    ck_assert_int_eq(dg_metric_kind_in_force(metric), DG_METRIC_GROUND);
    ck_assert(!dg_metric_mixes_axes(metric));
    dg_metric_destroy(metric);
    refuse(grid, "EPSG:4326", map, DEMGRAD_INVALID_ARGUMENT);
    refuse(grid, "nonsense", ground, DEMGRAD_UNSUPPORTED);
    const dg_grid flat = {9, 9, {0, 1, 2, 0, 2, 4}, true};
    refuse(flat, "EPSG:32632", ground, DEMGRAD_UNSUPPORTED);
    refuse(flat, "", map, DEMGRAD_UNSUPPORTED);
}
END_TEST

static int wrap_of(int width, double pixel, const char *crs) {
    dg_metric *metric =
        make(north_up(width, 4, -180, 2, pixel), crs, (dg_metric_options){.rise_m = 1});
    const int wrap = dg_metric_wrap_columns(metric);
    dg_metric_destroy(metric);
    return wrap;
}

START_TEST(full_turns_wrap) {
    ck_assert_int_eq(wrap_of(360, 1, "EPSG:4326"), 360);
    ck_assert_int_eq(wrap_of(361, 1, "EPSG:4326"), 360); /* with a repeated column */
    ck_assert_int_eq(wrap_of(359, 1, "EPSG:4326"), 0);
    ck_assert_int_eq(wrap_of(1080, 0.333333333, "EPSG:4326"), 1080);
    ck_assert_int_eq(wrap_of(400, 1, "EPSG:4807"), 400);
    ck_assert_int_eq(wrap_of(360, 1, "EPSG:4807"), 0);
    ck_assert_int_eq(wrap_of(500, 0.7, "EPSG:4326"), 0); /* no whole number of columns */
    ck_assert_int_eq(wrap_of(400, 100000, "EPSG:3857"), 0);
    ck_assert_int_eq(wrap_of(360, 1, ""), 0);
}
END_TEST

START_TEST(surveys_measure_the_ground) {
    dg_metric_survey survey;
    demgrad_error error;
    dg_metric *metric =
        make(north_up(2, 2, 9, 60.001, 0.001), "EPSG:4326", (dg_metric_options){.rise_m = 1});
    ASSERT_OK(dg_metric_make_survey(metric, (dg_window){0, 0, 2, 2}, &survey, &error));
    double meridian, vertical;
    radii(6378137, 6356752.314245179, 60 * DEGREE, &meridian, &vertical);
    ASSERT_NEAR(survey.pixel_m[0][0], vertical * cos(60 * DEGREE) * 0.001 * DEGREE, 1e-4);
    ASSERT_NEAR(survey.pixel_m[0][1], meridian * 0.001 * DEGREE, 1e-4);
    dg_metric_destroy(metric);
    /* On the central meridian of a UTM zone the scale is 0.9996. */
    metric = make(north_up(3, 3, 499985, 5e6, 10), "EPSG:32632", (dg_metric_options){.rise_m = 1});
    ASSERT_OK(dg_metric_make_survey(metric, (dg_window){0, 0, 3, 3}, &survey, &error));
    ASSERT_NEAR(survey.scale_min, 0.9996, 1e-8);
    ASSERT_NEAR(survey.scale_max, 0.9996, 1e-8);
    ASSERT_NEAR(survey.convergence_max, 0, 1e-3);
    ASSERT_NEAR(survey.pixel_m[0][0], 10 / 0.9996, 1e-6);
    dg_metric_destroy(metric);
}
END_TEST

int main(void) {
    unit_seed();
    Suite *suite = suite_create("metric");
    const TTest *const tests[] = {geographic_factors_have_closed_form,
                                  rotated_geographic_grids_turn,
                                  poles_have_a_north_only,
                                  planes_invert_the_geotransform,
                                  given_distances_win,
                                  kinds_follow_the_crs,
                                  full_turns_wrap,
                                  surveys_measure_the_ground,
                                  NULL};
    unit_add(suite, "metric", tests);
    return unit_run(suite);
}
