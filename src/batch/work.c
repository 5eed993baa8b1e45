/* A crew of threads takes groups of pieces. */
#include "work.h"

#include "groups.h"
#include "single.h"
#include "stream.h"

#include <cpl_conv.h>
#include <cpl_multiproc.h>
#include <time.h>

enum { MAX_WORKERS = 256 };

struct dg_crew {
    const dg_batch *batch;
    dg_group *groups;
    size_t group_count, next_group; /* the latter guarded by `lock`, as is all below it */
    dg_worker workers[MAX_WORKERS];
    int worker_count;

    CPLMutex *lock;
    demgrad_batch_result *result;
    int64_t pixels_done, pixels_all;
    bool cancelled;
    demgrad_status failure; /* the first one's kind */
};

static void lock(dg_crew *c) {
    CPLAcquireMutex(c->lock, 1e9);
}

static void unlock(dg_crew *c) {
    CPLReleaseMutex(c->lock);
}

double dg_worker_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int64_t pixels_of(const dg_piece *piece) {
    return (int64_t)piece->window.width * piece->window.height;
}

/* Under the lock. */
static bool tell_progress(dg_crew *c) {
    const demgrad_batch_options *o = c->batch->options;
    const demgrad_batch_result *r = c->result;
    int64_t pixels = c->pixels_done;
    for (int i = 0; i < c->worker_count; i++)
        pixels += c->workers[i].pixels;
    if (!c->cancelled && o->progress &&
        !o->progress(pixels, c->pixels_all, r->done + r->kept + r->failed, r->pieces, o->user))
        c->cancelled = true;
    return !c->cancelled;
}

int dg_worker_progress(int64_t done, int64_t all, void *worker) {
    dg_worker *w = worker;
    (void)all;
    lock(w->crew);
    w->pixels = done;
    const bool go_on = tell_progress(w->crew);
    unlock(w->crew);
    return go_on;
}

dg_job dg_worker_job(dg_worker *worker, const dg_task *task) {
    return (dg_job){.window = task->piece->window,
                    .grid = task->piece->grid,
                    .metric_rows = worker->metric_rows,
                    .output = task->piece->output,
                    .fingerprint = task->fingerprint,
                    .overwrite = task->overwrite,
                    .threads = worker->threads,
                    .memory = worker->memory,
                    .progress = dg_worker_progress,
                    .progress_user = worker};
}

demgrad_status dg_worker_start(dg_worker *worker, demgrad_error *error) {
    if (!worker->files)
        worker->files = dg_pool_new(worker->batch->catalog);
    if (worker->metric_rows)
        return DEMGRAD_OK;
    return dg_metric_rows_create(worker->batch->setup.metric, &worker->metric_rows, error);
}

void dg_worker_finish(dg_worker *worker, const dg_task *task, demgrad_piece_state state,
                      demgrad_status status, const demgrad_error *error) {
    dg_crew *c = worker->crew;
    if (status == DEMGRAD_CANCELLED)
        return;
    lock(c);
    worker->pixels =
        worker->pixels > pixels_of(task->piece) ? worker->pixels - pixels_of(task->piece) : 0;
    c->pixels_done += pixels_of(task->piece);
    c->result->done += state == DEMGRAD_PIECE_DONE;
    c->result->kept += state == DEMGRAD_PIECE_KEPT;
    c->result->failed += state == DEMGRAD_PIECE_FAILED;
    if (state == DEMGRAD_PIECE_FAILED && !c->failure)
        c->failure = status;
    dg_batch_tell(c->batch, task->piece, state, status ? error->message : NULL,
                  task->tile_count > 0 ? task->tile_count - 1 : 0, dg_worker_now() - task->started);
    tell_progress(c);
    unlock(c);
}

static bool is_cancelled(dg_worker *w) {
    lock(w->crew);
    const bool cancelled = w->crew->cancelled;
    unlock(w->crew);
    return cancelled;
}

/* Whether there is something to do for the piece; else it is finished already, or cannot be done.
 */
static bool open_task(dg_worker *w, const dg_piece *piece, dg_task *task) {
    const dg_batch *b = w->batch;
    const dg_tile *tile = &b->catalog->tiles[piece->tile];
    *task = (dg_task){.piece = piece, .started = dg_worker_now()};
    if (tile->info.grid.width == 0) {
        demgrad_error error;
        dg_fail(&error, DEMGRAD_READ_FAILED, "%s", tile->problem);
        dg_worker_finish(w, task, DEMGRAD_PIECE_FAILED, error.status, &error);
        return false;
    }
    dg_batch_fingerprint(b, piece, &task->tiles, &task->tile_count, task->fingerprint);
    bool is_foreign = false;
    const bool overwrite = b->options->raster.overwrite;
    if (!overwrite && dg_batch_is_finished(piece, task->fingerprint, &is_foreign)) {
        dg_worker_finish(w, task, DEMGRAD_PIECE_KEPT, DEMGRAD_OK, NULL);
        CPLFree(task->tiles);
        return false;
    }
    /* What appears there meanwhile is another process's copy of the same. */
    task->overwrite = overwrite || !is_foreign;
    return true;
}

