#include "setup_inside.h"

#include "crs_warnings.h"
#include "gap.h"
#include "memory.h"
#include "options.h"
#include "output_window.h"
#include "raster_options.h"
#include "recipe.h"
#include "z_unit.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Before a pixel is read, none of one is done. */
static bool go_on(void *user) {
    const demgrad_raster_options *o = user;
    return !o->progress || o->progress(0, 1, o->progress_user);
}

demgrad_status dg_setup_messages(const demgrad_raster_options *options, dg_messages *messages,
                                 demgrad_error *error) {
    *messages = (dg_messages){options->warning, options->warning_user, go_on,
                              (void *)(uintptr_t)options, NULL};
    return dg_messages_open(messages, error);
}

demgrad_status dg_setup_check(const demgrad_raster_options *o, demgrad_error *error) {
    if (o->spacing_x < 0 || o->spacing_y < 0 || !isfinite(o->spacing_x) || !isfinite(o->spacing_y))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the spacing is %g, %g; it must be positive, in metres", o->spacing_x,
                       o->spacing_y);
    if (!o->input_nodata != !o->input_nodata_count || o->input_nodata_count > DG_MOST_NODATA)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "there are %zu nodata values for the input; there can be 1 to %d",
                       o->input_nodata_count, DG_MOST_NODATA);
    if (o->type == DEMGRAD_FLOAT32 && isfinite(o->nodata) && fabs(o->nodata) > (double)FLT_MAX)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the output's nodata value %g does not fit in Float32; take another, or "
                       "Float64",
                       o->nodata);
    if (o->z_unit && o->z_factor != 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "a z unit and a z factor are given; leave one out");
    if (o->metric != DEMGRAD_METRIC_SPACING &&
        (o->spacing_x > 0 || o->spacing_y > 0 || o->x_coords || o->y_coords))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "distances are given (spacing or coordinates), but the metric is another "
                       "one than DEMGRAD_METRIC_SPACING");
    demgrad_status status = dg_raster_options_check(o, error);
    if (!status)
        status = dg_output_window_check(o, error);
    return status ? status : dg_recipe_check(o, error);
}

static demgrad_status check_coords(const char *axis, const double *coords, size_t count, int needed,
                                   const char *name, demgrad_error *error) {
    if (count != (size_t)needed)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: %zu %s coordinates for %d %s; there must be one for each", name, count,
                       axis, needed, *axis == 'x' ? "columns" : "rows");
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(coords[i]) || (i > 0 && coords[i] == coords[i - 1]))
            return dg_fail(
                error, DEMGRAD_INVALID_ARGUMENT,
                "%s: %s coordinate number %zu, %g, is %s; they must be finite and differ", name,
                axis, i + 1, coords[i],
                isfinite(coords[i]) ? "that of its neighbour" : "not finite");
    }
    return DEMGRAD_OK;
}

static demgrad_status make_weights(const char *axis, const double *coords, size_t count, int needed,
                                   const char *name, dg_axis_weights **weights,
                                   demgrad_error *error) {
    if (!coords)
        return DEMGRAD_OK;
    const demgrad_status status = check_coords(axis, coords, count, needed, name, error);
    if (status)
        return status;
    *weights = malloc(count * sizeof **weights);
    if (!*weights)
        return dg_fail_memory(error, "the coordinates");
    dg_axis_weights_fill(coords, needed, *weights);
    return DEMGRAD_OK;
}

/* Of given coordinates, in metres, or of uneven columns and rows, in pixels of the geotransform. */
static demgrad_status make_all_weights(dg_setup *s, demgrad_error *error) {
    const demgrad_raster_options *o = s->options;
    const dg_source_info *info = dg_source_describe(s->source);
    const dg_grid *grid = &info->grid;
    const char *name = dg_source_name(s->source);
    const bool has_places = o->metric != DEMGRAD_METRIC_SPACING;
    const double *x = o->x_coords ? o->x_coords : has_places ? info->places[0] : NULL;
    const double *y = o->y_coords ? o->y_coords : has_places ? info->places[1] : NULL;
    const size_t columns = o->x_coords ? o->x_coord_count : (size_t)grid->width;
    const size_t rows = o->y_coords ? o->y_coord_count : (size_t)grid->height;
    demgrad_status status =
        make_weights("x", x, columns, grid->width, name, &s->column_weights, error);
    if (!status)
        status = make_weights("y", y, rows, grid->height, name, &s->row_weights, error);
    return status;
}

