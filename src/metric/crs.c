#include "crs.h"

#include "crs_parts.h"

#include <stdio.h>
#include <string.h>

static void copy_text(char *to, size_t size, const char *from) {
    snprintf(to, size, "%s", from ? from : "");
}

static bool is_geographic(const PJ *crs) {
    const PJ_TYPE type = proj_get_type(crs);
    return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

/* Unit and direction of an axis of `crs`; false where there is no such axis. */
static bool read_axis(PJ_CONTEXT *context, const PJ *crs, int index, double *unit, char *unit_name,
                      size_t unit_name_size, bool *is_down) {
    PJ *system = proj_crs_get_coordinate_system(context, crs);
    const char *direction = NULL, *name = NULL;
    const bool found = system && index < proj_cs_get_axis_count(context, system) &&
                       proj_cs_get_axis_info(context, system, index, NULL, NULL, &direction, unit,
                                             &name, NULL, NULL);
    if (found && unit_name)
        copy_text(unit_name, unit_name_size, name);
    if (found && is_down)
        *is_down = direction && strcmp(direction, "down") == 0;
    proj_destroy(system);
    return found;
}

static void read_vertical(const dg_crs_parts *parts, dg_crs_facts *facts) {
    const PJ *crs = parts->vertical ? parts->vertical : parts->horizontal;
    const int axis = parts->vertical ? 0 : 2;
    facts->has_vertical =
        read_axis(parts->context, crs, axis, &facts->vertical_unit_m, facts->vertical_unit,
                  sizeof facts->vertical_unit, &facts->vertical_is_down);
}

static void read_ellipsoid(const dg_crs_parts *parts, dg_crs_facts *facts) {
    PJ *ellipsoid = proj_get_ellipsoid(parts->context, parts->base);
    if (ellipsoid) {
        copy_text(facts->ellipsoid, sizeof facts->ellipsoid, proj_get_name(ellipsoid));
        proj_ellipsoid_get_parameters(parts->context, ellipsoid, &facts->semi_major_m,
                                      &facts->semi_minor_m, NULL, NULL);
    }
    proj_destroy(ellipsoid);
}

demgrad_status dg_crs_read(const char *text, dg_crs_facts *facts, demgrad_error *error) {
    *facts = (dg_crs_facts){.kind = DG_CRS_NONE, .linear_unit_m = 1, .angular_unit_rad = 1};
    if (!text || !*text)
        return DEMGRAD_OK;
    dg_crs_parts parts;
    const demgrad_status status = dg_crs_parts_open(text, &parts, error);
    if (status)
        return status;
    copy_text(facts->name, sizeof facts->name, proj_get_name(parts.horizontal));
    read_vertical(&parts, facts);
    if (!is_geographic(parts.base)) {
        facts->kind = DG_CRS_LOCAL;
        read_axis(parts.context, parts.horizontal, 0, &facts->linear_unit_m, NULL, 0, NULL);
    } else {
        facts->kind = parts.is_derived ? DG_CRS_PROJECTED : DG_CRS_GEOGRAPHIC;
        read_ellipsoid(&parts, facts);
        read_axis(parts.context, parts.base, 0, &facts->angular_unit_rad, NULL, 0, NULL);
        if (!is_geographic(parts.horizontal))
            read_axis(parts.context, parts.horizontal, 0, &facts->linear_unit_m, NULL, 0, NULL);
    }
    dg_crs_parts_close(&parts);
    return DEMGRAD_OK;
}
