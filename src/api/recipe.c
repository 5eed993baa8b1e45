#include "recipe.h"

#include "options.h"
#include "output_bands.h"
#include "sized.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const DEFAULT_BANDS[] = {"dzdx", "dzdy", NULL};

static const dg_hillshade HILLSHADES[] = {[DEMGRAD_HILLSHADE_PLAIN] = DG_HILLSHADE_PLAIN,
                                          [DEMGRAD_HILLSHADE_MULTIDIRECTIONAL] =
                                              DG_HILLSHADE_MULTIDIRECTIONAL,
                                          [DEMGRAD_HILLSHADE_COMBINED] = DG_HILLSHADE_COMBINED};

const char *const *dg_output_bands(const demgrad_raster_options *options) {
    return options->bands ? options->bands : DEFAULT_BANDS;
}

int dg_output_band_count(const demgrad_raster_options *options) {
    int count = 0;
    while (dg_output_bands(options)[count])
        count++;
    return count;
}

const dg_stencil *dg_recipe_stencil(const demgrad_raster_options *options) {
    return dg_stencil_find(options->method ? options->method : "central");
}

static demgrad_band describe_band(const dg_band *b) {
    return (demgrad_band){b->name, b->description, b->unit, b->min, b->max};
}

bool dg_band_find(const char *name, demgrad_band *band) {
    const dg_band *found = dg_kernel_band(dg_kernel_select("baseline"), name);
    if (found)
        *band = describe_band(found);
    return found != NULL;
}

bool demgrad_band_at_sized(size_t index, demgrad_band *band, size_t size) {
    const dg_kernel *kernel = dg_kernel_select("baseline");
    if (!band || index >= kernel->band_count)
        return false;
    const demgrad_band own = describe_band(&kernel->bands[index]);
    dg_sized_copy(band, (dg_form){.size = size}, &own, (dg_form){.size = sizeof own});
    return true;
}

bool demgrad_method_at_sized(size_t index, demgrad_method *method, size_t size) {
    if (!method || index >= dg_stencil_count)
        return false;
    const dg_stencil *s = &dg_stencils[index];
    const demgrad_method own = {s->name, s->help, s->pairs == 0};
    dg_sized_copy(method, (dg_form){.size = size}, &own, (dg_form){.size = sizeof own});
    return true;
}

int dg_recipe_band_needs(const demgrad_raster_options *options) {
    int needs = 0;
    for (const char *const *name = dg_output_bands(options); *name; name++) {
        const dg_band *band = dg_kernel_band(dg_kernel_select("baseline"), *name);
        needs |= band ? band->needs : 0;
    }
    return needs;
}

static demgrad_status check_method(const demgrad_raster_options *o, demgrad_error *error) {
    const dg_stencil *stencil = dg_recipe_stencil(o);
    if (!stencil)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the method \"%s\" is not known",
                       o->method);
    if ((o->x_coords || o->y_coords) && (stencil->pairs != 1 || stencil->lines != 0))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the method %s needs pixels at even distances; coordinates go with the "
                       "method central",
                       stencil->name);
    return DEMGRAD_OK;
}

static demgrad_status check_band(const demgrad_raster_options *o, int index, demgrad_error *error) {
    const char *const *names = dg_output_bands(o);
    const dg_band *band = dg_kernel_band(dg_kernel_select("baseline"), names[index]);
    if (!band)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the band \"%s\" is not known",
                       names[index]);
    for (int i = 0; i < index; i++) {
        if (strcmp(names[i], names[index]) == 0)
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the band %s is wanted twice",
                           names[index]);
    }
    if (band->needs & DG_HAS_CLASSES && o->nodata >= band->min && o->nodata <= band->max)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the nodata value %g is one of the band %s's own, %g to %g; take another",
                       o->nodata, band->name, band->min, band->max);
    if (band->needs & DG_NEEDS_NOISE && !(o->z_error > 0))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the band %s needs the elevations' own error (--z-error, metres)",
                       names[index]);
    return DEMGRAD_OK;
}

/* NaN is none: flat ground then has no aspect. */
static demgrad_status check_flat_aspect(const demgrad_raster_options *o, demgrad_error *error) {
    const double most = o->type == DEMGRAD_FLOAT32 ? (double)FLT_MAX : DBL_MAX;
    if (!(fabs(o->aspect_flat) > most))
        return DEMGRAD_OK;
    return dg_fail(
        error, DEMGRAD_INVALID_ARGUMENT,
        "the aspect of flat ground is %g, which the output cannot hold; take a number of "
        "degrees that none has, such as -1, or nan for nodata",
        o->aspect_flat);
}

/* Each axis whose component a band needs has its distances. */
static demgrad_status check_distances(const demgrad_raster_options *o, demgrad_error *error) {
    const bool has_x = o->x_coords || o->spacing_x > 0, has_y = o->y_coords || o->spacing_y > 0;
    const int needs = dg_recipe_band_needs(o);
    const bool wants_x = needs & DG_NEEDS_DZDX, wants_y = needs & DG_NEEDS_DZDY;
    if (o->metric != DEMGRAD_METRIC_SPACING || ((has_x || !wants_x) && (has_y || !wants_y)))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "distances are given for one axis only; give the other one's too, or --bands "
                   "with this one's component alone");
}

demgrad_status dg_recipe_check(const demgrad_raster_options *options, demgrad_error *error) {
    demgrad_status status = check_method(options, error);
    if (!status && !dg_output_bands(options)[0])
        status = dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "there is no output band");
    for (int i = 0; !status && dg_output_bands(options)[i]; i++) {
        if (i == DEMGRAD_REPORT_BANDS)
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "more than %d output bands", i);
        status = check_band(options, i, error);
    }
    if (!status)
        status = check_flat_aspect(options, error);
    return status ? status : check_distances(options, error);
}

dg_band_settings dg_recipe_settings(const demgrad_raster_options *o) {
    /* Flat ground whose aspect is the nodata value is meant to be nodata. */
    const double flat = o->aspect_flat == o->nodata ? (double)NAN : o->aspect_flat;
    return (dg_band_settings){.flat_aspect = flat,
                              .becomes_floats = o->type == DEMGRAD_FLOAT32,
                              .z_error = o->z_error,
                              .light = dg_light_make(HILLSHADES[o->hillshade], o->azimuth,
                                                     o->altitude, o->z_exaggeration)};
}

demgrad_status dg_recipe_make(const demgrad_raster_options *options, const dg_kernel *kernel,
                              dg_recipe *recipe, const dg_band ***bands, demgrad_error *error) {
    const demgrad_raster_options *o = options;
    const int count = dg_output_band_count(o);
    *bands = malloc((size_t)count * sizeof(const dg_band *));
    if (!*bands)
        return dg_fail_memory(error, "the bands");
    for (int i = 0; i < count; i++)
        (*bands)[i] = dg_kernel_band(kernel, dg_output_bands(o)[i]);
    *recipe = (dg_recipe){.differences =
                              dg_differences_make(dg_recipe_stencil(o), o->window, o->edge_order,
                                                  o->edges == DEMGRAD_EDGES_PROPAGATE),
                          .bands = *bands,
                          .band_count = count,
                          .settings = dg_recipe_settings(o),
                          .nodata = (double)NAN};
    return DEMGRAD_OK;
}
