#include "job.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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

/* "K=V" texts; which there are depends on what is computed. */
typedef struct metadata {
    char text[12][64];
    const char *items[13];
    int count;
} metadata;

static void add(metadata *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(metadata *m, const char *format, ...) {
    char *text = m->text[m->count];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof m->text[0], format, arguments);
    va_end(arguments);
    m->items[m->count++] = text;
}

static void add_differences(metadata *m, const dg_differences *d) {
    add(m, "DEMGRAD_METHOD=%s", d->stencil->name);
    if (d->stencil->pairs == 0)
        add(m, "DEMGRAD_WINDOW=%d", 2 * d->pairs + 1);
    add(m, "DEMGRAD_EDGE_ORDER=%d", d->edge_order);
    if (d->propagate)
        add(m, "DEMGRAD_NODATA_EDGES=propagate");
}

static void make_metadata(const dg_setup *setup, const char *fingerprint, metadata *m) {
    const demgrad_raster_options *o = setup->options;
    *m = (metadata){.count = 0};
    add(m, "DEMGRAD_METRIC=%s", metric_name(setup));
    add(m, "DEMGRAD_FRAME=%s", o->frame == DEMGRAD_FRAME_TRUE ? "true" : "grid");
    add_differences(m, &setup->recipe.differences);
    if (dg_recipe_needs(&setup->recipe) & DG_NEEDS_NOISE)
        add(m, "DEMGRAD_Z_ERROR=%.17g", o->z_error);
    add(m, "DEMGRAD_VERSION=%s", demgrad_version());
    if (fingerprint)
        add(m, "DEMGRAD_FINGERPRINT=%s", fingerprint);
}

demgrad_status dg_job_writer(const dg_setup *setup, const dg_job *job, dg_writer **writer,
                             demgrad_error *error) {
    const demgrad_raster_options *o = setup->options;
    const dg_source_info *source = dg_source_describe(job->source);
    const int band_count = setup->recipe.band_count;
    metadata items;
    make_metadata(setup, job->fingerprint, &items);
    dg_output_band *bands = malloc((size_t)band_count * sizeof *bands);
    if (!bands)
        return dg_fail_memory(error, "the output's bands");
    for (int i = 0; i < band_count; i++)
        bands[i] = (dg_output_band){setup->bands[i]->description, setup->bands[i]->unit};
    const dg_output output = {.path = job->output,
                              .format = o->format,
                              .creation_options = o->creation_options,
                              .metadata = items.items,
                              .grid = job->grid,
                              .crs = source->crs,
                              .is_point = source->is_point,
                              .is_double = o->type == DEMGRAD_FLOAT64,
                              .nodata = o->nodata,
                              .bands = bands,
                              .band_count = band_count,
                              .overwrite = job->overwrite,
                              .replaces_own = job->replaces_own,
                              .sync = o->sync,
                              .threads = job->threads,
                              .codec_memory = job->memory / 3};
    const demgrad_status status = dg_writer_create(&output, writer, error);
    free(bands);
    return status;
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
    return (dg_pipeline){
        .source = job->source,
        .metric = setup->metric,
        .metric_rows = job->metric_rows,
        .kernel = setup->kernel,
        .recipe = setup->recipe,
        .window = job->window,
        .as_double = o->type == DEMGRAD_FLOAT64 || dg_source_describe(job->source)->needs_double ||
                     has_weights,
        .wrap = setup->wrap,
        .threads = job->threads,
        .memory = job->memory,
    };
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

/* Runs the pipeline into the writer that is open. */
static demgrad_status run(const dg_setup *setup, const dg_job *job, sink *s, progress *p,
                          dg_statistics *statistics, demgrad_error *error) {
    dg_pipeline pipeline = dg_job_pipeline(setup, job);
    pipeline.sink = take;
    pipeline.sink_user = s;
    pipeline.progress = tell;
    pipeline.progress_user = p;
    pipeline.statistics = statistics;
    pipeline.memory -= dg_writer_codec_memory(s->writer);
    dg_writer_block_size(s->writer, &pipeline.block_width, &pipeline.block_height);
    if (job->messages && !dg_pipeline_fits(&pipeline))
        warn_of_memory(job, &pipeline);
    return dg_pipeline_run(&pipeline, error);
}

demgrad_status dg_job_run(const dg_setup *setup, const dg_job *job,
                          demgrad_band_statistics *figures, demgrad_error *error) {
    progress p = {.job = job};
    sink s = {.all = job->window};
    dg_statistics *statistics = NULL;
    if (figures) {
        statistics = calloc((size_t)setup->recipe.band_count, sizeof *statistics);
        if (!statistics)
            return dg_fail_memory(error, "the bands' figures");
    }
    demgrad_status status = dg_job_writer(setup, job, &s.writer, error);
    if (!status) {
        status = run(setup, job, &s, &p, statistics, error);
        if (status)
            dg_writer_abandon(s.writer);
        else
            status = dg_writer_finish(s.writer, go_on, &p, error);
    }
    if (!status && figures)
        copy_statistics(statistics, setup->recipe.band_count, figures);
    free(statistics);
    return status;
}
