#include "crs.h"

#include "crs_parts.h"
#include "text.h"

#include <math.h>
#include <string.h>

static void copy_name(char *to, size_t size, const PJ *of) {
    const char *name = proj_get_name(of);
    dg_text_clean(to, size, name ? name : "");
}

static void read_vertical(const dg_crs_parts *parts, dg_crs_facts *facts) {
    const PJ *crs = parts->vertical ? parts->vertical : parts->horizontal;
    char direction[16];
    facts->has_vertical = dg_crs_axis(parts->context, crs, parts->vertical ? 0 : 2,
                                      &facts->vertical_unit_m, facts->vertical_unit, direction);
    facts->vertical_is_down = facts->has_vertical && strcmp(direction, "down") == 0;
}

static void read_ellipsoid(const dg_crs_parts *parts, dg_crs_facts *facts) {
    PJ *ellipsoid = proj_get_ellipsoid(parts->context, parts->base);
    if (ellipsoid) {
        copy_name(facts->ellipsoid, sizeof facts->ellipsoid, ellipsoid);
        proj_ellipsoid_get_parameters(parts->context, ellipsoid, &facts->semi_major_m,
                                      &facts->semi_minor_m, NULL, NULL);
    }
    proj_destroy(ellipsoid);
}

dg_crs_facts dg_crs_parts_facts(const dg_crs_parts *parts) {
    dg_crs_facts facts = {.kind = DG_CRS_LOCAL, .linear_unit_m = 1, .angular_unit_rad = 1};
    copy_name(facts.name, sizeof facts.name, parts->horizontal);
    read_vertical(parts, &facts);
    PJ_CONTEXT *context = parts->context;
    if (!dg_crs_is_geographic(context, parts->horizontal))
        dg_crs_axis(context, parts->horizontal, 0, &facts.linear_unit_m, NULL, NULL);
    if (dg_crs_is_geographic(context, parts->base)) {
        facts.kind = parts->is_derived ? DG_CRS_PROJECTED : DG_CRS_GEOGRAPHIC;
        facts.is_ocentric = parts->is_ocentric;
        read_ellipsoid(parts, &facts);
        dg_crs_axis(context, parts->base, 0, &facts.angular_unit_rad, NULL, NULL);
    }
    return facts;
}

demgrad_status dg_crs_read(const char *text, dg_crs_facts *facts, dg_projection **projection,
                           demgrad_error *error) {
    if (projection)
        *projection = NULL;
    *facts = (dg_crs_facts){.kind = DG_CRS_NONE, .linear_unit_m = 1, .angular_unit_rad = 1};
    if (!text || !*text)
        return DEMGRAD_OK;
    dg_crs_parts parts;
    const demgrad_status status = dg_crs_parts_open(text, &parts, error);
    if (status)
        return status;
    *facts = dg_crs_parts_facts(&parts);
    if (projection && facts->kind == DG_CRS_PROJECTED)
        return dg_crs_parts_project(&parts, projection, error);
    dg_crs_parts_close(&parts);
    return DEMGRAD_OK;
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
