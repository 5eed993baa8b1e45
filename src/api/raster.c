#include "pipeline.h"
#include "setup.h"

#include <cpl_multiproc.h>
#include <math.h>
#include <stdio.h>

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

static const char *metric_name(const dg_setup *setup) {
    switch (dg_metric_kind_in_force(setup->metric)) {
    case DG_METRIC_GROUND:
        return "ground";
    case DG_METRIC_MAP:
        return "map";
    default:
        return "spacing";
    }
}

enum { METADATA_ITEMS = 5 };

static void make_metadata(const dg_setup *setup, char text[METADATA_ITEMS][64],
                          const char *items[METADATA_ITEMS + 1]) {
    const demgrad_raster_options *o = setup->options;
    snprintf(text[0], sizeof text[0], "DEMGRAD_METRIC=%s", metric_name(setup));
    snprintf(text[1], sizeof text[1], "DEMGRAD_FRAME=%s",
             o->frame == DEMGRAD_FRAME_TRUE ? "true" : "grid");
    snprintf(text[2], sizeof text[2], "DEMGRAD_METHOD=central");
    snprintf(text[3], sizeof text[3], "DEMGRAD_EDGE_ORDER=%d", o->edge_order);
    snprintf(text[4], sizeof text[4], "DEMGRAD_VERSION=%s", demgrad_version());
    for (int i = 0; i < METADATA_ITEMS; i++)
        items[i] = text[i];
    items[METADATA_ITEMS] = NULL;
}

static demgrad_status create_writer(const dg_setup *setup, const char *path, int threads,
                                    dg_writer **writer, demgrad_error *error) {
    static const dg_output_band components[] = {
        [DEMGRAD_DZDX] = {"dz/dx", "m/m"}, [DEMGRAD_DZDY] = {"dz/dy", "m/m"}};
    const demgrad_raster_options *o = setup->options;
    const dg_source_info *source = dg_source_describe(setup->source);
    char text[METADATA_ITEMS][64];
    const char *metadata[METADATA_ITEMS + 1];
    make_metadata(setup, text, metadata);
    dg_output_band bands[DEMGRAD_MAX_BANDS];
    for (int i = 0; i < o->band_count; i++)
        bands[i] = components[o->bands[i]];
    const dg_output output = {.path = path,
                              .format = o->format,
                              .creation_options = o->creation_options,
                              .metadata = metadata,
                              .grid = source->grid,
                              .crs = source->crs,
                              .is_point = source->is_point,
                              .is_double = o->type == DEMGRAD_FLOAT64,
                              .nodata = o->nodata,
                              .bands = bands,
                              .band_count = o->band_count,
                              .overwrite = o->overwrite,
                              .sync = o->sync,
                              .threads = threads};
    return dg_writer_create(&output, writer, error);
}

typedef struct progress {
    const demgrad_raster_options *options;
    int64_t done, all;
} progress;

static bool tell(int64_t done, int64_t all, void *user) {
    progress *p = user;
    p->done = done;
    p->all = all;
    return !p->options->progress || p->options->progress(done, all, p->options->progress_user);
}

static int go_on(void *user) {
    const progress *p = user;
    return tell(p->done, p->all, user);
}

/* What the process itself and GDAL's cache take of the memory that the user allows. */
static int64_t buffer_memory(int64_t memory) {
    const int64_t process = (int64_t)96 << 20, least = (int64_t)16 << 20;
    const int64_t left = memory - memory / DEMGRAD_CACHE_SHARE - process;
    return left > least ? left : least;
}

static void copy_statistics(const dg_statistics *from, int count, demgrad_band_statistics *to) {
    for (int i = 0; i < count; i++) {
        const bool any = from[i].valid > 0;
        to[i] = (demgrad_band_statistics){
            any ? from[i].min : (double)NAN, any ? from[i].max : (double)NAN,
            any ? from[i].sum / (double)from[i].valid : (double)NAN, from[i].valid};
    }
}

static demgrad_status run(const dg_setup *setup, const char *output, demgrad_raster_report *report,
                          demgrad_error *error) {
    const demgrad_raster_options *o = setup->options;
    const dg_source_info *source = dg_source_describe(setup->source);
    progress p = {.options = o};
    dg_statistics statistics[DEMGRAD_MAX_BANDS];
    dg_pipeline pipeline = {
        .source = setup->source,
        .metric = setup->metric,
        .kernel = setup->kernel,
        .stencil = {o->edge_order, o->edges == DEMGRAD_EDGES_PROPAGATE, setup->column_weights,
                    setup->row_weights},
        .window = dg_grid_window(&source->grid),
        .as_double = o->type == DEMGRAD_FLOAT64 || source->needs_double || setup->column_weights ||
                     setup->row_weights,
        .nodata = o->nodata,
        .band_count = o->band_count,
        .wrap = setup->wrap,
        .threads = o->threads > 0 ? o->threads : CPLGetNumCPUs(),
        .memory = buffer_memory(o->memory),
        .progress = tell,
        .progress_user = &p,
        .statistics = report ? statistics : NULL,
    };
    for (int i = 0; i < o->band_count; i++)
        pipeline.bands[i] = o->bands[i] == DEMGRAD_DZDX ? DG_DZDX : DG_DZDY;
    demgrad_status status = create_writer(setup, output, pipeline.threads, &pipeline.writer, error);
    if (status)
        return status;
    status = dg_pipeline_run(&pipeline, error);
    if (status) {
        dg_writer_abandon(pipeline.writer);
        return status;
    }
    status = dg_writer_finish(pipeline.writer, go_on, &p, error);
    if (!status && report)
        copy_statistics(statistics, o->band_count, report->bands);
    return status;
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
    if (!status)
        status = run(&setup, output, report, error);
    dg_setup_close(&setup);
    return status;
}
