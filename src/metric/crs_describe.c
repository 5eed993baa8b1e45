#include "crs_describe.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

static void copy_name(char *to, size_t size, const PJ *of) {
    const char *name = proj_get_name(of);
    dg_text_clean(to, size, name ? name : "");
}

static void read_vertical(const dg_crs_parts *parts, dg_crs_facts *facts) {
    const dg_axes *axes = parts->vertical ? &parts->vertical_axes : &parts->axes;
    const int index = parts->vertical ? 0 : 2;
    if (index >= axes->count)
        return;
    const dg_axis *axis = &axes->axis[index];
    facts->has_vertical = true;
    copy_name(facts->vertical_name, sizeof facts->vertical_name,
              parts->vertical ? parts->vertical : parts->horizontal);
    facts->vertical_is_down = strcmp(axis->direction, "down") == 0;
    facts->vertical_unit_m = axis->unit_size;
    memcpy(facts->vertical_unit, axis->unit, sizeof facts->vertical_unit);
}

static demgrad_status read_ellipsoid(const dg_crs_parts *parts, dg_crs_facts *facts,
                                     demgrad_error *error) {
    PJ *ellipsoid = proj_get_ellipsoid(parts->context, parts->base);
    const bool done =
        ellipsoid && proj_ellipsoid_get_parameters(parts->context, ellipsoid, &facts->semi_major_m,
                                                   &facts->semi_minor_m, NULL, NULL);
    if (done)
        copy_name(facts->ellipsoid, sizeof facts->ellipsoid, ellipsoid);
    proj_destroy(ellipsoid);
    return done ? DEMGRAD_OK
                : dg_fail(error, DEMGRAD_UNSUPPORTED,
                          "PROJ does not tell the ellipsoid of the CRS \"%s\"; give another one "
                          "with --crs",
                          facts->name);
}

void dg_crs_code(const PJ *of, char to[64]) {
    const char *authority = proj_get_id_auth_name(of, 0), *code = proj_get_id_code(of, 0);
    char text[64] = "";
    if (authority && code)
        snprintf(text, sizeof text, "%s:%s", authority, code);
    dg_text_clean(to, 64, text);
}

static void read_names(const dg_crs_parts *parts, dg_crs_facts *facts) {
    copy_name(facts->name, sizeof facts->name, parts->horizontal);
    dg_crs_code(parts->horizontal, facts->code);
    for (int i = 0; i < 2; i++)
        memcpy(facts->axis_direction[i], parts->axes.axis[i].direction,
               sizeof facts->axis_direction[i]);
}

demgrad_status dg_crs_describe(const dg_crs_parts *parts, dg_crs_facts *facts,
                               demgrad_error *error) {
    *facts = (dg_crs_facts){.kind = DG_CRS_LOCAL, .linear_unit_m = 1, .angular_unit_rad = 1};
    read_names(parts, facts);
    read_vertical(parts, facts);
    memcpy(facts->compass, parts->compass, sizeof facts->compass);
    dg_axes_of_raster(&parts->axes, parts->is_geographic, facts->raster);
    facts->is_angular = parts->is_geographic;
    if (!facts->is_angular)
        facts->linear_unit_m = parts->axes.axis[0].unit_size;
    if (!parts->is_on_ellipsoid && parts->axes.has_angles)
        return dg_fail(
            error, DEMGRAD_UNSUPPORTED,
            "the CRS \"%s\" has angles, and no ellipsoid to tell their lengths by; give the "
            "right one with --crs",
            facts->name);
    if (!parts->is_on_ellipsoid)
        return DEMGRAD_OK;
    facts->kind = parts->is_derived ? DG_CRS_PROJECTED : DG_CRS_GEOGRAPHIC;
    facts->is_ocentric = parts->base_axes.is_spherical;
    facts->angular_unit_rad = parts->base_axes.axis[0].unit_size;
    return read_ellipsoid(parts, facts, error);
}