/* A raster with neither a CRS nor a place is taken as pixels of a metre; one that has either is not. */
static demgrad_status check_placement(const dg_setup *s, demgrad_error *error) {
    const dg_source_info *info = dg_source_describe(s->source);
    const char *name = dg_source_name(s->source);
    if (s->options->metric == DEMGRAD_METRIC_SPACING || dg_source_is_placed(info))
        return DEMGRAD_OK;
    if (info->crs)
        return dg_fail(
            error, DEMGRAD_UNSUPPORTED,
            "%s: has a CRS, but no geotransform that says how large its pixels are; give "
            "their distances with --spacing, or --x-coords and --y-coords",
            name);
    char placed_by[96] = "has neither a CRS nor a geotransform";
    if (info->placed_by)
        snprintf(placed_by, sizeof placed_by,
                 "is placed by %s and not by a geotransform, which gdalwarp gives it",
                 info->placed_by);
    dg_warn(s->messages,
            "%s: %s: its pixels are taken as a metre wide and high, with rows towards the north "
            "(--spacing says otherwise)",
            name, placed_by);
    return DEMGRAD_OK;
}

/* Distances from pixel to pixel of DEMGRAD_METRIC_SPACING; coordinates are in the weights. */
static void set_spacing(const dg_setup *s, dg_metric_options *m) {
    const demgrad_raster_options *o = s->options;
    m->kind = DG_METRIC_PIXEL;
    m->columns_as_given = s->column_weights != NULL;
    m->rows_as_given = s->row_weights != NULL;
    m->column_m = s->column_weights ? 1 : o->spacing_x;
    m->row_m = s->row_weights ? 1 : o->spacing_y;
}

/* The component of an axis without a distance is not wanted: any distance will do. */
static void settle_spacing(dg_metric_options *m) {
    m->column_m = m->column_m == 0 ? 1 : m->column_m;
    m->row_m = m->row_m == 0 ? 1 : m->row_m;
}

static demgrad_status make_metric(dg_setup *s, demgrad_error *error) {
    const demgrad_raster_options *o = s->options;
    const dg_source_info *info = dg_source_describe(s->source);
    dg_metric_options m = {.kind =
                               o->metric == DEMGRAD_METRIC_MAP ? DG_METRIC_MAP : DG_METRIC_GROUND,
                           .true_frame = o->frame == DEMGRAD_FRAME_TRUE,
                           .rise_m = info->scale,
                           .places = {info->places[0], info->places[1]}};
    if (o->metric == DEMGRAD_METRIC_SPACING) {
        set_spacing(s, &m);
        settle_spacing(&m);
    }
    return dg_metric_create(&info->grid, info->crs, &m, &s->metric, error);
}

/* The metric knows no files; its errors get the name here. */
static demgrad_status make_named_metric(dg_setup *s, demgrad_error *error) {
    demgrad_error problem;
    const demgrad_status status = make_metric(s, &problem);
    return status ? dg_fail(error, status, "%s: %s", dg_source_name(s->source), problem.message)
                  : DEMGRAD_OK;
}

static demgrad_status find_wrap(dg_setup *s, demgrad_error *error) {
    s->wrap = s->column_weights ? 0 : dg_metric_wrap_columns(s->metric);
    if (s->options->wrap == DEMGRAD_WRAP_YES && s->wrap == 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: cannot wrap: it is not a geographic raster that spans 360 degrees in a "
                       "whole number of columns",
                       dg_source_name(s->source));
    if (s->options->wrap == DEMGRAD_WRAP_NO)
        s->wrap = 0;
    return DEMGRAD_OK;
}

static demgrad_status check_size(const dg_setup *s, demgrad_error *error) {
    const dg_grid *grid = &dg_source_describe(s->source)->grid;
    const demgrad_raster_options *o = s->options;
    const bool both = dg_metric_mixes_axes(s->metric);
    const int least = o->edge_order + 1;
    const int needs = dg_recipe_needs(&s->recipe);
    const bool narrow = grid->width < least && (both || needs & DG_NEEDS_DZDX);
    const bool low = grid->height < least && (both || needs & DG_NEEDS_DZDY);
    if (!narrow && !low)
        return DEMGRAD_OK;
    return dg_fail(
        error, DEMGRAD_INVALID_ARGUMENT,
        "%s: has %d x %d pixels; edge order %d needs at least %d along each axis that is "
        "wanted (--bands picks them)",
        dg_source_name(s->source), grid->width, grid->height, o->edge_order, least);
}

