/* The interpolated factors of projected CRSs against those computed at the pixel itself. */
#include "ground.h"
#include "metric.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct place {
    const char *what;
    const char *crs;
    dg_grid grid;
    bool true_frame;
} PLACES[] = {
    {"UTM", "EPSG:32632", {9000, 9000, {3e5, 10, 0, 5.5e6, 0, -10}, true}, false},
    {"UTM, rotated and skewed",
     "EPSG:32733",
     {3000, 3000, {3e5, 30, 9, 7.5e6, 12, -28}, true},
     false},
    {"UTM, true frame", "EPSG:32632", {5000, 5000, {3e5, 10, 0, 8.5e6, 0, -10}, true}, true},
    {"UTM, south-up", "EPSG:32632", {5000, 5000, {3e5, 10, 0, 5e6, 0, 10}, true}, false},
    {"Web Mercator, the world",
     "EPSG:3857",
     {4096, 4096, {-20037508.34, 9783.94, 0, 20037508.34, 0, -9783.94}, true},
     false},
    {"polar stereographic", "EPSG:3031", {1001, 1001, {-5005, 10, 0, 5005, 0, -10}, true}, false},
    {"polar stereographic, true frame",
     "EPSG:3031",
     {1001, 1001, {-5005, 10, 0, 5005, 0, -10}, true},
     true},
    {"LAEA Europe", "EPSG:3035", {6000, 5000, {2.5e6, 1000, 0, 6e6, 0, -1000}, true}, false},
    {"Albers", "EPSG:5070", {4600, 2900, {-2.4e6, 1000, 0, 3.2e6, 0, -1000}, true}, true},
    {"State Plane in feet", "EPSG:2264", {7000, 5000, {1.5e6, 100, 0, 1e6, 0, -100}, true}, false},
    {"orthographic, the disc",
     "+proj=ortho +lat_0=40 +ellps=WGS84 +type=crs",
     {300, 300, {-6.6e6, 44000, 0, 6.6e6, 0, -44000}, true},
     false},
    {"geostationary, a small disc",
     "+proj=geos +h=35785831 +ellps=WGS84 +type=crs",
     {500, 500, {-5e7, 258000, 0, 6e7, 0, -258000}, true},
     false},
    {"sinusoidal, the world",
     "+proj=sinu +R=6371007.181 +type=crs",
     {400, 200, {-20015109, 100075, 0, 10007555, 0, -100075}, true},
     false},
    {"interrupted Goode, with its cuts",
     "+proj=igh +datum=WGS84 +type=crs",
     {400, 200, {-20037508, 100188, 0, 8.7e6, 0, -87000}, true},
     true},
    {"rotated pole",
     "+proj=ob_tran +o_proj=longlat +o_lat_p=39.25 +o_lon_p=0 +lon_0=18 +R=6371229 +type=crs",
     {1000, 900, {-25, 0.05, 0, 25, 0, -0.05}, true},
     true},
};

static dg_metric *open_place(const struct place *p, dg_metric_rows **rows) {
    const dg_metric_options options = {.true_frame = p->true_frame, .rise_m = 1};
    dg_metric *metric;
    demgrad_error error;
    ASSERT_OK(dg_metric_create(&p->grid, p->crs, &options, &metric, &error));
    ASSERT_OK(dg_metric_rows_create(metric, rows, &error));
    return metric;
}

typedef double factors[4];

static void prepare(dg_metric_rows *rows, dg_window window) {
    demgrad_error error;
    ASSERT_OK(dg_metric_rows_prepare(rows, window, &error));
}

/* The factors of the columns of `window` in `row`, which are in the prepared window; the spans must
 * cover just those, in order. */
static void read_row(dg_metric_rows *rows, dg_window window, int row, factors *k) {
    const dg_span *spans;
    size_t count;
    demgrad_error error;
    ASSERT_OK(dg_metric_rows_get(rows, row, window.col, window.width, &spans, &count, &error));
    int col = window.col;
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(spans[i].col, col);
        ck_assert_int_gt(spans[i].width, 0);
        for (; col < spans[i].col + spans[i].width; col++) {
            for (int q = 0; q < 4; q++)
                k[col - window.col][q] = spans[i].k[q] + spans[i].dk[q] * (col - spans[i].anchor);
        }
    }
    ck_assert_int_eq(col, window.col + window.width);
}

static dg_window random_window(const dg_grid *grid, int most) {
    dg_window w;
    w.width = 1 + unit_random_below(most < grid->width ? most : grid->width);
    w.height = 1 + unit_random_below(most < grid->height ? most : grid->height);
    w.col = unit_random_below(grid->width - w.width + 1);
    w.row = unit_random_below(grid->height - w.height + 1);
    return w;
}

static double largest(const double k[4]) {
    return fmax(fmax(fabs(k[0]), fabs(k[1])), fmax(fabs(k[2]), fabs(k[3])));
}

/* How far k is from the exact factors, as a share of their size; 1 where one of them is missing. */
static double off(const double k[4], const double exact[4]) {
    double worst = 0;
    for (int q = 0; q < 4; q++) {
        if (isnan(k[q]) != isnan(exact[q]))
            return 1;
        if (!isnan(k[q]))
            worst = fmax(worst, fabs(k[q] - exact[q]) / largest(exact));
    }
    return worst;
}

