/* What is read out of CRSs, and the derivatives of projections. */
#include "crs.h"
#include "projection.h"
#include "unit.h"

#include <math.h>
#include <proj.h>
#include <stdio.h>
#include <string.h>

static const double DEGREE = 0.017453292519943295;
static const double GRAD = 0.015707963267948967;
static const double US_FOOT = 1200.0 / 3937.0;

/* clang-format off */
#define LOCAL_FEET "ENGCRS[\"site\",EDATUM[\"site\"],CS[Cartesian,2],AXIS[\"x\",east],AXIS[\"y\",north]," \
    "LENGTHUNIT[\"foot\",0.3048]]"
#define BOUND "+proj=utm +zone=33 +ellps=bessel +towgs84=577,90,463,5.1,1.5,5.2,2.4 +type=crs"
#define ROTATED_POLE "+proj=ob_tran +o_proj=longlat +o_lat_p=39.25 +o_lon_p=0 +lon_0=18 +R=6371229 +type=crs"

static const struct facts_case {
    const char *text;
    dg_crs_kind kind;
    double semi_major_m, inverse_flattening; /* 0: a sphere */
    double linear_unit_m, angular_unit_rad;
    double vertical_unit_m; /* 0: no vertical part */
    bool is_down;
} FACTS[] = {
    {"EPSG:4326", DG_CRS_GEOGRAPHIC, 6378137, 298.257223563, 1, DEGREE, 0, false},
    {"EPSG:4979", DG_CRS_GEOGRAPHIC, 6378137, 298.257223563, 1, DEGREE, 1, false},
    {"EPSG:4267", DG_CRS_GEOGRAPHIC, 6378206.4, 294.978698213898, 1, DEGREE, 0, false},
    {"EPSG:4807", DG_CRS_GEOGRAPHIC, 6378249.2, 293.466021293627, 1, GRAD, 0, false},
    {"EPSG:4326+5773", DG_CRS_GEOGRAPHIC, 6378137, 298.257223563, 1, DEGREE, 1, false},
    {"EPSG:4326+5715", DG_CRS_GEOGRAPHIC, 6378137, 298.257223563, 1, DEGREE, 1, true},
    {"IAU_2015:30100", DG_CRS_GEOGRAPHIC, 1737400, 0, 1, DEGREE, 0, false},
    {"+proj=longlat +a=3396190 +b=3376200 +no_defs +type=crs", DG_CRS_GEOGRAPHIC, 3396190,
     3396190.0 / 19990, 1, DEGREE, 0, false},
    {"EPSG:32632", DG_CRS_PROJECTED, 6378137, 298.257223563, 1, DEGREE, 0, false},
    {"EPSG:3857", DG_CRS_PROJECTED, 6378137, 298.257223563, 1, DEGREE, 0, false},
    {"EPSG:2193", DG_CRS_PROJECTED, 6378137, 298.257222101, 1, DEGREE, 0, false},
    {"EPSG:31467", DG_CRS_PROJECTED, 6377397.155, 299.1528128, 1, DEGREE, 0, false},
    {"EPSG:27700", DG_CRS_PROJECTED, 6377563.396, 299.3249646, 1, DEGREE, 0, false},
    {"EPSG:2264", DG_CRS_PROJECTED, 6378137, 298.257222101, US_FOOT, DEGREE, 0, false},
    {"EPSG:2222", DG_CRS_PROJECTED, 6378137, 298.257222101, 0.3048, DEGREE, 0, false},
    {"EPSG:27572", DG_CRS_PROJECTED, 6378249.2, 293.466021293627, 1, GRAD, 0, false},
    {"EPSG:26917+6360", DG_CRS_PROJECTED, 6378137, 298.257222101, 1, DEGREE, US_FOOT, false},
    {BOUND, DG_CRS_PROJECTED, 6377397.155, 299.1528128, 1, DEGREE, 0, false},
    {ROTATED_POLE, DG_CRS_PROJECTED, 6371229, 0, 1, DEGREE, 0, false},
    {LOCAL_FEET, DG_CRS_LOCAL, 0, 0, 0.3048, 1, 0, false},
    {"", DG_CRS_NONE, 0, 0, 1, 1, 0, false},
    {NULL, DG_CRS_NONE, 0, 0, 1, 1, 0, false},
};
/* clang-format on */

static void check_facts(const struct facts_case *c) {
    dg_crs_facts facts;
    demgrad_error error;
    ASSERT_OK(dg_crs_read(c->text, &facts, NULL, &error));
    ck_assert_msg(facts.kind == c->kind, "kind %d", (int)facts.kind);
    const double flattening = c->inverse_flattening > 0 ? 1 / c->inverse_flattening : 0;
    ASSERT_NEAR(facts.semi_major_m, c->semi_major_m, 1e-3);
    ASSERT_NEAR(facts.semi_minor_m, c->semi_major_m * (1 - flattening), 1e-3);
    ASSERT_NEAR(facts.linear_unit_m, c->linear_unit_m, 1e-9);
    ASSERT_NEAR(facts.angular_unit_rad, c->angular_unit_rad, 1e-12);
    ck_assert_int_eq(facts.has_vertical, c->vertical_unit_m != 0);
    if (facts.has_vertical) {
        ASSERT_NEAR(facts.vertical_unit_m, c->vertical_unit_m, 1e-9);
        ck_assert_int_eq(facts.vertical_is_down, c->is_down);
        ck_assert_str_ne(facts.vertical_unit, "");
    }
}

