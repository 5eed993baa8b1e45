/* Where a CRS is defined: every pixel whose centre is in its domain has factors, and no other; truth
 * is PROJ's own way to the ellipsoid and back, pixel by pixel. */
#include "metric.h"
#include "unit.h"

#include <math.h>
#include <proj.h>
#include <stdio.h>
#include <stdlib.h>

#define TURN 40075016.685578488 /* of WGS 84's equator */

static const struct domain {
    const char *what;
    const char *projection; /* "+proj=..." */
    double x, y;            /* the middle of its domain, in metres */
    double width, height;   /* ... and what it spans; of a map without end, a part of it */
    double turn;            /* of a cylinder: from a meridian to itself once more; of others 0 */
} DOMAINS[] = {
    {"orthographic", "+proj=ortho +ellps=WGS84", 0, 0, 12756274, 12713505, 0},
    {"orthographic, oblique", "+proj=ortho +lat_0=40 +lon_0=7 +R=6371000", 0, 0, 12742000, 12742000,
     0},
    {"geostationary", "+proj=geos +h=35785831 +ellps=WGS84", 0, 0, 10869000, 10832000, 0},
    {"near-sided", "+proj=nsper +h=3000000 +lat_0=30 +R=6371000", 0, 0, 5584000, 5584000, 0},
    {"near-sided, a cap", "+proj=nsper +h=20000 +lat_0=-50 +R=6371000", 0, 0, 504000, 504000, 0},
    {"azimuthal equal-area", "+proj=laea +lat_0=52 +lon_0=10 +ellps=GRS80", 0, 0, 25500000,
     25500000, 0},
    {"azimuthal equal-area, polar", "+proj=laea +lat_0=90 +R=6371000", 0, 0, 25484000, 25484000, 0},
    {"azimuthal equidistant", "+proj=aeqd +lat_0=20 +lon_0=-40 +R=6371000", 0, 0, 40030000,
     40030000, 0},
    {"azimuthal equidistant, ellipsoid", "+proj=aeqd +lat_0=52 +ellps=WGS84", 0, 0, 40e6, 40e6, 0},
    {"azimuthal equidistant, polar", "+proj=aeqd +lat_0=-90 +ellps=WGS84", 0, 0, 40007863, 40007863,
     0},
    {"gnomonic", "+proj=gnom +lat_0=35 +R=6371000", 0, 0, 40e6, 40e6, 0},
    {"stereographic", "+proj=stere +lat_0=90 +lat_ts=70 +ellps=WGS84", 0, 0, 90e6, 90e6, 0},
    {"homolosine, interrupted", "+proj=igh +datum=WGS84", 0, 0, 40075017, 17260000, 0},
    {"Mollweide", "+proj=moll +datum=WGS84", 0, 0, 36080000, 18040000, 0},
    {"sinusoidal", "+proj=sinu +R=6371007.181", 0, 0, 40030230, 20015109, 0},
    {"Eckert VI", "+proj=eck6 +datum=WGS84", 0, 0, 35324000, 17662000, 0},
    {"Albers", "+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96 +ellps=GRS80", 0, 5e6, 36e6,
     30e6, 0},
    {"Lambert conformal", "+proj=lcc +lat_1=33 +lat_2=45 +lat_0=40 +ellps=GRS80", 0, 5e6, 60e6,
     60e6, 0},
    {"transverse Mercator", "+proj=utm +zone=32 +ellps=WGS84", 500000, 0, 50e6, 50e6, 0},
    {"Mercator", "+proj=merc +ellps=WGS84", 0, 0, 3 * TURN, 160e6, TURN},
    {"polyhedron", "+proj=healpix +R=6371000", 0, 0, 40030000, 20015000, 0},
};

static const double HALF_PI = 1.57079632679489661923;

typedef struct view {
    const struct domain *domain;
    dg_grid grid;
    PJ *truth;
    double col, row; /* the domain's middle */
    double reach;    /* pixels from there beyond which nothing is in the domain */
} view;

/* Within 6 cm of a pole a map that draws it out without end has no derivatives in doubles. */
typedef enum answer { OUTSIDE, INSIDE, UNSURE } answer;

static answer has_place(const view *v, double x, double y, double tolerance) {
    const PJ_COORD lonlat = proj_trans(v->truth, PJ_INV, proj_coord(x, y, 0, 0));
    if (!isfinite(lonlat.lp.lam) || !isfinite(lonlat.lp.phi))
        return OUTSIDE;
    if (fabs(fabs(lonlat.lp.phi) - HALF_PI) < 1e-8)
        return UNSURE;
    const PJ_COORD back = proj_trans(v->truth, PJ_FWD, lonlat);
    return hypot(back.xy.x - x, back.xy.y - y) <= tolerance ? INSIDE : OUTSIDE;
}

/* A cylinder goes on for a turn either way. */
static answer is_in_domain(const view *v, int col, int row, double tolerance) {
    double x, y;
    dg_grid_centre(&v->grid, col, row, &x, &y);
    answer best = has_place(v, x, y, tolerance);
    for (int turns = -1; turns <= 1 && v->domain->turn > 0 && best == OUTSIDE; turns += 2)
        best = has_place(v, x + turns * v->domain->turn, y, tolerance);
    return best;
}

