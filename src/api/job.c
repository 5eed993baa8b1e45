#include "job.h"

#include <math.h>
#include <stdio.h>

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

enum { METADATA_ITEMS = 6 };

static void make_metadata(const dg_setup *setup, const char *fingerprint,
                          char text[METADATA_ITEMS][64], const char *items[METADATA_ITEMS + 1]) {
    const demgrad_raster_options *o = setup->options;
    snprintf(text[0], sizeof text[0], "DEMGRAD_METRIC=%s", metric_name(setup));
    snprintf(text[1], sizeof text[1], "DEMGRAD_FRAME=%s",
             o->frame == DEMGRAD_FRAME_TRUE ? "true" : "grid");
    snprintf(text[2], sizeof text[2], "DEMGRAD_METHOD=central");
    snprintf(text[3], sizeof text[3], "DEMGRAD_EDGE_ORDER=%d", o->edge_order);
    snprintf(text[4], sizeof text[4], "DEMGRAD_VERSION=%s", demgrad_version());
    snprintf(text[5], sizeof text[5], "DEMGRAD_FINGERPRINT=%s", fingerprint ? fingerprint : "");
    for (int i = 0; i < METADATA_ITEMS; i++)
        items[i] = text[i];
    items[fingerprint ? METADATA_ITEMS : METADATA_ITEMS - 1] = NULL;
}

demgrad_status dg_job_writer(const dg_setup *setup, const dg_job *job, dg_writer **writer,
                             demgrad_error *error) {
    static const dg_output_band components[] = {
        [DEMGRAD_DZDX] = {"dz/dx", "m/m"}, [DEMGRAD_DZDY] = {"dz/dy", "m/m"}};
    const demgrad_raster_options *o = setup->options;
    const dg_source_info *source = dg_source_describe(job->source);
    char text[METADATA_ITEMS][64];
    const char *metadata[METADATA_ITEMS + 1];
    make_metadata(setup, job->fingerprint, text, metadata);
    dg_output_band bands[DEMGRAD_MAX_BANDS];
    for (int i = 0; i < o->band_count; i++)
        bands[i] = components[o->bands[i]];
    const dg_output output = {.path = job->output,
                              .format = o->format,
                              .creation_options = o->creation_options,
                              .metadata = metadata,
                              .grid = job->grid,
                              .crs = source->crs,
                              .is_point = source->is_point,
                              .is_double = o->type == DEMGRAD_FLOAT64,
                              .nodata = o->nodata,
                              .bands = bands,
                              .band_count = o->band_count,
                              .overwrite = job->overwrite,
                              .sync = o->sync,
                              .threads = job->threads,
                              .codec_memory = job->memory / 3};
    return dg_writer_create(&output, writer, error);
}

typedef struct progress {
    const dg_job *job;
    int64_t done, all;
} progress;

static bool tell(int64_t done, int64_t all, void *user) {
    progress *p = user;
    p->done = done;
    p->all = all;
    dg_messages_deliver(p->job->messages);
    return !p->job->progress || p->job->progress(done, all, p->job->progress_user);
}

static int go_on(void *user) {
    const progress *p = user;
    return tell(p->done, p->all, user);
}

static void copy_statistics(const dg_statistics *from, int count, demgrad_band_statistics *to) {
    for (int i = 0; i < count; i++) {
        const bool any = from[i].valid > 0;
        to[i] = (demgrad_band_statistics){
            any ? from[i].min : (double)NAN, any ? from[i].max : (double)NAN,
            any ? from[i].sum / (double)from[i].valid : (double)NAN, from[i].valid};
    }
}

dg_pipeline dg_job_pipeline(const dg_setup *setup, const dg_job *job) {
    const demgrad_raster_options *o = setup->options;
    const bool has_weights = setup->column_weights || setup->row_weights;
    dg_pipeline pipeline = {
        .source = job->source,
        .metric = setup->metric,
        .metric_rows = job->metric_rows,
        .kernel = setup->kernel,
        .stencil = {o->edge_order, o->edges == DEMGRAD_EDGES_PROPAGATE, setup->column_weights,
                    setup->row_weights},
        .window = job->window,
        .as_double = o->type == DEMGRAD_FLOAT64 || dg_source_describe(job->source)->needs_double ||
                     has_weights,
        .nodata = o->nodata,
        .band_count = o->band_count,
        .wrap = setup->wrap,
        .threads = job->threads,
        .memory = job->memory,
    };
    for (int i = 0; i < o->band_count; i++)
        pipeline.bands[i] = o->bands[i] == DEMGRAD_DZDX ? DG_DZDX : DG_DZDY;
    return pipeline;
}

/* Where the one writer of a job is. */
typedef struct sink {
    dg_writer *writer;
    dg_window all;
} sink;

static demgrad_status take(dg_window window, const void *pixels, bool is_double,
                           ptrdiff_t row_stride, ptrdiff_t band_stride, void *user,
                           demgrad_error *error) {
    const sink *s = user;
    window.col -= s->all.col;
    window.row -= s->all.row;
    return dg_writer_write(s->writer, window, pixels, is_double, row_stride, band_stride, error);
}

static void warn_of_memory(const dg_job *job, const dg_pipeline *pipeline) {
    dg_warn(
        job->messages,
        "%s: its blocks of %d x %d pixels may take more memory than --memory allows; allow more, "
        "or choose smaller blocks (--co)",
        job->output, pipeline->block_width, pipeline->block_height);
}

demgrad_status dg_job_run(const dg_setup *setup, const dg_job *job,
                          demgrad_band_statistics *figures, demgrad_error *error) {
    progress p = {.job = job};
    sink s = {.all = job->window};
    dg_statistics statistics[DEMGRAD_MAX_BANDS];
    demgrad_status status = dg_job_writer(setup, job, &s.writer, error);
    if (status)
        return status;
    dg_pipeline pipeline = dg_job_pipeline(setup, job);
    pipeline.sink = take;
    pipeline.sink_user = &s;
    pipeline.progress = tell;
    pipeline.progress_user = &p;
    pipeline.statistics = figures ? statistics : NULL;
    pipeline.memory -= dg_writer_codec_memory(s.writer);
    dg_writer_block_size(s.writer, &pipeline.block_width, &pipeline.block_height);
    if (job->messages && !dg_pipeline_fits(&pipeline))
        warn_of_memory(job, &pipeline);
    status = dg_pipeline_run(&pipeline, error);
    if (status) {
        dg_writer_abandon(s.writer);
        return status;
    }
    status = dg_writer_finish(s.writer, go_on, &p, error);
    if (!status && figures)
        copy_statistics(statistics, setup->options->band_count, figures);
    return status;
}
