#include "surface.h"

#include "setup_inside.h"
#include "surface_marks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The surface as far as the inputs' files tell: they must be of one kind. */
static demgrad_status look_at_files(const char *const *inputs, size_t count,
                                    const demgrad_raster_options *o, dg_surface *surface,
                                    demgrad_error *error) {
    dg_gradient_marks first, other;
    demgrad_status status = dg_surface_marks(inputs[0], o, &first, error);
    for (size_t i = 1; i < count && !status; i++) {
        status = dg_surface_marks(inputs[i], o, &other, error);
        if (!status && (other.dzdx > 0) != (first.dzdx > 0))
            status = dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                             "%s: is a gradient, or %s is one; a picture is of the one kind or the "
                             "other",
                             inputs[i], inputs[0]);
    }
    if (!status)
        *surface = (dg_surface){.kind = first.dzdx > 0 ? DG_SURFACE_GRADIENT : DG_SURFACE_ELEVATION,
                                .marks = first};
    return status;
}

/* A gradient is read as it is: without a unit, and without another frame or metric. */
static demgrad_raster_options reading_options(const demgrad_raster_options *o,
                                              const dg_surface *s) {
    demgrad_raster_options reading = *o;
    if (s->kind == DG_SURFACE_GRADIENT) {
        reading.band = s->marks.dzdx;
        reading.z_factor = 1;
        reading.z_unit = NULL;
    }
    return reading;
}

/* What is drawn takes the place of the whole. */
static void take_part(const dg_setup *setup, dg_surface *s) {
    const dg_source_info *source = dg_source_describe(setup->source);
    s->part = setup->window;
    s->whole_width = source->grid.width;
    s->whole_height = source->grid.height;
    s->halo = s->kind == DG_SURFACE_ELEVATION ? dg_differences_halo(&setup->recipe.differences) : 0;
    s->grid = dg_source_part_grid(source, s->part);
    s->info.width = s->grid.width;
    s->info.height = s->grid.height;
    memcpy(s->info.geotransform, s->grid.geotransform, sizeof s->info.geotransform);
}

/* A picture shows the ground, and not its mirror image. */
static void find_order(dg_surface *s) {
    const dg_compass *c = &s->compass;
    const double down = isfinite(c->true_north[1]) ? c->true_north[1] : c->grid_north[1];
    const bool is_mirrored = s->info.has_geotransform && c->is_mirrored;
    s->last_row_first = is_mirrored && down > 0;
    s->last_column_first = is_mirrored && !s->last_row_first;
}

static demgrad_status describe(const dg_setup *setup, const char *name, dg_surface *s,
                               demgrad_error *error) {
    const dg_source_info *source = dg_source_describe(setup->source);
    demgrad_status status = dg_setup_describe(setup, &s->info, error);
    if (!status)
        status = dg_metric_find_compass(setup->metric, setup->window, &s->compass, error);
    if (status)
        return status;
    find_order(s);
    take_part(setup, s);
    if (source->places[0] || source->places[1])
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: its columns or rows are not evenly spaced; a picture is drawn of its "
                       "gradient (demgrad gradient) or of an even grid (gdalwarp)",
                       name);
    s->crs = source->crs ? strdup(source->crs) : NULL;
    return source->crs && !s->crs ? dg_fail_memory(error, "the CRS") : DEMGRAD_OK;
}

demgrad_status dg_surface_open(const char *const *inputs, size_t count,
                               const demgrad_raster_options *options, const dg_messages *messages,
                               dg_file_set *files, dg_surface *surface, demgrad_error *error) {
    demgrad_status status = look_at_files(inputs, count, options, surface, error);
    if (status)
        return status;
    const bool is_elevation = surface->kind == DG_SURFACE_ELEVATION;
    const demgrad_raster_options reading = reading_options(options, surface);
    dg_setup *setup;
    status = dg_setup_open(inputs, count, is_elevation ? options : &reading, messages, files,
                           &setup, error);
    if (status)
        return status;
    status = describe(setup, inputs[0], surface, error);
    if (is_elevation && !status)
        surface->setup = setup;
    else
        dg_setup_close(setup);
    return status;
}

void dg_surface_crop(dg_surface *s) {
    const int count = s->kind == DG_SURFACE_GRADIENT ? 2 : 1;
    const dg_window d = s->drawn;
    float *to = s->values;
    double *g = s->grid.geotransform;
    for (int i = 0; i < count * d.height; i++, to += d.width) {
        const float *band = dg_surface_band(s, i / d.height);
        const ptrdiff_t row = d.row + i % d.height;
        memmove(to, band + row * s->grid.width + d.col, (size_t)d.width * sizeof *to);
    }
    g[0] += d.col * g[1] + d.row * g[2];
    g[3] += d.col * g[4] + d.row * g[5];
    s->grid.width = d.width;
    s->grid.height = d.height;
    s->drawn = dg_grid_window(&s->grid);
}

void dg_surface_free(dg_surface *surface) {
    free(surface->crs);
    free(surface->values);
    dg_setup_close(surface->setup);
    *surface = (dg_surface){0};
}
