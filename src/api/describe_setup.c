#include "setup_inside.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

static const char *const CRS_KINDS[] = {[DG_CRS_NONE] = "none",
                                        [DG_CRS_LOCAL] = "local",
                                        [DG_CRS_GEOGRAPHIC] = "geographic",
                                        [DG_CRS_PROJECTED] = "projected"};

static const char *const MASKS[] = {[DG_MASK_NONE] = "none",
                                    [DG_MASK_BAND] = "mask",
                                    [DG_MASK_ALPHA] = "alpha",
                                    [DG_MASK_BOTH] = "mask and alpha"};

static const demgrad_metric METRICS[] = {[DG_METRIC_GROUND] = DEMGRAD_METRIC_GROUND,
                                         [DG_METRIC_MAP] = DEMGRAD_METRIC_MAP,
                                         [DG_METRIC_PIXEL] = DEMGRAD_METRIC_SPACING};

static void describe_source(const dg_source_info *source, demgrad_raster_info *info) {
    dg_text_clean(info->driver, sizeof info->driver, source->driver);
    dg_text_clean(info->type, sizeof info->type, source->type);
    info->width = source->grid.width;
    info->height = source->grid.height;
    info->block_width = source->block_width;
    info->block_height = source->block_height;
    info->has_geotransform = source->grid.has_geotransform;
    memcpy(info->geotransform, source->grid.geotransform, sizeof info->geotransform);
    info->input_count = source->input_count;
    info->scale = source->scale;
    info->offset = source->offset;
    info->has_nodata = source->has_nodata;
    info->nodata = source->nodata[0];
    info->nodata_count = source->nodata_count;
    info->valid_min = source->valid_min;
    info->valid_max = source->valid_max;
    info->mask = MASKS[source->mask];
}

static const char *crs_by(const dg_setup *setup) {
    const dg_source_info *source = dg_source_describe(setup->source);
    return setup->options->crs     ? "option"
           : source->is_cf_degrees ? "axis units"
           : source->crs           ? "file"
                                   : "nothing";
}

static demgrad_status describe_crs(const dg_setup *setup, demgrad_raster_info *info,
                                   demgrad_error *error) {
    const dg_crs_facts *crs = dg_metric_crs(setup->metric);
    dg_text_clean(info->crs, sizeof info->crs, crs->name);
    dg_text_clean(info->ellipsoid, sizeof info->ellipsoid, crs->ellipsoid);
    dg_text_clean(info->crs_code, sizeof info->crs_code, crs->code);
    dg_text_clean(info->vertical_crs, sizeof info->vertical_crs, crs->vertical_name);
    for (int i = 0; i < 2; i++)
        dg_text_clean(info->crs_axes[i], sizeof info->crs_axes[i],
                      dg_metric_axis_direction(setup->metric, i));
    info->crs_by = crs_by(setup);
    info->crs_kind = CRS_KINDS[crs->kind];
    if (crs->kind == DG_CRS_PROJECTED && crs->is_angular)
        info->crs_kind = "derived geographic";
    info->semi_major_m = crs->semi_major_m;
    info->semi_minor_m = crs->semi_minor_m;
    info->linear_unit_m = crs->linear_unit_m;
    if (*crs->code || crs->kind == DG_CRS_NONE)
        return DEMGRAD_OK;
    const demgrad_status status =
        dg_crs_identify(dg_source_describe(setup->source)->crs, info->crs_code, error);
    info->crs_code_is_alike = *info->crs_code != '\0';
    return status;
}

static void describe_output(const dg_setup *setup, demgrad_raster_info *info) {
    const int bytes = setup->options->type == DEMGRAD_FLOAT64 ? 8 : 4;
    info->output_bands = setup->recipe.band_count;
    const dg_window *w = &setup->window;
    info->output_bytes = (int64_t)w->width * w->height * info->output_bands * bytes;
    const int window[4] = {w->col, w->row, w->width, w->height};
    memcpy(info->output_window, window, sizeof window);
}

demgrad_status dg_setup_describe(const dg_setup *setup, demgrad_raster_info *info,
                                 demgrad_error *error) {
    *info = (demgrad_raster_info){.frame = setup->options->frame,
                                  .z_unit_m = setup->z_unit_m,
                                  .z_unit_by = setup->z_unit_by,
                                  .wrap_columns = setup->wrap};
    dg_text_clean(info->z_unit, sizeof info->z_unit, setup->z_unit);
    describe_source(dg_source_describe(setup->source), info);
    describe_output(setup, info);
    info->metric = METRICS[dg_metric_kind_in_force(setup->metric)];
    dg_metric_survey survey;
    demgrad_status status = describe_crs(setup, info, error);
    if (!status)
        status = dg_metric_make_survey(setup->metric, setup->window, &survey, error);
    if (status)
        return status;
    memcpy(info->pixel_m, survey.pixel_m, sizeof info->pixel_m);
    info->scale_min = survey.scale_min;
    info->scale_max = survey.scale_max;
    info->convergence_min = survey.convergence_min;
    info->convergence_max = survey.convergence_max;
    return DEMGRAD_OK;
}
