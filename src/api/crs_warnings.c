#include "crs_warnings.h"

#include <math.h>

/* Pixels beyond these sizes are those of degrees taken for metres, or of metres for degrees. */
static const double LEAST_PIXEL_M = 1e-3, MOST_PIXEL_M = 1e6;

static void warn_of_plane(const dg_setup *s) {
    const dg_crs_facts *crs = dg_metric_crs(s->metric);
    const char *name = dg_source_name(s->source);
    if (dg_metric_kind_in_force(s->metric) != DG_METRIC_MAP)
        return;
    if (crs->kind == DG_CRS_NONE)
        dg_warn(s->messages,
                "%s: has no CRS: the units of its geotransform are taken as metres (--crs says "
                "otherwise)",
                name);
    else if (crs->kind == DG_CRS_LOCAL && s->options->metric == DEMGRAD_METRIC_GROUND)
        dg_warn(
            s->messages,
            "%s: its CRS \"%s\" has no place on an ellipsoid: the plane is taken as true (--crs "
            "says otherwise)",
            name, crs->name);
}

static void warn_of_place(const dg_setup *s, const dg_metric_sample *sample) {
    const char *name = dg_source_name(s->source), *crs = dg_metric_crs(s->metric)->name;
    if (!sample->has_ground)
        dg_warn(
            s->messages,
            "%s: lies outside the domain of its CRS \"%s\", so that there is nothing but nodata "
            "to be had; is the CRS right? (--crs says otherwise)",
            name, crs);
    else if (sample->beyond_pole_deg > 0)
        dg_warn(s->messages,
                "%s: reaches beyond a pole, to %.10g degrees of latitude in its CRS \"%s\", where "
                "there is nothing but nodata; is the CRS right? (--crs says otherwise)",
                name, sample->beyond_pole_deg, crs);
}

/* What software writes that needs a geotransform where there is none. */
static void warn_of_identity(const dg_setup *s) {
    const dg_source_info *info = dg_source_describe(s->source);
    const double *t = info->grid.geotransform;
    if (info->crs && t[0] == 0 && t[1] == 1 && t[2] == 0 && t[3] == 0 && t[4] == 0 &&
        fabs(t[5]) == 1)
        dg_warn(s->messages,
                "%s: lies at 0, 0 in its CRS with pixels of 1 x 1, as if nothing had placed it; if "
                "so, mend it (gdal_edit.py -a_ullr), or give --spacing",
                dg_source_name(s->source));
}

/* A pole in degrees makes pixels of no width, which say nothing. */
static bool is_odd(double pixel_m) {
    return (pixel_m > 0 && pixel_m < LEAST_PIXEL_M) || pixel_m > MOST_PIXEL_M;
}

static void warn_of_pixels(const dg_setup *s, const dg_metric_sample *sample) {
    const double *size = sample->pixel_m;
    if (is_odd(size[0]) || is_odd(size[1]))
        dg_warn(s->messages,
                "%s: its pixels are %.4g x %.4g m on the ground; is its CRS right? (--crs says "
                "otherwise)",
                dg_source_name(s->source), size[0], size[1]);
}

/* Rows next to a pole in degrees are of very different length: their slopes have no mean. At the rim the
 * window has rows on one side only, and the error is of first order. */
static void warn_of_pole(const dg_setup *s, const dg_metric_sample *sample) {
    const int lines = s->recipe.differences.lines;
    if (sample->rows_to_pole < 2 * lines)
        dg_warn(
            s->messages,
            "%s: reaches to a pole, where the method %s takes rows of very different lengths as "
            "equal: in the last %d, dz/dx may be several times too large or too small; --method "
            "central and fourth take each row by itself",
            dg_source_name(s->source), s->recipe.differences.stencil->name, lines);
}

/* Of one raster further columns are the first ones once more. Of several, some tile that is numbered
 * another way, such as 190 for -170: its neighbours are not found where they are. */
static void warn_of_turns(const dg_setup *s) {
    const dg_source_info *info = dg_source_describe(s->source);
    const int turn = dg_metric_wrap_columns(s->metric);
    if (info->input_count > 1 && turn > 0 && info->grid.width > turn + 1)
        dg_warn(
            s->messages,
            "%s: the inputs span more than 360 degrees, as if their longitudes were numbered in "
            "two ways; slopes are one-sided where the ways meet: number them in one "
            "(gdal_translate -a_ullr)",
            dg_source_name(s->source));
}

demgrad_status dg_warn_of_crs(dg_setup *setup, demgrad_error *error) {
    if (dg_metric_kind_in_force(setup->metric) == DG_METRIC_PIXEL ||
        !dg_source_is_placed(dg_source_describe(setup->source)))
        return DEMGRAD_OK;
    dg_metric_sample sample;
    const demgrad_status status = dg_metric_take_sample(setup->metric, &sample, error);
    if (status)
        return status;
    setup->has_ground = sample.has_ground && sample.beyond_pole_deg <= 0;
    warn_of_place(setup, &sample);
    warn_of_identity(setup);
    warn_of_plane(setup);
    warn_of_pixels(setup, &sample);
    warn_of_pole(setup, &sample);
    warn_of_turns(setup);
    return DEMGRAD_OK;
}
