/* Calls of PROJ, and of GDAL's for CRSs, that fail, each in turn: the CRS is then an error, never
 * another CRS. */
#include "crs.h"
#include "memory_raster.h"
#include "projection.h"
#include "unit.h"

#include <cpl_vsi.h>
#include <demgrad/raster.h>
#include <ogr_srs_api.h>
#include <proj.h>
#include <stdio.h>

/* The call that fails, counted from 1; 0: none. */
static int failing, calls;

static bool fails(void) {
    return ++calls == failing;
}

/* clang-format off */
#define WRAP(type, failure, name, parameters, arguments)                                           \
    type __real_##name parameters;                                                                 \
    __attribute__((visibility("default"))) type __wrap_##name parameters;                          \
    type __wrap_##name parameters { return fails() ? (failure) : __real_##name arguments; }

WRAP(PJ_CONTEXT *, NULL, proj_context_create, (void), ())
WRAP(PJ *, NULL, proj_create, (PJ_CONTEXT *c, const char *text), (c, text))
WRAP(PJ *, NULL, proj_clone, (PJ_CONTEXT *c, const PJ *p), (c, p))
WRAP(PJ *, NULL, proj_get_source_crs, (PJ_CONTEXT *c, const PJ *p), (c, p))
WRAP(PJ *, NULL, proj_crs_get_sub_crs, (PJ_CONTEXT *c, const PJ *p, int i), (c, p, i))
WRAP(PJ *, NULL, proj_crs_get_coordinate_system, (PJ_CONTEXT *c, const PJ *p), (c, p))
WRAP(int, 0, proj_cs_get_axis_info,
     (PJ_CONTEXT *c, const PJ *p, int i, const char **name, const char **abbreviation,
      const char **direction, double *unit, const char **unit_name, const char **authority,
      const char **code),
     (c, p, i, name, abbreviation, direction, unit, unit_name, authority, code))
WRAP(PJ *, NULL, proj_get_ellipsoid, (PJ_CONTEXT *c, const PJ *p), (c, p))
WRAP(int, 0, proj_ellipsoid_get_parameters,
     (PJ_CONTEXT *c, const PJ *p, double *a, double *b, int *computed, double *flattening),
     (c, p, a, b, computed, flattening))
WRAP(PJ *, NULL, proj_create_crs_to_crs_from_pj,
     (PJ_CONTEXT *c, const PJ *from, const PJ *to, PJ_AREA *area, const char *const *options),
     (c, from, to, area, options))
WRAP(OGRSpatialReferenceH, NULL, OSRNewSpatialReference, (const char *wkt), (wkt))
WRAP(OGRSpatialReferenceH, NULL, OSRClone, (OGRSpatialReferenceH crs), (crs))
WRAP(OGRErr, OGRERR_FAILURE, OSRExportToWktEx,
     (OGRSpatialReferenceH crs, char **wkt, const char *const *options), (crs, wkt, options))
WRAP(OGRErr, OGRERR_FAILURE, OSRSetFromUserInput, (OGRSpatialReferenceH crs, const char *text),
     (crs, text))
/* clang-format on */

static demgrad_status read_crs(const char *text, demgrad_error *error) {
    dg_crs_facts facts;
    dg_projection *projection;
    calls = 0;
    const demgrad_status status = dg_crs_read(text, &facts, &projection, error);
    dg_projection_destroy(projection);
    return status;
}

/* Geographic, projected, compound with a bound part, bound, derived twice. */
static const char *const TEXTS[] = {
    "EPSG:4326",
    "EPSG:2048",
    "EPSG:26917+6360",
    "+proj=utm +zone=33 +ellps=bessel +towgs84=577,90,463,5.1,1.5,5.2,2.4 +type=crs",
    "+proj=ob_tran +o_proj=longlat +o_lat_p=39.25 +o_lon_p=0 +lon_0=18 +R=6371229 +type=crs",
};

START_TEST(every_failure_of_proj_is_told) {
    demgrad_error error;
    failing = 0;
    ASSERT_OK(read_crs(TEXTS[_i], &error));
    const int all = calls;
    ck_assert_int_ge(all, 6);
    for (failing = 1; failing <= all; failing++) {
        const demgrad_status status = read_crs(TEXTS[_i], &error);
        ck_assert_msg(status == DEMGRAD_UNSUPPORTED || status == DEMGRAD_OUT_OF_MEMORY,
                      "%s: call %d of %d failed, and the status is %d", TEXTS[_i], failing, all,
                      (int)status);
        ck_assert_str_ne(error.message, "");
    }
}
END_TEST

static const char *const INPUTS[] = {"/vsimem/crs_1.tif", "/vsimem/crs_2.tif"};

/* One CRS in two texts, so that they are compared. */
static void make_inputs(void) {
    static const char *const crs[] = {"EPSG:32632", "+proj=utm +zone=32 +datum=WGS84"};
    for (int i = 0; i < 2; i++) {
        const double transform[6] = {5e5 + 600 * i, 30, 0, 5e6, 0, -30};
        memory_raster_make(&(memory_raster){.path = INPUTS[i],
                                            .width = 20,
                                            .height = 20,
                                            .type = GDT_Float32,
                                            .transform = transform,
                                            .crs = crs[i],
                                            .alpha = -1});
    }
}

static void count_warning(const char *text, void *user) {
    (void)text;
    ++*(int *)user;
}

static demgrad_status compute(const char *output, const char *crs, int *warnings,
                              demgrad_error *error) {
    demgrad_raster_options options;
    demgrad_raster_options_init(&options);
    options.threads = 1;
    options.crs = crs;
    options.warning = count_warning;
    options.warning_user = warnings;
    calls = *warnings = 0;
    return demgrad_raster_gradient(INPUTS, 2, output, &options, NULL, error);
}

/* Where a failure costs nothing but the proof that the output's CRS is right, it is made all the same. */
static void check_outputs(const char *crs) {
    static const char right[] = "/vsimem/right/a.tif", other[] = "/vsimem/other/a.tif";
    demgrad_error error;
    int warnings, all;
    failing = 0;
    make_inputs();
    ASSERT_OK(compute(right, crs, &warnings, &error));
    all = calls;
    ck_assert_int_eq(warnings, 0);
    ck_assert_int_ge(all, 10);
    for (failing = 1; failing <= all; failing++) {
        const demgrad_status status = compute(other, crs, &warnings, &error);
        if (status == DEMGRAD_OK) {
            ck_assert_msg(memory_file_equal(right, other), "call %d of %d: another output", failing,
                          all);
            VSIUnlink(other);
        } else {
            ck_assert_str_ne(error.message, "");
            ck_assert_int_eq(folder_count("/vsimem/other"), 0);
        }
    }
    failing = 0;
    VSIUnlink(right);
}

START_TEST(no_failure_changes_an_output) {
    GDALAllRegister();
    check_outputs(NULL);
    check_outputs("EPSG:32633");
}
END_TEST

int main(void) {
    unit_seed();
    Suite *suite = suite_create("crs fault");
    TCase *faults = tcase_create("faults");
    tcase_add_loop_test(faults, every_failure_of_proj_is_told, 0, sizeof TEXTS / sizeof *TEXTS);
    tcase_add_test(faults, no_failure_changes_an_output);
    suite_add_tcase(suite, faults);
    return unit_run(suite);
}
