/* The workers. Each takes the next task that can be done: write a computed group in order, compute a group
 * whose rows are there, or read the next group of rows. All below `lock` is changed under it; the buffers
 * belong to the task that the turns give them to. */
#include "block_group.h"
#include "integers.h"
#include "memory.h"
#include "pipeline.h"
#include "ring.h"
#include "turns.h"

#include <pthread.h>
#include <stdlib.h>

enum { MAX_WORKERS = 1024 };

typedef struct run {
    const dg_pipeline *job;
    dg_ring ring;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    dg_turns turns;
    int64_t pixels_written;
    demgrad_status status;
    demgrad_error error;
} run;

typedef struct worker {
    run *run;
    dg_reader *reader;
    dg_metric_rows *metric;
    dg_workspace *workspace;
    dg_watch *watches;
    dg_statistics *bands; /* the watches' */
} worker;

static void keep_failure(run *r, demgrad_status status, const demgrad_error *error) {
    if (!r->status && status) {
        r->status = status;
        r->error = *error;
    }
}

/* Lets other workers at the states while this one works. */
static void unlock(run *r) {
    pthread_mutex_unlock(&r->lock);
}

static void lock(run *r) {
    pthread_mutex_lock(&r->lock);
}

static demgrad_status read_group(worker *w, int group, demgrad_error *error) {
    const run *r = w->run;
    int row, end;
    dg_turns_rows(&r->turns, group, &row, &end);
    if (!w->reader) {
        const demgrad_status status = dg_reader_open(r->job->source, &w->reader, error);
        if (status)
            return status;
    }
    const dg_window window = {r->ring.first_col, row, (int)r->ring.stride, end - row};
    const dg_block rows = {dg_ring_row(&r->ring, row), r->job->type, r->ring.stride, 0, window};
    return dg_reader_read(w->reader, &rows, r->job->wrap, error);
}

static dg_block_group make_group(const run *r, int group) {
    const dg_plan *plan = &r->turns.plan;
    return (dg_block_group){.window = dg_turns_window(&r->turns, group),
                            .block_width = plan->block_width,
                            .block_height = plan->block_height,
                            .slot = dg_ring_slot(&r->ring, (size_t)(group % plan->slots))};
}

/* Each worker has watches of its own, which are empty between groups. */
static demgrad_status start_watches(worker *w, demgrad_error *error) {
    const dg_pipeline *job = w->run->job;
    const int bands = job->recipe.band_count;
    if (w->watches || job->watch_count == 0)
        return DEMGRAD_OK;
    w->watches = dg_alloc(job->watch_count, sizeof *w->watches, "the pipeline", error);
    w->bands = dg_alloc(job->watch_count * (size_t)bands, sizeof *w->bands, "the pipeline", error);
    if (!w->watches || !w->bands)
        return DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < job->watch_count; i++) {
        const bool has_bands = job->watches[i].bands != NULL;
        w->watches[i] = (dg_watch){.window = job->watches[i].window,
                                   .bands = has_bands ? &w->bands[i * (size_t)bands] : NULL};
        dg_watch_clear(&w->watches[i], bands);
    }
    return DEMGRAD_OK;
}

/* Under the lock. */
static void hand_over_watches(worker *w, dg_window group) {
    const dg_pipeline *job = w->run->job;
    for (size_t i = 0; i < job->watch_count && w->watches; i++) {
        if (!dg_windows_overlap(job->watches[i].window, group))
            continue;
        dg_watch_merge(&job->watches[i], &w->watches[i], job->recipe.band_count);
        dg_watch_clear(&w->watches[i], job->recipe.band_count);
    }
}

static demgrad_status compute_group(worker *w, int group, demgrad_error *error) {
    run *r = w->run;
    dg_block_group g = make_group(r, group);
    demgrad_status status = start_watches(w, error);
    g.watches = w->watches;
    if (!status && !w->metric)
        status = dg_metric_rows_create(r->job->metric, &w->metric, error);
    if (!status && !w->workspace)
        status = dg_workspace_create(&r->job->recipe, r->job->type, &w->workspace, error);
    if (!status)
        status = dg_block_group_compute(&g, r->job, &r->ring, w->metric, w->workspace, error);
    return status;
}

static demgrad_status tell_progress(const run *r, demgrad_error *error) {
    const dg_window all = r->job->window;
    const int64_t pixels = (int64_t)all.width * all.height;
    if (!r->job->progress || r->job->progress(r->pixels_written, pixels, r->job->progress_user))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_CANCELLED, "cancelled; no output was left");
}

/* Does a task while other workers are at the states. */
static demgrad_status do_task(worker *w, dg_task task, int group, demgrad_error *error) {
    if (task == DG_TASK_READ)
        return read_group(w, group, error);
    if (task == DG_TASK_COMPUTE)
        return compute_group(w, group, error);
    const dg_block_group computed = make_group(w->run, group);
    return dg_block_group_write(&computed, w->run->job, error);
}

