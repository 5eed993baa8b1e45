/* The workers. Each takes the next task that can be done: write a computed group in order, compute
 * a group whose rows are there, or read the next group of rows. All states below `lock` are changed
 * under it; the buffers belong to the task that the states give them to. */
#include "block_group.h"
#include "integers.h"
#include "memory.h"
#include "pipeline.h"
#include "ring.h"

#include <cpl_multiproc.h>
#include <pthread.h>
#include <stdlib.h>

enum { MAX_WORKERS = 1024 };

typedef struct run {
    const dg_pipeline *job;
    dg_plan plan;
    dg_ring ring;
    dg_window panel;           /* the part of the output that is worked on */
    int groups, groups_across; /* of the panel, to compute and write, row by row of groups */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    int read_group, read_groups_end; /* the next to read, by row / read_rows */
    int rows_ready;                  /* rows below this one are read */
    bool *is_read;                   /* [ring group]: read, but a group before it is not yet */
    int compute_group, write_group;  /* the next to compute, the next to write */
    bool *is_computed;               /* [slot] */
    bool *is_computing;              /* [slot] */
    bool is_writing;
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

typedef enum task { TASK_NONE, TASK_READ, TASK_COMPUTE, TASK_WRITE, TASK_END } task;

/* The panel's group `group`, as a window of the source. */
static dg_window group_window(const run *r, int group) {
    const int row = group / r->groups_across * r->plan.compute_rows;
    const int col = group % r->groups_across * r->plan.compute_cols;
    return (dg_window){r->panel.col + col, r->panel.row + row,
                       dg_min(r->plan.compute_cols, r->panel.width - col),
                       dg_min(r->plan.compute_rows, r->panel.height - row)};
}

/* The first group that is not computed to its end. Rows above its halo are free. */
static int oldest_group(const run *r) {
    int group = r->write_group;
    while (group < r->compute_group && !r->is_computing[group % r->plan.slots])
        group++;
    return group;
}

static bool can_read(const run *r) {
    if (r->read_group >= r->read_groups_end)
        return false;
    const int oldest = oldest_group(r);
    const int needed =
        oldest < r->groups ? group_window(r, oldest).row - r->plan.halo : r->ring.end_row;
    const int first = dg_max(needed, r->ring.first_row) / r->plan.read_rows;
    return r->read_group - first < r->plan.ring_rows / r->plan.read_rows;
}

static bool can_compute(const run *r) {
    if (r->compute_group >= r->groups || r->compute_group >= r->write_group + r->plan.slots)
        return false;
    const dg_window window = group_window(r, r->compute_group);
    const int halo = r->plan.halo;
    return r->rows_ready >= dg_min(window.row + window.height, r->ring.end_row - halo) + halo;
}

static bool can_write(const run *r) {
    return !r->is_writing && r->write_group < r->groups &&
           r->is_computed[r->write_group % r->plan.slots];
}

static task next_task(const run *r) {
    if (r->status || r->write_group == r->groups)
        return TASK_END;
    if (can_write(r))
        return TASK_WRITE;
    if (can_compute(r))
        return TASK_COMPUTE;
    return can_read(r) ? TASK_READ : TASK_NONE;
}

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
    run *r = w->run;
    const int row = dg_max(group * r->plan.read_rows, r->ring.first_row);
    const int end = dg_min((group + 1) * r->plan.read_rows, r->ring.end_row);
    if (!w->reader) {
        const demgrad_status status = dg_reader_open(r->job->source, &w->reader, error);
        if (status)
            return status;
    }
    const dg_window window = {r->ring.first_col, row, r->panel.width + 2 * r->plan.halo, end - row};
    const dg_block rows = {dg_ring_row(&r->ring, row), r->job->type, r->ring.stride, 0, window};
    return dg_reader_read(w->reader, &rows, r->job->wrap, error);
}

static void do_read(worker *w) {
    run *r = w->run;
    const int group = r->read_group++;
    unlock(r);
    demgrad_error error;
    const demgrad_status status = read_group(w, group, &error);
    lock(r);
    keep_failure(r, status, &error);
    const int ring_groups = r->plan.ring_rows / r->plan.read_rows;
    r->is_read[group % ring_groups] = true;
    while (r->rows_ready < r->ring.end_row &&
           r->is_read[r->rows_ready / r->plan.read_rows % ring_groups]) {
        const int ready = r->rows_ready / r->plan.read_rows;
        r->is_read[ready % ring_groups] = false;
        r->rows_ready = dg_min((ready + 1) * r->plan.read_rows, r->ring.end_row);
    }
}

static dg_block_group make_group(const run *r, int group) {
    return (dg_block_group){.window = group_window(r, group),
                            .block_width = r->plan.block_width,
                            .block_height = r->plan.block_height,
                            .slot = dg_ring_slot(&r->ring, (size_t)(group % r->plan.slots))};
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

static void do_compute(worker *w) {
    run *r = w->run;
    const int group = r->compute_group++;
    const int slot = group % r->plan.slots;
    r->is_computing[slot] = true;
    unlock(r);
    demgrad_error error;
    const demgrad_status status = compute_group(w, group, &error);
    lock(r);
    keep_failure(r, status, &error);
    if (!status)
        hand_over_watches(w, group_window(r, group));
    r->is_computing[slot] = false;
    r->is_computed[slot] = true;
}

static demgrad_status tell_progress(const run *r, demgrad_error *error) {
    const dg_window all = r->job->window;
    const int64_t pixels = (int64_t)all.width * all.height;
    if (!r->job->progress || r->job->progress(r->pixels_written, pixels, r->job->progress_user))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_CANCELLED, "cancelled; no output was left");
}

