#include "job.h"

#include <cpl_multiproc.h>
#include <math.h>

void demgrad_raster_options_init(demgrad_raster_options *options) {
    *options = (demgrad_raster_options){
        .band = 1,
        .edge_order = 1,
        .bands = {DEMGRAD_DZDX, DEMGRAD_DZDY},
        .band_count = 2,
        .nodata = (double)NAN,
        .memory = (int64_t)256 << 20,
    };
}

demgrad_status demgrad_raster_describe(const char *const *inputs, size_t count,
                                       const demgrad_raster_options *options,
                                       demgrad_raster_info *info, demgrad_error *error) {
    dg_setup setup;
    demgrad_status status = dg_setup_open(inputs, count, options, &setup, error);
    if (status)
        return status;
    status = dg_setup_describe(&setup, info, error);
    dg_setup_close(&setup);
    return status;
}

/* What the process itself and GDAL's cache take of the memory that the user allows. */
static int64_t buffer_memory(int64_t memory) {
    const int64_t least = (int64_t)16 << 20;
    const int64_t left = memory - memory / DEMGRAD_CACHE_SHARE - DG_PROCESS_MEMORY;
    return left > least ? left : least;
}

demgrad_status demgrad_raster_gradient(const char *const *inputs, size_t count, const char *output,
                                       const demgrad_raster_options *options,
                                       demgrad_raster_report *report, demgrad_error *error) {
    dg_setup setup;
    demgrad_status status = dg_setup_open(inputs, count, options, &setup, error);
    if (status)
        return status;
    if (report) {
        *report = (demgrad_raster_report){.kernel = setup.kernel->tier};
        status = dg_setup_describe(&setup, &report->input, error);
    }
    const dg_job job = {.source = setup.source,
                        .window = dg_grid_window(&dg_source_describe(setup.source)->grid),
                        .grid = dg_source_describe(setup.source)->grid,
                        .output = output,
                        .overwrite = options->overwrite,
                        .threads = options->threads > 0 ? options->threads : CPLGetNumCPUs(),
                        .memory = buffer_memory(options->memory),
                        .progress = options->progress,
                        .progress_user = options->progress_user,
                        .messages = &setup.messages};
    if (!status)
        status = dg_job_run(&setup, &job, report ? report->bands : NULL, error);
    dg_setup_close(&setup);
    return status;
}
