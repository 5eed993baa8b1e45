#include "crs_parts.h"

#include <stddef.h>

/* Puts `with` in the place of *crs, unless PROJ failed to make it. */
static bool replace(PJ **crs, PJ *with) {
    if (!with)
        return false;
    proj_destroy(*crs);
    *crs = with;
    return true;
}

static bool is_bound(const PJ *crs) {
    return proj_get_type(crs) == PJ_TYPE_BOUND_CRS;
}

/* Unwraps bound CRSs and splits compound ones until a plain one is left. */
static bool split(dg_crs_parts *p) {
    bool done = true;
    while (done &&
           (is_bound(p->horizontal) || proj_get_type(p->horizontal) == PJ_TYPE_COMPOUND_CRS)) {
        if (is_bound(p->horizontal))
            done = replace(&p->horizontal, proj_get_source_crs(p->context, p->horizontal));
        else
            done = replace(&p->vertical, proj_crs_get_sub_crs(p->context, p->horizontal, 1)) &&
                   replace(&p->horizontal, proj_crs_get_sub_crs(p->context, p->horizontal, 0));
    }
    while (done && p->vertical && is_bound(p->vertical))
        done = replace(&p->vertical, proj_get_source_crs(p->context, p->vertical));
    return done;
}

static bool find_base(dg_crs_parts *p) {
    bool done = replace(&p->base, proj_clone(p->context, p->horizontal));
    while (done && proj_crs_is_derived(p->context, p->base)) {
        done = replace(&p->base, proj_get_source_crs(p->context, p->base));
        p->is_derived = true;
    }
    return done;
}

static bool has_angles(const PJ *crs, const dg_axes *axes) {
    const PJ_TYPE type = proj_get_type(crs);
    return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS ||
           (type == PJ_TYPE_GEODETIC_CRS && axes->is_spherical);
}

static demgrad_status read_axes(dg_crs_parts *p, demgrad_error *error) {
    demgrad_status status = dg_axes_read(p->context, p->horizontal, &p->axes, error);
    if (!status)
        status = dg_axes_read(p->context, p->base, &p->base_axes, error);
    if (!status && p->vertical)
        status = dg_axes_read(p->context, p->vertical, &p->vertical_axes, error);
    p->is_geographic = has_angles(p->horizontal, &p->axes);
    p->is_on_ellipsoid = has_angles(p->base, &p->base_axes);
    dg_axes_of_compass(&p->axes, p->is_geographic, p->compass);
    dg_axes_of_compass(&p->base_axes, p->is_on_ellipsoid, p->geographic);
    return status;
}

static demgrad_status take_apart(dg_crs_parts *p, const char *text, demgrad_error *error) {
    p->horizontal = proj_create(p->context, text);
    if (!p->horizontal || !proj_is_crs(p->horizontal))
        return dg_fail(error, DEMGRAD_UNSUPPORTED,
                       "PROJ cannot build the CRS; give the right one with --crs");
    if (!split(p) || !find_base(p))
        return dg_fail(error, DEMGRAD_UNSUPPORTED,
                       "PROJ fails to take the CRS \"%s\" apart; give another one with --crs",
                       proj_get_name(p->horizontal));
    const PJ_TYPE type = proj_get_type(p->horizontal);
    if (type == PJ_TYPE_GEOCENTRIC_CRS || type == PJ_TYPE_VERTICAL_CRS)
        return dg_fail(error, DEMGRAD_UNSUPPORTED,
                       "the CRS \"%s\" is %s, so a raster has no place in it; give the right one "
                       "with --crs",
                       proj_get_name(p->horizontal),
                       type == PJ_TYPE_VERTICAL_CRS ? "one of heights" : "geocentric");
    return read_axes(p, error);
}

/* Without its level PROJ prints some errors all the same. */
static void drop_message(void *user, int level, const char *text) {
    (void)user;
    (void)level;
    (void)text;
}

/* Without it PROJ knows no code, and tells no CRS from another. */
static demgrad_status check_database(PJ_CONTEXT *context, demgrad_error *error) {
    if (proj_context_get_database_path(context))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_UNSUPPORTED,
                   "PROJ finds no database of CRSs (proj.db) of its version; set PROJ_DATA to the "
                   "folder of its own, or unset it");
}

demgrad_status dg_crs_parts_open(const char *text, dg_crs_parts *parts, demgrad_error *error) {
    *parts = (dg_crs_parts){.context = proj_context_create()};
    if (!parts->context)
        return dg_fail_memory(error, "the CRS");
    proj_log_level(parts->context, PJ_LOG_NONE);
    proj_log_func(parts->context, NULL, drop_message);
    demgrad_status status = check_database(parts->context, error);
    if (!status)
        status = take_apart(parts, text, error);
    if (status)
        dg_crs_parts_close(parts);
    return status;
}

void dg_crs_parts_close(dg_crs_parts *parts) {
    proj_destroy(parts->horizontal);
    proj_destroy(parts->vertical);
    proj_destroy(parts->base);
    proj_context_destroy(parts->context);
}
