/* The workers. Each takes the next task that can be done: write a computed group in order, compute
 * a group whose rows are there, or read the next group of rows. All states below `lock` are changed
 * under it; the buffers belong to the task that the states give them to. */
#include "pipeline.h"
#include "ring.h"
#include "statistics.h"

#include <cpl_multiproc.h>
#include <stdlib.h>

enum { MAX_WORKERS = 1024 };

typedef struct run {
    const dg_pipeline *job;
    dg_plan plan;
    dg_ring ring;
    dg_window panel; /* the part of the output that is worked on */
    /* Rows of the source that the panel needs, halo included, and outside of which is no data. */
    int first_row, end_row;
    int groups; /* of the panel, to compute and write */

    CPLMutex *lock;
    CPLCond *changed;
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
    dg_statistics (*slot_statistics)[DG_COMPONENTS];
} run;

typedef struct worker {
    run *run;
    dg_reader *reader;
    dg_metric_rows *metric;
} worker;

typedef enum task { TASK_NONE, TASK_READ, TASK_COMPUTE, TASK_WRITE, TASK_END } task;

static int min_int(int a, int b) {
    return a < b ? a : b;
}

static int max_int(int a, int b) {
    return a > b ? a : b;
}

/* The rows of the panel's group `group`, as rows of the source. */
static dg_window group_window(const run *r, int group) {
    const int row = r->panel.row + group * r->plan.compute_rows;
    const int end = min_int(row + r->plan.compute_rows, r->panel.row + r->panel.height);
    return (dg_window){r->panel.col, row, r->panel.width, end - row};
}

/* The first group that is not computed to its end: rows above its halo are free. */
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
    const int needed = oldest < r->groups ? group_window(r, oldest).row - DG_HALO : r->end_row;
    const int first = max_int(needed, r->first_row) / r->plan.read_rows;
    return r->read_group - first < r->plan.ring_rows / r->plan.read_rows;
}

static bool can_compute(const run *r) {
    if (r->compute_group >= r->groups || r->compute_group >= r->write_group + r->plan.slots)
        return false;
    const dg_window window = group_window(r, r->compute_group);
    return r->rows_ready >= min_int(window.row + window.height + DG_HALO, r->end_row);
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
    CPLReleaseMutex(r->lock);
}

static void lock(run *r) {
    CPLAcquireMutex(r->lock, 1e9);
}

static demgrad_status read_group(worker *w, int group, demgrad_error *error) {
    run *r = w->run;
    const int row = max_int(group * r->plan.read_rows, r->first_row);
    const int end = min_int((group + 1) * r->plan.read_rows, r->end_row);
    if (!w->reader) {
        const demgrad_status status = dg_reader_open(r->job->source, &w->reader, error);
        if (status)
            return status;
    }
    const dg_window window = {r->panel.col - DG_HALO, row, r->panel.width + 2 * DG_HALO, end - row};
    return dg_reader_read(w->reader, window, r->job->wrap, r->job->as_double,
                          dg_ring_row(&r->ring, row), r->ring.stride, error);
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
    while (r->rows_ready < r->end_row &&
           r->is_read[r->rows_ready / r->plan.read_rows % ring_groups]) {
        const int ready = r->rows_ready / r->plan.read_rows;
        r->is_read[ready % ring_groups] = false;
        r->rows_ready = min_int((ready + 1) * r->plan.read_rows, r->end_row);
    }
}

static demgrad_status compute_row(worker *w, dg_window window, int slot, int row,
                                  demgrad_error *error) {
    run *r = w->run;
    const size_t element = dg_ring_element_size(&r->ring);
    dg_row k = {.row = row, .first_col = window.col, .nodata = r->job->nodata};
    const demgrad_status status =
        dg_metric_rows_get(w->metric, row, &k.spans, &k.span_count, error);
    if (status)
        return status;
    for (int i = -DG_HALO; i <= DG_HALO; i++) {
        const char *z = dg_ring_row_or_outside(&r->ring, row + i, r->first_row, r->end_row);
        k.z[i + DG_HALO] = z + DG_HALO * element;
    }
    const size_t offset = (size_t)(row - window.row) * (size_t)window.width * element;
    for (int i = 0; i < r->job->band_count; i++) {
        void *out = (char *)dg_ring_slot(&r->ring, slot, i) + offset;
        *(r->job->bands[i] == DG_DZDX ? &k.dzdx : &k.dzdy) = out;
    }
    (r->job->as_double ? r->job->kernel->row_double : r->job->kernel->row_float)(&r->job->stencil,
                                                                                 &k);
    return DEMGRAD_OK;
}

static demgrad_status compute_group(worker *w, dg_window window, int slot, demgrad_error *error) {
    run *r = w->run;
    demgrad_status status = DEMGRAD_OK;
    if (!w->metric)
        status = dg_metric_rows_create(r->job->metric, &w->metric, error);
    if (!status)
        status = dg_metric_rows_prepare(w->metric, window, error);
    for (int row = window.row; row < window.row + window.height && !status; row++)
        status = compute_row(w, window, slot, row, error);
    for (int i = 0; i < r->job->band_count && !status && r->job->statistics; i++)
        dg_statistics_take(&r->slot_statistics[slot][i], dg_ring_slot(&r->ring, slot, i),
                           (int64_t)window.width * window.height, r->job->as_double,
                           r->job->nodata);
    return status;
}

