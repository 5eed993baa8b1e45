#include "job.h"

#include "raster_options.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* "K=V" texts. */
typedef struct metadata {
    char text[24][96];
    const char *items[26];
    int count;
} metadata;

static void add(metadata *m, const char *key, const char *value) {
    assert(m->count < 24);
    char *text = m->text[m->count];
    snprintf(text, sizeof m->text[0], "DEMGRAD_%s=%s", key, value);
    for (char *c = text; *c != '='; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    m->items[m->count++] = text;
}

/* What is always told, beside what is not as usual. */
static bool is_told(const dg_option *o, const demgrad_raster_options *options) {
    static const char *const always[] = {"frame", "method", "edge-order"};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
        if (strcmp(o->name, always[i]) == 0)
            return true;
    }
    return (o->group == DG_GROUP_MEANING || o->group == DG_GROUP_BANDS) && !dg_option_is_list(o) &&
           dg_raster_option_is_set(o, options);
}

static void make_metadata(const dg_setup *setup, const dg_job *job, metadata *m) {
    *m = (metadata){.count = 0};
    add(m, "METRIC", metric_name(setup)); /* the one in force */
    for (size_t i = 0; i < dg_raster_option_count; i++) {
        const dg_option *o = &dg_raster_options[i];
        char value[64];
        dg_option_text(o, setup->options, value, sizeof value);
        if (*value && is_told(o, setup->options) && strcmp(o->name, "metric") != 0)
            add(m, o->name, value);
    }
    add(m, "VERSION", demgrad_version());
    if (job->fingerprint)
        add(m, "FINGERPRINT", job->fingerprint);
    if (job->origin)
        m->items[m->count++] = job->origin;
}

/* Tries whether it can be written, where `writer` is NULL. */
static demgrad_status open_writer(const dg_setup *setup, const dg_job *job, dg_writer **writer,
                                  demgrad_error *error) {
    const demgrad_raster_options *o = setup->options;
    const dg_source_info *source = dg_source_describe(job->source);
    const int band_count = setup->recipe.band_count;
    metadata items;
    make_metadata(setup, job, &items);
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
                              .type = dg_output_type(o),
                              .nodata = o->nodata,
                              .bands = bands,
                              .band_count = band_count,
                              .in_use = job->in_use,
                              .overwrite = job->overwrite,
                              .is_own = job->is_own,
                              .sync = o->sync,
                              .messages = job->messages,
                              .threads = job->threads,
                              .codec_memory = job->memory / 3};
    demgrad_status status = writer ? dg_writer_create(&output, writer, error) : DEMGRAD_OK;
    /* The disk may be at fault, or what was asked for. */
    if (!writer || status == DEMGRAD_WRITE_FAILED) {
        demgrad_error fault;
        const demgrad_status tried = dg_writer_try(&output, &fault);
        if (!writer || tried == DEMGRAD_INVALID_OPTION) {
            status = tried;
            dg_fail(error, tried, "%s", fault.message);
        }
    }
    free(bands);
    return status;
}

demgrad_status dg_job_writer(const dg_setup *setup, const dg_job *job, dg_writer **writer,
                             demgrad_error *error) {
    return open_writer(setup, job, writer, error);
}

demgrad_status dg_job_try(const dg_setup *setup, const dg_job *job, demgrad_error *error) {
    return open_writer(setup, job, NULL, error);
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
    const bool needs_double = o->type == DEMGRAD_FLOAT64 ||
                              dg_source_describe(job->source)->needs_double ||
                              setup->column_weights || setup->row_weights;
    return (dg_pipeline){
        .source = job->source,
        .metric = setup->metric,
        .metric_rows = job->metric_rows,
        .kernel = setup->kernel,
        .recipe = setup->recipe,
        .settling = dg_settling_for(o->nodata, dg_output_type(o)),
        .gap = setup->gap,
        .window = job->window,
        .type = needs_double ? DG_DOUBLE : DG_FLOAT,
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

static demgrad_status take(const dg_block *block, void *user, demgrad_error *error) {
    const sink *s = user;
    dg_block part = *block;
    part.window.col -= s->all.col;
    part.window.row -= s->all.row;
    return dg_writer_write(s->writer, &part, error);
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
    dg_watch watch = {.window = job->window};
    dg_pipeline pipeline = dg_job_pipeline(setup, job);
    pipeline.watches = job->findings ? &watch : NULL;
    pipeline.watch_count = job->findings ? 1 : 0;
    pipeline.sink = take;
    pipeline.sink_user = s;
    pipeline.progress = tell;
    pipeline.progress_user = p;
    pipeline.statistics = statistics;
    pipeline.memory -= dg_writer_codec_memory(s->writer);
    dg_writer_block_size(s->writer, &pipeline.block_width, &pipeline.block_height);
    if (job->messages && !dg_pipeline_fits(&pipeline))
        warn_of_memory(job, &pipeline);
    const demgrad_status status = dg_pipeline_run(&pipeline, error);
    if (!status && job->findings)
        *job->findings = dg_findings_of(setup, &watch, pipeline.type);
    return status;
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