START_TEST(facts_are_the_crs_own) {
    for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++) {
        printf("%s\n", FACTS[i].text ? FACTS[i].text : "(NULL)");
        fflush(stdout);
        check_facts(&FACTS[i]);
    }
}
END_TEST

START_TEST(names_are_told) {
    dg_crs_facts facts;
    demgrad_error error;
    ASSERT_OK(dg_crs_read("EPSG:26917+6360", &facts, NULL, &error));
    ck_assert_str_eq(facts.name, "NAD83 / UTM zone 17N");
    ck_assert_str_eq(facts.ellipsoid, "GRS 1980");
    ck_assert_str_eq(facts.vertical_unit, "US survey foot");
}
END_TEST

static const struct axes_case {
    const char *text;
    const char *code;
    dg_axis_use compass[2], raster[2];
} AXES[] = {
    {"EPSG:32632", "EPSG:32632", {{0, 1}, {1, 1}}, {{0, 1}, {1, 1}}},
    {"EPSG:2193", "EPSG:2193", {{1, 1}, {0, 1}}, {{1, 1}, {0, 1}}},
    {"EPSG:4326", "EPSG:4326", {{1, 1}, {0, 1}}, {{1, 1}, {0, 1}}},
    {"EPSG:2048", "EPSG:2048", {{0, -1}, {1, -1}}, {{0, 1}, {1, 1}}},
    {"EPSG:5513", "EPSG:5513", {{1, -1}, {0, -1}}, {{0, 1}, {1, 1}}},
    {"EPSG:5514", "EPSG:5514", {{0, 1}, {1, 1}}, {{0, 1}, {1, 1}}},
    {"EPSG:5041", "EPSG:5041", {{0, 1}, {1, 1}}, {{0, 1}, {1, 1}}},
    {"EPSG:32661", "EPSG:32661", {{1, 1}, {0, 1}}, {{1, 1}, {0, 1}}},
    {"IAU_2015:49901", "IAU_2015:49901", {{1, -1}, {0, 1}}, {{1, 1}, {0, 1}}},
    {"EPSG:26917+6360", "EPSG:26917", {{0, 1}, {1, 1}}, {{0, 1}, {1, 1}}},
    {"+proj=utm +zone=32 +axis=wsu +type=crs", "", {{0, -1}, {1, -1}}, {{0, 1}, {1, 1}}},
};

START_TEST(axes_are_told_by_the_way_they_count) {
    for (size_t i = 0; i < sizeof AXES / sizeof *AXES; i++) {
        dg_crs_facts facts;
        demgrad_error error;
        ASSERT_OK(dg_crs_read(AXES[i].text, &facts, NULL, &error));
        ck_assert_str_eq(facts.code, AXES[i].code);
        for (int j = 0; j < 2; j++) {
            const dg_axis_use *compass = &AXES[i].compass[j], *raster = &AXES[i].raster[j];
            ck_assert_msg(facts.compass[j].index == compass->index &&
                              facts.compass[j].sign * compass->sign > 0 &&
                              facts.raster[j].index == raster->index && facts.raster[j].sign > 0,
                          "%s: axis %d", AXES[i].text, j);
        }
    }
}
END_TEST

START_TEST(what_is_no_crs_fails) {
    static const char *const texts[] = {"EPSG:999999", "nonsense", "+proj=utm +zone=99 +type=crs",
                                        "+proj=utm +zone=32", "GEOGCRS[\"half"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        dg_crs_facts facts;
        demgrad_error error;
        ASSERT_STATUS(dg_crs_read(texts[i], &facts, NULL, &error), DEMGRAD_UNSUPPORTED);
        ck_assert_str_ne(error.message, "");
        ck_assert_int_eq(dg_crs_read(texts[i], &facts, NULL, NULL), DEMGRAD_UNSUPPORTED);
    }
}
END_TEST

/* proj_factors gives derivatives by the angle, in semi-major axes. */
static void ask_proj(PJ *p, double lam, double phi, double jacobian[4]) {
    const double a = 6378137, f = 1 / 298.257223563, e2 = f * (2 - f);
    const double w = sqrt(1 - e2 * sin(phi) * sin(phi));
    const double east = a * cos(phi) / w, north = a * (1 - e2) / (w * w * w);
    const PJ_FACTORS factors = proj_factors(p, proj_coord(lam, phi, 0, 0));
    jacobian[0] = factors.dx_dlam * a / east;
    jacobian[1] = factors.dx_dphi * a / north;
    jacobian[2] = factors.dy_dlam * a / east;
    jacobian[3] = factors.dy_dphi * a / north;
}

