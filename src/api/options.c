#include "options.h"

#include <cpl_multiproc.h>
#include <math.h>

static const dg_form OWN = {.size = sizeof(demgrad_raster_options)};

demgrad_raster_options dg_raster_options_default(void) {
    return (demgrad_raster_options){
        .size = sizeof(demgrad_raster_options),
        .band = 1,
        .window = 3,
        .edge_order = 1,
        .aspect_flat = (double)NAN,
        .azimuth = 315,
        .altitude = 45,
        .z_exaggeration = 1,
        .nodata = (double)NAN,
        .memory = (int64_t)256 << 20,
    };
}

void demgrad_raster_options_init_sized(demgrad_raster_options *options, size_t size) {
    const demgrad_raster_options defaults = dg_raster_options_default();
    dg_sized_init(options, (dg_form){.size = size}, &defaults, OWN);
}

demgrad_status dg_raster_options_take(const demgrad_raster_options *options,
                                      demgrad_raster_options *own, demgrad_error *error) {
    *own = dg_raster_options_default();
    if (!options)
        return DEMGRAD_OK;
    return dg_sized_take(own, OWN, options, (dg_form){.size = options->size}, error);
}

dg_type dg_output_type(const demgrad_raster_options *options) {
    return options->type == DEMGRAD_FLOAT64 ? DG_DOUBLE : DG_FLOAT;
}

demgrad_status dg_inputs_check(const char *const *inputs, size_t count, demgrad_error *error) {
    if (count == 0 || !inputs)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "there is no input");
    for (size_t i = 0; i < count; i++) {
        if (!inputs[i])
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "input number %zu is NULL", i + 1);
    }
    return DEMGRAD_OK;
}

demgrad_status dg_argument_check(const void *argument, const char *name, demgrad_error *error) {
    return argument ? DEMGRAD_OK : dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the %s is NULL", name);
}

int dg_threads(const demgrad_raster_options *options) {
    return options->threads > 0 ? options->threads : CPLGetNumCPUs();
}