/* What is known of a task that has ended. */
static void take_task(worker *w, dg_task task, int group, demgrad_status status) {
    run *r = w->run;
    if (task == DG_TASK_COMPUTE && !status)
        hand_over_watches(w, dg_turns_window(&r->turns, group));
    if (task == DG_TASK_WRITE) {
        const dg_window window = dg_turns_window(&r->turns, group);
        r->pixels_written += (int64_t)window.width * window.height;
    }
    dg_turns_end(&r->turns, task, group);
}

static void *work(void *user) {
    worker *w = user;
    run *r = w->run;
    demgrad_error error;
    lock(r);
    while (!r->status && !dg_turns_are_over(&r->turns)) {
        const dg_task task = dg_turns_next(&r->turns);
        if (task == DG_TASK_NONE) {
            pthread_cond_wait(&r->changed, &r->lock);
            continue;
        }
        const int group = dg_turns_begin(&r->turns, task);
        unlock(r);
        const demgrad_status status = do_task(w, task, group, &error);
        lock(r);
        keep_failure(r, status, &error);
        take_task(w, task, group, status);
        keep_failure(r, tell_progress(r, &error), &error);
        pthread_cond_broadcast(&r->changed);
    }
    pthread_cond_broadcast(&r->changed);
    unlock(r);
    return NULL;
}

/* Starts over for the panel that begins at column `col` of the window. */
static void start_panel(run *r, int col) {
    dg_window panel = r->job->window;
    panel.width = dg_min(r->turns.plan.panel_width, panel.width - col);
    panel.col += col;
    dg_turns_start(&r->turns, panel, dg_source_describe(r->job->source)->grid.height);
    const int halo = r->turns.plan.halo;
    r->ring.first_col = panel.col - halo;
    r->ring.stride = panel.width + 2 * halo;
    r->ring.first_row = r->turns.first_row;
    r->ring.end_row = r->turns.end_row;
}

/* The calling thread is the first worker. The work is done without those that the system does not give, which
 * GDAL's own threads would print. */
static void run_panel(run *r, worker *workers) {
    pthread_t threads[MAX_WORKERS];
    int started = 0;
    for (int i = 1; i < r->turns.plan.workers; i++) {
        if (pthread_create(&threads[started], NULL, work, &workers[i]) == 0)
            started++;
    }
    work(&workers[0]);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

static dg_plan_input plan_input(const dg_pipeline *job) {
    const dg_source_info *info = dg_source_describe(job->source);
    dg_plan_input in = {.width = job->window.width,
                        .height = job->window.height,
                        .source_block_height = info->block_height,
                        .output_block_width = job->block_width,
                        .output_block_height = job->block_height,
                        .element_size = (int)dg_type_size(job->type),
                        .band_count = job->recipe.band_count,
                        .halo = dg_differences_halo(&job->recipe.differences),
                        .memory = job->memory,
                        .reader_bytes = dg_source_reader_bytes(job->source)};
    in.threads = dg_min(dg_min(job->threads, dg_source_max_readers(job->source)), MAX_WORKERS);
    return in;
}

dg_fit dg_pipeline_fit(const dg_pipeline *pipeline) {
    const dg_plan_input in = plan_input(pipeline);
    const dg_plan plan = dg_plan_make(&in);
    if (!dg_plan_fits(&in, &plan))
        return DG_FIT_NOT;
    return plan.panel_width < in.width ? DG_FIT_IN_PANELS : DG_FIT_WHOLE;
}

static demgrad_status create_run(run *r, const dg_plan *plan, demgrad_error *error) {
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->changed, NULL);
    const demgrad_status status =
        dg_ring_create(plan, r->job->type, r->job->recipe.band_count, &r->ring, error);
    const demgrad_status turns = dg_turns_create(plan, &r->turns, error);
    return status ? status : turns;
}

static void destroy_run(run *r) {
    dg_ring_destroy(&r->ring);
    dg_turns_destroy(&r->turns);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->lock);
}

demgrad_status dg_pipeline_run(const dg_pipeline *pipeline, demgrad_error *error) {
    const dg_plan_input in = plan_input(pipeline);
    const dg_plan plan = dg_plan_make(&in);
    run r = {.job = pipeline};
    worker workers[MAX_WORKERS];
    for (int i = 0; i < plan.workers; i++)
        workers[i] = (worker){.run = &r};
    workers[0].metric = pipeline->metric_rows;
    for (size_t i = 0; i < pipeline->watch_count; i++)
        dg_watch_clear(&pipeline->watches[i], pipeline->recipe.band_count);
    r.status = create_run(&r, &plan, &r.error);
    for (int col = 0; col < pipeline->window.width && !r.status; col += plan.panel_width) {
        start_panel(&r, col);
        run_panel(&r, workers);
    }
    for (int i = 0; i < plan.workers; i++) {
        dg_reader_close(workers[i].reader);
        free(workers[i].watches);
        free(workers[i].bands);
        dg_workspace_destroy(workers[i].workspace);
        if (workers[i].metric != pipeline->metric_rows)
            dg_metric_rows_destroy(workers[i].metric);
    }
    destroy_run(&r);
    if (r.status && error)
        *error = r.error;
    return r.status;
}