static void do_compute(worker *w) {
    run *r = w->run;
    const int group = r->compute_group++;
    const int slot = group % r->plan.slots;
    r->is_computing[slot] = true;
    unlock(r);
    demgrad_error error;
    const demgrad_status status = compute_group(w, group_window(r, group), slot, &error);
    lock(r);
    keep_failure(r, status, &error);
    r->is_computing[slot] = false;
    r->is_computed[slot] = true;
}

static demgrad_status write_group(run *r, dg_window window, int slot, demgrad_error *error) {
    return r->job->sink(window, dg_ring_slot(&r->ring, slot, 0), r->job->as_double, window.width,
                        dg_ring_band_stride(&r->ring), r->job->sink_user, error);
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
    const int slot = r->write_group % r->plan.slots;
    const dg_window window = group_window(r, r->write_group);
    r->is_writing = true;
    unlock(r);
    demgrad_error error;
    const demgrad_status status = write_group(r, window, slot, &error);
    lock(r);
    keep_failure(r, status, &error);
    for (int i = 0; i < r->job->band_count && r->job->statistics; i++)
        dg_statistics_merge(&r->job->statistics[i], &r->slot_statistics[slot][i]);
    r->is_computed[slot] = false;
    r->is_writing = false;
    r->write_group++;
    r->pixels_written += (int64_t)window.width * window.height;
}

static void work(void *user) {
    worker *w = user;
    run *r = w->run;
    lock(r);
    for (task t; (t = next_task(r)) != TASK_END;) {
        if (t == TASK_NONE) {
            CPLCondWait(r->changed, r->lock);
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
        CPLCondBroadcast(r->changed);
    }
    CPLCondBroadcast(r->changed);
    unlock(r);
}

/* Starts the states over for the panel that begins at column `col` of the window. */
static void start_panel(run *r, int col) {
    const dg_window all = r->job->window;
    const int height = dg_source_describe(r->job->source)->grid.height;
    r->panel = all;
    r->panel.col = all.col + col;
    r->panel.width = min_int(r->plan.panel_width, all.width - col);
    r->ring.stride = r->panel.width + 2 * DG_HALO;
    r->first_row = max_int(all.row - DG_HALO, 0);
    r->end_row = min_int(all.row + all.height + DG_HALO, height);
    r->groups = (all.height + r->plan.compute_rows - 1) / r->plan.compute_rows;
    r->read_group = r->first_row / r->plan.read_rows;
    r->read_groups_end = (r->end_row - 1) / r->plan.read_rows + 1;
    r->rows_ready = r->first_row;
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

static dg_plan make_plan(const dg_pipeline *job) {
    const dg_source_info *info = dg_source_describe(job->source);
    dg_plan_input in = {.width = job->window.width,
                        .height = job->window.height,
                        .source_block_height = info->block_height,
                        .output_block_width = job->block_width,
                        .output_block_height = job->block_height,
                        .element_size = job->as_double ? 8 : 4,
                        .band_count = job->band_count,
                        .memory = job->memory};
    in.threads = min_int(min_int(job->threads, dg_source_max_readers(job->source)), MAX_WORKERS);
    return dg_plan_make(&in);
}

static demgrad_status create_run(run *r, demgrad_error *error) {
    const size_t slots = (size_t)r->plan.slots;
    demgrad_status status =
        dg_ring_create(&r->plan, r->job->as_double, r->job->band_count, &r->ring, error);
    r->is_read = calloc((size_t)(r->plan.ring_rows / r->plan.read_rows), sizeof *r->is_read);
    r->is_computed = calloc(slots, sizeof *r->is_computed);
    r->is_computing = calloc(slots, sizeof *r->is_computing);
    r->slot_statistics = calloc(slots, sizeof *r->slot_statistics);
    if (!status && (!r->is_read || !r->is_computed || !r->is_computing || !r->slot_statistics))
        status = dg_fail_memory(error, "the pipeline");
    r->lock = CPLCreateMutex();
    CPLReleaseMutex(r->lock);
    r->changed = CPLCreateCond();
    return status;
}

static void destroy_run(run *r) {
    dg_ring_destroy(&r->ring);
    free(r->is_read);
    free(r->is_computed);
    free(r->is_computing);
    free(r->slot_statistics);
    CPLDestroyCond(r->changed);
    CPLDestroyMutex(r->lock);
}

demgrad_status dg_pipeline_run(const dg_pipeline *pipeline, demgrad_error *error) {
    run r = {.job = pipeline, .plan = make_plan(pipeline)};
    worker workers[MAX_WORKERS];
    for (int i = 0; i < r.plan.workers; i++)
        workers[i] = (worker){.run = &r};
    workers[0].metric = pipeline->metric_rows;
    for (int i = 0; i < pipeline->band_count && pipeline->statistics; i++)
        dg_statistics_clear(&pipeline->statistics[i]);
    r.status = create_run(&r, &r.error);
    for (int col = 0; col < pipeline->window.width && !r.status; col += r.plan.panel_width) {
        start_panel(&r, col);
        run_panel(&r, workers);
    }
    for (int i = 0; i < r.plan.workers; i++) {
        dg_reader_close(workers[i].reader);
        if (workers[i].metric != pipeline->metric_rows)
            dg_metric_rows_destroy(workers[i].metric);
    }
    destroy_run(&r);
    if (r.status && error)
        *error = r.error;
    return r.status;
}
