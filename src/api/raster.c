#include "job.h"
#include "path.h"

#include <cpl_multiproc.h>
#include <math.h>
#include <stdlib.h>

void demgrad_raster_options_init(demgrad_raster_options *options) {
    *options = (demgrad_raster_options){
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

demgrad_status demgrad_raster_describe(const char *const *inputs, size_t count,
                                       const demgrad_raster_options *options,
                                       demgrad_raster_info *info, demgrad_error *error) {
    dg_messages messages;
    dg_setup setup;
    demgrad_status status = dg_setup_messages(options, &messages, error);
    if (status)
        return status;
    status = dg_setup_open(inputs, count, options, &messages, &setup, error);
    if (!status) {
        status = dg_setup_describe(&setup, info, error);
        dg_setup_close(&setup);
    }
    dg_messages_close(&messages);
    return status;
}

/* What the process itself and GDAL's cache take of the memory that the user allows. */
static int64_t buffer_memory(int64_t memory) {
    const int64_t least = (int64_t)16 << 20;
    const int64_t left = memory - memory / DEMGRAD_CACHE_SHARE - DG_PROCESS_MEMORY;
    return left > least ? left : least;
}

/* What runs that were killed left where the output will be. */
static demgrad_status clean_beside(const char *output, demgrad_error *error) {
    char *target = dg_path_target(output);
    char *folder = target ? dg_path_folder(target) : NULL;
    if (folder)
        dg_publish_clean(folder);
    const demgrad_status status = folder ? DEMGRAD_OK : dg_fail_memory(error, "a file's name");
    free(folder);
    free(target);
    return status;
}

static demgrad_status compute(const dg_setup *setup, const char *output,
                              demgrad_raster_report *report, demgrad_error *error) {
    const demgrad_raster_options *o = setup->options;
    const dg_grid grid = dg_source_describe(setup->source)->grid;
    const dg_job job = {.source = setup->source,
                        .window = dg_grid_window(&grid),
                        .grid = grid,
                        .output = output,
                        .overwrite = o->overwrite,
                        .threads = o->threads > 0 ? o->threads : CPLGetNumCPUs(),
                        .memory = buffer_memory(o->memory),
                        .progress = o->progress,
                        .progress_user = o->progress_user,
                        .messages = setup->messages};
    demgrad_status status = clean_beside(output, error);
    if (!status && report) {
        *report = (demgrad_raster_report){.kernel = setup->kernel->tier,
                                          .band_count = setup->recipe.band_count};
        status = dg_setup_describe(setup, &report->input, error);
    }
    return status ? status : dg_job_run(setup, &job, report ? report->bands : NULL, error);
}

demgrad_status demgrad_raster_gradient(const char *const *inputs, size_t count, const char *output,
                                       const demgrad_raster_options *options,
                                       demgrad_raster_report *report, demgrad_error *error) {
    dg_messages messages;
    dg_setup setup;
    demgrad_status status = dg_setup_messages(options, &messages, error);
    if (status)
        return status;
    status = dg_setup_open(inputs, count, options, &messages, &setup, error);
    if (!status) {
        status = compute(&setup, output, report, error);
        dg_setup_close(&setup);
    }
    dg_messages_close(&messages);
    return status;
}