static void do_write(worker *w) {
    run *r = w->run;
    const dg_block_group group = make_group(r, r->write_group);
    r->is_writing = true;
    unlock(r);
    demgrad_error error;
    const demgrad_status status = dg_block_group_write(&group, r->job, &error);
    lock(r);
    keep_failure(r, status, &error);
    r->is_computed[r->write_group % r->plan.slots] = false;
    r->is_writing = false;
    r->write_group++;
    r->pixels_written += (int64_t)group.window.width * group.window.height;
}

static void work(void *user) {
    worker *w = user;
    run *r = w->run;
    lock(r);
    for (task t; (t = next_task(r)) != TASK_END;) {
        if (t == TASK_NONE) {
            pthread_cond_wait(&r->changed, &r->lock);
            continue;
        }
        if (t == TASK_READ)
            do_read(w);
        else if (t == TASK_COMPUTE)
            do_compute(w);
        else
            do_write(w);
        demgrad_error error;
        keep_failure(r, tell_progress(r, &error), &error);
        pthread_cond_broadcast(&r->changed);
    }
    pthread_cond_broadcast(&r->changed);
    unlock(r);
}

/* Starts the states over for the panel that begins at column `col` of the window. */
static void start_panel(run *r, int col) {
    const dg_window all = r->job->window;
    const int height = dg_source_describe(r->job->source)->grid.height;
    r->panel = all;
    r->panel.col = all.col + col;
    r->panel.width = dg_min(r->plan.panel_width, all.width - col);
    r->ring.first_col = r->panel.col - r->plan.halo;
    r->ring.stride = r->panel.width + 2 * r->plan.halo;
    r->ring.first_row = dg_max(all.row - r->plan.halo, 0);
    r->ring.end_row = dg_min(all.row + all.height, height - r->plan.halo) + r->plan.halo;
    r->groups_across = dg_ceil_divide(r->panel.width, r->plan.compute_cols);
    r->groups = dg_ceil_divide(all.height, r->plan.compute_rows) * r->groups_across;
    r->read_group = r->ring.first_row / r->plan.read_rows;
    r->read_groups_end = dg_ceil_divide(r->ring.end_row, r->plan.read_rows);
    r->rows_ready = r->ring.first_row;
    r->compute_group = r->write_group = 0;
}

/* GDAL's portable threads: GDAL is there anyway, its error handlers are theirs too, and they work
 * wherever it does, which OpenMP and C11 threads do not. The calling thread is the first worker. */
static void run_panel(run *r, worker *workers) {
    CPLJoinableThread *threads[MAX_WORKERS];
    int started = 0;
    for (int i = 1; i < r->plan.workers; i++) {
        threads[started] = CPLCreateJoinableThread(work, &workers[i]);
        if (threads[started])
            started++;
    }
    work(&workers[0]);
    for (int i = 0; i < started; i++)
        CPLJoinThread(threads[i]);
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

static demgrad_status create_run(run *r, demgrad_error *error) {
    const size_t slots = (size_t)r->plan.slots;
    demgrad_status status =
        dg_ring_create(&r->plan, r->job->type, r->job->recipe.band_count, &r->ring, error);
    r->is_read = calloc((size_t)(r->plan.ring_rows / r->plan.read_rows), sizeof *r->is_read);
    r->is_computed = calloc(slots, sizeof *r->is_computed);
    r->is_computing = calloc(slots, sizeof *r->is_computing);
    if (!status && (!r->is_read || !r->is_computed || !r->is_computing))
        status = dg_fail_memory(error, "the pipeline");
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->changed, NULL);
    return status;
}

static void destroy_run(run *r) {
    dg_ring_destroy(&r->ring);
    free(r->is_read);
    free(r->is_computed);
    free(r->is_computing);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->lock);
}

demgrad_status dg_pipeline_run(const dg_pipeline *pipeline, demgrad_error *error) {
    const dg_plan_input in = plan_input(pipeline);
    run r = {.job = pipeline, .plan = dg_plan_make(&in)};
    worker workers[MAX_WORKERS];
    for (int i = 0; i < r.plan.workers; i++)
        workers[i] = (worker){.run = &r};
    workers[0].metric = pipeline->metric_rows;
    for (size_t i = 0; i < pipeline->watch_count; i++)
        dg_watch_clear(&pipeline->watches[i], pipeline->recipe.band_count);
    r.status = create_run(&r, &r.error);
    for (int col = 0; col < pipeline->window.width && !r.status; col += r.plan.panel_width) {
        start_panel(&r, col);
        run_panel(&r, workers);
    }
    for (int i = 0; i < r.plan.workers; i++) {
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