static dg_ground open_ground(const struct place *p, const dg_metric *metric) {
    dg_ground ground = {
        .grid = p->grid, .crs = *dg_metric_crs(metric), .true_frame = p->true_frame, .rise_m = 1};
    demgrad_error error;
    dg_grid_position(&p->grid, ground.position);
    ASSERT_OK(dg_projection_create(p->crs, &ground.projection, &error));
    return ground;
}

/* The worst of some random pixels of a random window. */
static double worst_of_window(const dg_grid *grid, dg_metric_rows *rows, dg_ground *ground,
                              factors *k) {
    const dg_window w = random_window(grid, 64);
    const int row = w.row + unit_random_below(w.height);
    double worst = 0;
    prepare(rows, w);
    read_row(rows, w, row, k);
    for (int i = 0; i < 12; i++) {
        const int col = unit_random_below(w.width);
        double exact[4];
        dg_ground_factors(ground, w.col + col, row, exact);
        worst = fmax(worst, off(k[col], exact));
        ck_assert_msg(worst <= 1e-7, "off by %g at column %d, row %d", worst, w.col + col, row);
    }
    return worst;
}

static void check_place(const struct place *p) {
    dg_metric_rows *rows;
    dg_metric *metric = open_place(p, &rows);
    dg_ground ground = open_ground(p, metric);
    double worst = 0, k[64][4];
    printf("%s: ", p->what);
    for (int i = 0; i < 60; i++)
        worst = fmax(worst, worst_of_window(&p->grid, rows, &ground, k));
    printf("off by %.1e\n", worst);
    dg_projection_destroy(ground.projection);
    dg_metric_rows_destroy(rows);
    dg_metric_destroy(metric);
}

START_TEST(interpolation_stays_within_its_bound) {
    unit_random_start(100 + (uint64_t)_i);
    check_place(&PLACES[_i]);
}
END_TEST

/* A row of the whole grid against the same row by windows, with the lattice moved about between. */
static void check_windows(const struct place *p) {
    dg_metric_rows *rows, *fresh;
    dg_metric *metric = open_place(p, &rows), *again = open_place(p, &fresh);
    const int width = p->grid.width < 700 ? p->grid.width : 700;
    const dg_window wide = {(p->grid.width - width) / 2, p->grid.height / 3, width, 40};
    factors *whole = malloc((size_t)width * sizeof *whole);
    factors *part = malloc((size_t)width * sizeof *part);
    for (int i = 0; i < 40; i++) {
        const int row = wide.row + unit_random_below(wide.height);
        prepare(fresh, wide);
        read_row(fresh, wide, row, whole);
        dg_window w = random_window(&p->grid, 50);
        prepare(rows, w);
        w.width = 1 + unit_random_below(width);
        w.col = wide.col + unit_random_below(width - w.width + 1);
        w.row = row - unit_random_below(row + 1 < 30 ? row + 1 : 30);
        w.height = row - w.row + 1;
        prepare(rows, w);
        read_row(rows, w, row, part);
        ck_assert_msg(memcmp(part, whole[w.col - wide.col], (size_t)w.width * sizeof *part) == 0,
                      "%s: row %d differs by window", p->what, row);
    }
    free(whole);
    free(part);
    dg_metric_rows_destroy(rows);
    dg_metric_rows_destroy(fresh);
    dg_metric_destroy(metric);
    dg_metric_destroy(again);
}

START_TEST(windows_change_no_byte) {
    unit_random_start(200 + (uint64_t)_i);
    check_windows(&PLACES[_i]);
}
END_TEST

/* A part of the place's grid as a raster of its own, with the rounding of its origin that files have. */
static struct place part_of(const struct place *p, dg_window w) {
    struct place part = *p;
    double *g = part.grid.geotransform;
    const double x = g[0] + w.col * g[1] + w.row * g[2], y = g[3] + w.col * g[4] + w.row * g[5];
    g[0] = x;
    g[3] = y;
    part.grid.width = w.width;
    part.grid.height = w.height;
    return part;
}

/* The factors of the raster's last row and all its columns. */
static void read_last_row(const struct place *p, dg_window w, factors *k) {
    dg_metric_rows *rows;
    dg_metric *metric = open_place(p, &rows);
    prepare(rows, w);
    read_row(rows, w, w.row + w.height - 1, k);
    dg_metric_rows_destroy(rows);
    dg_metric_destroy(metric);
}

START_TEST(parts_of_a_grid_change_no_byte) {
    unit_random_start(300 + (uint64_t)_i);
    const struct place *p = &PLACES[_i];
    for (int i = 0; i < 10; i++) {
        const dg_window w = random_window(&p->grid, 64);
        const struct place part = part_of(p, w);
        factors whole[64], own[64];
        read_last_row(p, w, whole);
        read_last_row(&part, dg_grid_window(&part.grid), own);
        ck_assert_msg(memcmp(whole, own, (size_t)w.width * sizeof *own) == 0,
                      "%s: its part at column %d, row %d differs", p->what, w.col, w.row);
    }
}
END_TEST

int main(void) {
    unit_seed();
    const int count = sizeof PLACES / sizeof *PLACES;
    Suite *suite = suite_create("lattice");
    TCase *places = tcase_create("places");
    tcase_set_timeout(places, 120);
    tcase_add_loop_test(places, interpolation_stays_within_its_bound, 0, count);
    tcase_add_loop_test(places, windows_change_no_byte, 0, count);
    tcase_add_loop_test(places, parts_of_a_grid_change_no_byte, 0, count);
    suite_add_tcase(suite, places);
    return unit_run(suite);
}