/* The orthographic map at 0 E 40 N is what geocentric coordinates are along that place's east and
 * north. So its derivatives are the scalar products of these with the east and north of a point. */
static void multiply_directions(PJ *p, double lam, double phi, double jacobian[4]) {
    (void)p;
    const double phi_0 = 40 * DEGREE;
    jacobian[0] = cos(lam);
    jacobian[1] = -sin(phi) * sin(lam);
    jacobian[2] = sin(phi_0) * sin(lam);
    jacobian[3] = sin(phi_0) * sin(phi) * cos(lam) + cos(phi_0) * cos(phi);
}

/* Not Robinson: PROJ interpolates it by parts that do not meet, and proj_factors straddles them. Nor
 * is proj_factors good enough for the orthographic one, whose derivatives it takes numerically. */
static const struct projection_case {
    const char *projection; /* of +ellps=WGS84 */
    double lon, lat, size;  /* degrees; places within `size` of there */
    void (*truth)(PJ *p, double lam, double phi, double jacobian[4]);
} PROJECTIONS[] = {
    {"+proj=utm +zone=32", 9, 60, 6, ask_proj},
    {"+proj=merc", 0, 0, 70, ask_proj},
    {"+proj=stere +lat_0=90", 0, 80, 9, ask_proj},
    {"+proj=laea +lat_0=52 +lon_0=10", 10, 52, 30, ask_proj},
    {"+proj=sinu", 20, 10, 60, ask_proj},
    {"+proj=moll", -40, 20, 50, ask_proj},
    {"+proj=lcc +lat_1=49 +lat_2=44", 3, 46, 15, ask_proj},
    {"+proj=aea +lat_1=29.5 +lat_2=45.5", 5, 40, 30, ask_proj},
    {"+proj=eck4", 10, 33, 30, ask_proj},
    {"+proj=ortho +lat_0=40", 5, 40, 50, multiply_directions},
};

static double largest(const double v[4]) {
    return fmax(fmax(fabs(v[0]), fabs(v[1])), fmax(fabs(v[2]), fabs(v[3])));
}

static double worst_jacobian(const struct projection_case *c, PJ *p, dg_projection *projection) {
    double worst = 0;
    for (int i = 0; i < 200; i++) {
        const double lam = (c->lon + unit_random_between(-c->size, c->size)) * DEGREE;
        const double phi = (c->lat + unit_random_between(-c->size, c->size)) * DEGREE;
        const PJ_COORD map = proj_trans(p, PJ_FWD, proj_coord(lam, phi, 0, 0));
        double right[4], found[4], latitude;
        if (!isfinite(map.xy.x))
            continue;
        c->truth(p, lam, phi, right);
        ck_assert(dg_projection_jacobian(projection, map.xy.x, map.xy.y, 1, &latitude, found));
        ASSERT_NEAR(latitude, phi, 1e-9);
        for (int q = 0; q < 4; q++)
            worst = fmax(worst, fabs(found[q] - right[q]) / largest(right));
    }
    return worst;
}

START_TEST(derivatives_are_the_projections_own) {
    unit_random_start(21);
    for (size_t i = 0; i < sizeof PROJECTIONS / sizeof *PROJECTIONS; i++) {
        char text[128];
        demgrad_error error;
        snprintf(text, sizeof text, "%s +ellps=WGS84", PROJECTIONS[i].projection);
        PJ *p = proj_create(PJ_DEFAULT_CTX, text);
        strcat(text, " +type=crs");
        dg_projection *projection;
        ASSERT_OK(dg_projection_create(text, &projection, &error));
        const double worst = worst_jacobian(&PROJECTIONS[i], p, projection);
        printf("%s: off by %.1e\n", PROJECTIONS[i].projection, worst);
        fflush(stdout);
        ck_assert_msg(worst < 1e-8, "%s: off by %g", PROJECTIONS[i].projection, worst);
        dg_projection_destroy(projection);
        proj_destroy(p);
    }
}
END_TEST

START_TEST(places_beyond_the_limb_have_none) {
    dg_projection *projection;
    demgrad_error error;
    double latitude, jacobian[4];
    ASSERT_OK(
        dg_projection_create("+proj=ortho +lat_0=40 +ellps=WGS84 +type=crs", &projection, &error));
    ck_assert(!dg_projection_jacobian(projection, 7e6, 0, 1, &latitude, jacobian));
    ck_assert(!dg_projection_jacobian(projection, 1e300, 0, 1, &latitude, jacobian));
    ck_assert(dg_projection_jacobian(projection, 1e6, 0, 1, &latitude, jacobian));
    dg_projection_destroy(projection);
}
END_TEST

int main(void) {
    unit_seed();
    Suite *suite = suite_create("crs");
    const TTest *const tests[] = {facts_are_the_crs_own,
                                  names_are_told,
                                  axes_are_told_by_the_way_they_count,
                                  what_is_no_crs_fails,
                                  derivatives_are_the_projections_own,
                                  places_beyond_the_limb_have_none,
                                  NULL};
    unit_add(suite, "crs", tests);
    return unit_run(suite);
}
