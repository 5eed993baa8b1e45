#include "crs.h"

#include "crs_parts.h"
#include "text.h"

#include <math.h>
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

static void read_names(const dg_crs_parts *parts, dg_crs_facts *facts) {
    copy_name(facts->name, sizeof facts->name, parts->horizontal);
    const char *authority = proj_get_id_auth_name(parts->horizontal, 0);
    const char *code = proj_get_id_code(parts->horizontal, 0);
    if (authority && code) {
        char text[sizeof facts->code];
        snprintf(text, sizeof text, "%s:%s", authority, code);
        dg_text_clean(facts->code, sizeof facts->code, text);
    }
    for (int i = 0; i < 2; i++)
        memcpy(facts->axis_way[i], parts->axes.axis[i].direction, sizeof facts->axis_way[i]);
}

demgrad_status dg_crs_parts_facts(const dg_crs_parts *parts, dg_crs_facts *facts,
                                  demgrad_error *error) {
    *facts = (dg_crs_facts){.kind = DG_CRS_LOCAL, .linear_unit_m = 1, .angular_unit_rad = 1};
    read_names(parts, facts);
    read_vertical(parts, facts);
    memcpy(facts->compass, parts->compass, sizeof facts->compass);
    dg_axes_of_raster(&parts->axes, parts->is_geographic, facts->raster);
    if (!parts->is_geographic)
        facts->linear_unit_m = parts->axes.axis[0].unit_size;
    if (!parts->is_on_ellipsoid)
        return DEMGRAD_OK;
    facts->kind = parts->is_derived ? DG_CRS_PROJECTED : DG_CRS_GEOGRAPHIC;
    facts->is_ocentric = parts->base_axes.is_spherical;
    facts->angular_unit_rad = parts->base_axes.axis[0].unit_size;
    return read_ellipsoid(parts, facts, error);
}

demgrad_status dg_crs_read(const char *text, dg_crs_facts *facts, dg_projection **projection,
                           demgrad_error *error) {
    if (projection)
        *projection = NULL;
    *facts = (dg_crs_facts){.kind = DG_CRS_NONE,
                            .compass = {{0, 1}, {1, 1}},
                            .raster = {{0, 1}, {1, 1}},
                            .linear_unit_m = 1,
                            .angular_unit_rad = 1};
    if (!text || !*text)
        return DEMGRAD_OK;
    dg_crs_parts parts;
    demgrad_status status = dg_crs_parts_open(text, &parts, error);
    if (status)
        return status;
    status = dg_crs_parts_facts(&parts, facts, error);
    if (!status && projection && facts->kind == DG_CRS_PROJECTED)
        return dg_crs_parts_project(&parts, projection, error);
    dg_crs_parts_close(&parts);
    return status;
}

/* tan(geodetic) = tan(ocentric) / (1 - e2) (Snyder 1987, 3-28), without trouble at the poles. */
double dg_latitude_from_ocentric(double latitude, double semi_major_m, double semi_minor_m) {
    const double ratio = (semi_minor_m / semi_major_m) * (semi_minor_m / semi_major_m);
    return atan2(sin(latitude), ratio * cos(latitude));
}

double dg_latitude_to_ocentric(double latitude, double semi_major_m, double semi_minor_m) {
    const double ratio = (semi_minor_m / semi_major_m) * (semi_minor_m / semi_major_m);
    return atan2(ratio * sin(latitude), cos(latitude));
}