static demgrad_status select_kernel(dg_setup *s, demgrad_error *error) {
    s->kernel = dg_kernel_select(s->options->cpu);
    if (s->kernel)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "the CPU tier \"%s\" is not known; it can be baseline, x86-64-v3 or x86-64-v4",
                   s->options->cpu);
}

static demgrad_status make_recipe(dg_setup *s, demgrad_error *error) {
    const demgrad_status status =
        dg_recipe_make(s->options, s->kernel, &s->recipe, &s->bands, error);
    s->recipe.differences.columns = s->column_weights;
    s->recipe.differences.rows = s->row_weights;
    return status;
}

/* Metres of rise per stored unit are known at last: the metric and the noise need them. */
static void set_rise(dg_setup *s) {
    s->rise_m = dg_source_describe(s->source)->scale * s->z_unit_m;
    dg_metric_scale_rise(s->metric, s->z_unit_m);
    s->recipe.settings.z_error = fabs(s->options->z_error / s->rise_m);
}

static demgrad_status fill(dg_setup *s, demgrad_error *error) {
    demgrad_status status = select_kernel(s, error);
    if (!status)
        status = check_placement(s, error);
    if (!status)
        status = make_all_weights(s, error);
    if (!status)
        status = make_recipe(s, error);
    if (!status)
        status = make_named_metric(s, error);
    if (!status)
        status = dg_find_z_unit(s, error);
    if (!status)
        set_rise(s);
    if (!status)
        status = find_wrap(s, error);
    if (!status)
        status = check_size(s, error);
    if (!status)
        status = dg_output_window_find(s->source, s->options, &s->window, error);
    if (!status)
        status = dg_warn_of_crs(s, error);
    if (!status)
        status = dg_gap_find(s->metric, dg_grid_window(&dg_source_describe(s->source)->grid),
                             s->rise_m, &s->gap, error);
    return status;
}

demgrad_status dg_setup_take(dg_source *source, const demgrad_raster_options *options,
                             const dg_messages *messages, dg_setup **setup, demgrad_error *error) {
    dg_setup *s = dg_alloc(1, sizeof *s, "the settings", error);
    if (!s) {
        dg_source_close(source);
        return DEMGRAD_OUT_OF_MEMORY;
    }
    *s = (dg_setup){.options = options, .messages = messages, .source = source};
    const demgrad_status status = fill(s, error);
    if (status)
        dg_setup_close(s);
    else
        *setup = s;
    return status;
}

static const dg_decode DECODES[] = {[DEMGRAD_DECODE_NONE] = DG_DECODE_NONE,
                                    [DEMGRAD_DECODE_TERRAIN_RGB] = DG_DECODE_TERRAIN_RGB,
                                    [DEMGRAD_DECODE_TERRARIUM] = DG_DECODE_TERRARIUM};

dg_source_options dg_setup_source_options(const demgrad_raster_options *options,
                                          const dg_messages *messages) {
    return (dg_source_options){.band = options->band,
                               .open_options = options->open_options,
                               .drivers = options->input_drivers,
                               .decode = DECODES[options->decode],
                               .crs = options->crs,
                               .nodata = options->input_nodata,
                               .nodata_count = options->input_nodata_count,
                               .threads = dg_threads(options),
                               .any_unit = options->z_unit || options->z_factor != 0,
                               .messages = messages};
}

demgrad_status dg_setup_open(const char *const *inputs, size_t count,
                             const demgrad_raster_options *options, const dg_messages *messages,
                             dg_file_set *files, dg_setup **setup, demgrad_error *error) {
    demgrad_status status = dg_inputs_check(inputs, count, error);
    if (!status)
        status = dg_setup_check(options, error);
    if (status)
        return status;
    dg_source_options source_options = dg_setup_source_options(options, messages);
    source_options.files = files;
    dg_source *source;
    status = dg_source_open(inputs, count, &source_options, messages, &source, error);
    return status ? status : dg_setup_take(source, options, messages, setup, error);
}

void dg_setup_close(dg_setup *setup) {
    if (!setup)
        return;
    dg_source_close(setup->source);
    dg_metric_destroy(setup->metric);
    free(setup->column_weights);
    free(setup->row_weights);
    free(setup->bands);
    free(setup);
}