static void do_group(dg_worker *w, const dg_group *group) {
    dg_task *tasks = CPLCalloc(group->count, sizeof *tasks);
    size_t count = 0;
    for (size_t i = 0; i < group->count && !is_cancelled(w); i++)
        count += open_task(w, group->pieces[i], &tasks[count]);
    /* Where some are there already, a pass over all would compute them again. */
    bool *is_done = CPLCalloc(group->count, sizeof *is_done);
    if (group->is_stream && count == group->count)
        dg_stream(w, tasks, count, is_done);
    for (size_t i = 0; i < count; i++) {
        if (!is_done[i] && !is_cancelled(w))
            dg_single(w, &tasks[i]);
        CPLFree(tasks[i].tiles);
    }
    CPLFree(is_done);
    CPLFree(tasks);
}

static const dg_group *take_group(dg_crew *c) {
    lock(c);
    const bool is_over = c->cancelled || c->next_group == c->group_count;
    const dg_group *group = is_over ? NULL : &c->groups[c->next_group++];
    unlock(c);
    return group;
}

static void work(void *user) {
    dg_worker *w = user;
    for (const dg_group *group; (group = take_group(w->crew));)
        do_group(w, group);
    dg_metric_rows_destroy(w->metric_rows);
    dg_pool_free(w->files);
}

static void run_crew(dg_crew *c) {
    CPLJoinableThread *threads[MAX_WORKERS];
    for (int i = 1; i < c->worker_count; i++)
        threads[i] = CPLCreateJoinableThread(work, &c->workers[i]);
    work(&c->workers[0]);
    for (int i = 1; i < c->worker_count; i++) {
        if (threads[i])
            CPLJoinThread(threads[i]);
    }
}

static size_t count_part(const dg_batch *b) {
    const demgrad_batch_options *o = b->options;
    const size_t all = b->pieces->count, first = (size_t)o->part_index;
    return all > first ? (all - first - 1) / (size_t)o->part_count + 1 : 0;
}

/* Threads go across the pieces first, and within them when there are more. */
static void hire(dg_crew *c) {
    const demgrad_raster_options *o = &c->batch->options->raster;
    const int threads = o->threads > 0 ? o->threads : CPLGetNumCPUs();
    const size_t pieces = c->result->pieces;
    c->worker_count = threads < MAX_WORKERS ? threads : MAX_WORKERS;
    if ((size_t)c->worker_count > pieces)
        c->worker_count = pieces > 0 ? (int)pieces : 1;
    const int64_t memory =
        (o->memory - o->memory / DEMGRAD_CACHE_SHARE - DG_PROCESS_MEMORY) / c->worker_count;
    for (int i = 0; i < c->worker_count; i++) {
        c->workers[i] = (dg_worker){
            .batch = c->batch, .crew = c, .threads = threads / c->worker_count, .memory = memory};
    }
    c->groups = dg_groups_make(c->batch, memory, c->worker_count, &c->group_count);
}

static int64_t count_pixels(const dg_crew *c) {
    int64_t pixels = 0;
    for (size_t i = 0; i < c->group_count; i++) {
        for (size_t j = 0; j < c->groups[i].count; j++)
            pixels += pixels_of(c->groups[i].pieces[j]);
    }
    return pixels;
}

demgrad_status dg_work(const dg_batch *batch, demgrad_batch_result *result, demgrad_error *error) {
    dg_crew *c = CPLCalloc(1, sizeof *c);
    *c = (dg_crew){.batch = batch, .result = result};
    result->pieces = count_part(batch);
    c->lock = CPLCreateMutex();
    CPLReleaseMutex(c->lock);
    hire(c);
    c->pixels_all = count_pixels(c);
    run_crew(c);
    CPLDestroyMutex(c->lock);
    const bool cancelled = c->cancelled;
    const demgrad_status failure = c->failure;
    dg_groups_free(c->groups);
    CPLFree(c);
    if (cancelled)
        return dg_fail(error, DEMGRAD_CANCELLED, "cancelled; finished outputs are kept");
    if (failure)
        return dg_fail(error, failure, "%zu of %zu outputs could not be made", result->failed,
                       result->pieces);
    return DEMGRAD_OK;
}
