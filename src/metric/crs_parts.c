#include "crs_parts.h"

#include <stdio.h>

static bool is_spherical(PJ_CONTEXT *context, const PJ *crs) {
    PJ *system = proj_crs_get_coordinate_system(context, crs);
    const bool spherical = system && proj_cs_get_type(context, system) == PJ_CS_TYPE_SPHERICAL;
    proj_destroy(system);
    return spherical;
}

bool dg_crs_is_geographic(PJ_CONTEXT *context, const PJ *crs) {
    const PJ_TYPE type = proj_get_type(crs);
    return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS ||
           (type == PJ_TYPE_GEODETIC_CRS && is_spherical(context, crs));
}

bool dg_crs_axis(PJ_CONTEXT *context, const PJ *crs, int index, double *unit, char unit_name[32],
                 char direction[16]) {
    PJ *system = proj_crs_get_coordinate_system(context, crs);
    const char *axis_direction = NULL, *axis_unit_name = NULL;
    double axis_unit = 1;
    const bool found = system && index < proj_cs_get_axis_count(context, system) &&
                       proj_cs_get_axis_info(context, system, index, NULL, NULL, &axis_direction,
                                             &axis_unit, &axis_unit_name, NULL, NULL);
    if (found && unit)
        *unit = axis_unit;
    if (found && unit_name)
        snprintf(unit_name, 32, "%s", axis_unit_name ? axis_unit_name : "");
    if (found && direction)
        snprintf(direction, 16, "%s", axis_direction ? axis_direction : "");
    proj_destroy(system);
    return found;
}

static void replace(PJ **crs, PJ *with) {
    proj_destroy(*crs);
    *crs = with;
}

/* Unwraps bound CRSs and splits compound ones until a plain one is left. */
static void split(dg_crs_parts *parts) {
    for (;;) {
        const PJ_TYPE type = proj_get_type(parts->horizontal);
        if (type == PJ_TYPE_BOUND_CRS) {
            replace(&parts->horizontal, proj_get_source_crs(parts->context, parts->horizontal));
        } else if (type == PJ_TYPE_COMPOUND_CRS) {
            replace(&parts->vertical, proj_crs_get_sub_crs(parts->context, parts->horizontal, 1));
            replace(&parts->horizontal, proj_crs_get_sub_crs(parts->context, parts->horizontal, 0));
        } else {
            break;
        }
    }
    if (parts->vertical && proj_get_type(parts->vertical) == PJ_TYPE_BOUND_CRS)
        replace(&parts->vertical, proj_get_source_crs(parts->context, parts->vertical));
}

static void find_base(dg_crs_parts *parts) {
    parts->base = proj_clone(parts->context, parts->horizontal);
    for (;;) {
        PJ *source = proj_get_source_crs(parts->context, parts->base);
        if (!source)
            break;
        replace(&parts->base, source);
        parts->is_derived = true;
    }
    parts->is_ocentric = proj_get_type(parts->base) == PJ_TYPE_GEODETIC_CRS &&
                         is_spherical(parts->context, parts->base);
}

demgrad_status dg_crs_parts_open(const char *text, dg_crs_parts *parts, demgrad_error *error) {
    *parts = (dg_crs_parts){.context = proj_context_create()};
    proj_log_level(parts->context, PJ_LOG_NONE);
    parts->horizontal = proj_create(parts->context, text);
    if (parts->horizontal)
        split(parts);
    if (!parts->horizontal || !proj_is_crs(parts->horizontal)) {
        dg_crs_parts_close(parts);
        return dg_fail(error, DEMGRAD_UNSUPPORTED,
                       "PROJ cannot build the CRS; give the right one with --crs");
    }
    if (proj_get_type(parts->horizontal) == PJ_TYPE_GEOCENTRIC_CRS) {
        dg_crs_parts_close(parts);
        return dg_fail(error, DEMGRAD_UNSUPPORTED,
                       "the CRS is geocentric, so a raster has no place in it; give the right one "
                       "with --crs");
    }
    find_base(parts);
    return DEMGRAD_OK;
}

void dg_crs_parts_close(dg_crs_parts *parts) {
    proj_destroy(parts->horizontal);
    proj_destroy(parts->vertical);
    proj_destroy(parts->base);
    proj_context_destroy(parts->context);
}
