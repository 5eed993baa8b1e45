/* Calls of PROJ that fail, each in turn: the CRS is then an error, never another CRS. */
#include "crs.h"
#include "unit.h"

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
    type __wrap_##name parameters;                                                                 \
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

int main(void) {
    unit_seed();
    Suite *suite = suite_create("crs fault");
    TCase *faults = tcase_create("faults");
    tcase_add_loop_test(faults, every_failure_of_proj_is_told, 0, sizeof TEXTS / sizeof *TEXTS);
    suite_add_tcase(suite, faults);
    return unit_run(suite);
}
