#include "z_unit.h"

#include <math.h>
#include <stdio.h>

static void set(dg_setup *s, const char *unit, double metres, const char *by) {
    snprintf(s->z_unit, sizeof s->z_unit, "%s", unit);
    s->z_unit_m = metres;
    s->z_unit_by = by;
}

static demgrad_status take_options(dg_setup *s, demgrad_error *error) {
    const demgrad_raster_options *o = s->options;
    char text[32];
    snprintf(text, sizeof text, "%g m", o->z_factor);
    if (o->z_factor != 0)
        set(s, text, o->z_factor, "z-factor");
    else
        set(s, o->z_unit, demgrad_length_unit(o->z_unit), "z-unit");
    return s->z_unit_m != 0
               ? DEMGRAD_OK
               : dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                         "the z unit \"%s\" is not known; give m, ft, us-ft, km, cm, geopotential, "
                         "... or a z factor in metres per unit",
                         o->z_unit);
}

static void take_band(dg_setup *s, const char *unit, const dg_crs_facts *crs) {
    const double metres = demgrad_length_unit(unit);
    const char *name = dg_source_name(s->source);
    if (metres == 0) {
        dg_warn(s->messages,
                "%s: its unit \"%s\" is not a length that is known; taken as metres (--z-unit or "
                "--z-factor says otherwise)",
                name, unit);
        return;
    }
    set(s, unit, metres, "band");
    if (crs->has_vertical && fabs(crs->vertical_unit_m - metres) > 1e-9 * metres)
        dg_warn(s->messages,
                "%s: its values are in \"%s\", and the heights of its CRS in \"%s\"; the former is "
                "taken (--z-unit says otherwise)",
                name, unit, crs->vertical_unit);
}

demgrad_status dg_find_z_unit(dg_setup *s, demgrad_error *error) {
    const demgrad_raster_options *o = s->options;
    const dg_source_info *info = dg_source_describe(s->source);
    const dg_crs_facts *crs = dg_metric_crs(s->metric);
    set(s, "m", 1, "default");
    if (o->z_factor != 0 || o->z_unit) {
        const demgrad_status status = take_options(s, error);
        if (status)
            return status;
    } else if (*info->unit && !(info->unit_is_crs && crs->has_vertical)) {
        take_band(s, info->unit, crs);
    } else if (crs->has_vertical) {
        set(s, crs->vertical_unit, crs->vertical_unit_m, "crs");
    }
    const bool crs_is_down = crs->has_vertical && crs->vertical_is_down;
    if ((crs_is_down || info->counts_down) && o->z_factor == 0)
        dg_warn(s->messages,
                "%s: its %s; the values are taken as heights all the same (--z-factor -1 for "
                "depths in metres)",
                dg_source_name(s->source),
                crs_is_down ? "CRS counts depths downwards" : "values are positive downwards");
    return DEMGRAD_OK;
}