static void check_row(const view *v, dg_metric_rows *rows, int row, double tolerance, int *inside) {
    const dg_span *spans;
    size_t count;
    demgrad_error error;
    const dg_window line = {0, row, v->grid.width, 1};
    ASSERT_OK(dg_metric_rows_prepare(rows, line, &error));
    ASSERT_OK(dg_metric_rows_get(rows, row, 0, line.width, &spans, &count, &error));
    for (size_t i = 0; i < count; i++) {
        for (int col = spans[i].col; col < spans[i].col + spans[i].width; col++) {
            const bool has = !isnan(spans[i].k[0] + spans[i].dk[0] * (col - spans[i].anchor));
            const bool far = fabs(col - v->col) > v->reach || fabs(row - v->row) > v->reach;
            const answer right = far ? OUTSIDE : is_in_domain(v, col, row, tolerance);
            *inside += right == INSIDE;
            /* Check notes every assertion in a file: millions take minutes. */
            if (right != UNSURE && has != (right == INSIDE))
                ck_abort_msg(
                    "%s: %s at column %d, row %d of %d x %d, pixels of %g m, from %.17g, %.17g",
                    v->domain->what, has ? "factors" : "none", col, row, v->grid.width,
                    v->grid.height, v->grid.geotransform[1], v->grid.geotransform[0],
                    v->grid.geotransform[3]);
        }
    }
}

static int check_view(const view *v) {
    char crs[256];
    dg_metric *metric;
    dg_metric_rows *rows;
    demgrad_error error;
    dg_metric_sample sample;
    int inside = 0;
    const double tolerance = 0.01 * sqrt(fabs(dg_grid_determinant(&v->grid)));
    snprintf(crs, sizeof crs, "%s +type=crs", v->domain->projection);
    ASSERT_OK(dg_metric_create(&v->grid, crs, &(dg_metric_options){.rise_m = 1}, &metric, &error));
    ASSERT_OK(dg_metric_rows_create(metric, &rows, &error));
    for (int row = 0; row < v->grid.height; row++)
        check_row(v, rows, row, tolerance, &inside);
    ASSERT_OK(dg_metric_take_sample(metric, &sample, &error));
    ck_assert_msg(sample.has_ground == (inside > 0), "%s: ground %d, pixels %d", v->domain->what,
                  sample.has_ground, inside);
    dg_metric_rows_destroy(rows);
    dg_metric_destroy(metric);
    return inside;
}

/* Puts the domain's middle at a pixel position, `size` pixels of a side `pixel` wide across it. */
static dg_grid place(const struct domain *d, int width, int height, double pixel, double col,
                     double row, double turn) {
    const double c = pixel * cos(turn), s = pixel * sin(turn);
    return (dg_grid){
        width, height, {d->x - col * c - row * s, c, s, d->y - col * s + row * c, s, -c}, true};
}

static void check_sizes(const struct domain *d, int width, int height, int count) {
    for (int i = 0; i < count; i++) {
        const double across = 3 * pow(400.0 / 3, unit_random_between(0, 1));
        const double pixel = fmax(d->width, d->height) / across;
        const bool is_cornered = unit_random_chance(0.2);
        const double col = is_cornered ? 64 * unit_random_below(width / 64 + 1)
                                       : unit_random_between(-0.2 * across, width + 0.2 * across);
        const double row = is_cornered ? 64 * unit_random_below(height / 64 + 1)
                                       : unit_random_between(-0.2 * across, height + 0.2 * across);
        const double turn = unit_random_chance(0.3) ? unit_random_between(0, 6) : 0;
        view v = {d, place(d, width, height, pixel, col, row, turn), NULL, col, row, 1e9};
        v.truth = proj_create(PJ_DEFAULT_CTX, d->projection);
        const int inside = check_view(&v);
        printf("%s, %.1f pixels across: %d pixels\n", d->what, across, inside);
        fflush(stdout);
        proj_destroy(v.truth);
    }
}

START_TEST(every_pixel_of_a_small_domain_comes_out) {
    unit_random_start(300 + (uint64_t)_i);
    check_sizes(&DOMAINS[_i], 200, 150, 4);
    check_sizes(&DOMAINS[_i], 500, 470, 1);
}
END_TEST

/* Maps of the whole Earth that end somewhere: beyond their middle's surroundings there is nothing. */
START_TEST(small_domains_are_found_in_a_big_raster) {
    static const int numbers[] = {0, 2, 5, 7, 13};
    unit_random_start(400 + (uint64_t)_i);
    const struct domain *d = &DOMAINS[numbers[_i]];
    const int width = 5000, height = 4200;
    for (double across = 3; across < 400; across *= 11) {
        const double col = unit_random_between(0, width), row = unit_random_between(0, height);
        view v = {d,     place(d, width, height, d->width / across, col, row, 0), NULL, col, row,
                  across};
        v.truth = proj_create(PJ_DEFAULT_CTX, d->projection);
        ck_assert_int_gt(check_view(&v), 0);
        proj_destroy(v.truth);
    }
}
END_TEST

int main(void) {
    unit_seed();
    proj_log_level(PJ_DEFAULT_CTX, PJ_LOG_NONE);
    Suite *suite = suite_create("domain");
    TCase *domains = tcase_create("domains");
    tcase_set_timeout(domains, 120);
    tcase_add_loop_test(domains, every_pixel_of_a_small_domain_comes_out, 0,
                        sizeof DOMAINS / sizeof *DOMAINS);
    tcase_add_loop_test(domains, small_domains_are_found_in_a_big_raster, 0, 5);
    suite_add_tcase(suite, domains);
    return unit_run(suite);
}
