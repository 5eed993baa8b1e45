#include "worker.h"

#include "clock.h"
#include "origin.h"

static void lock(dg_tally *t) {
    pthread_mutex_lock(&t->lock);
}

static void unlock(dg_tally *t) {
    pthread_mutex_unlock(&t->lock);
}

/* Under the lock. */
static bool tell_progress(dg_tally *t) {
    const demgrad_batch_options *o = t->batch->options;
    const demgrad_batch_result *r = t->result;
    int64_t pixels = t->pixels_done;
    for (int i = 0; i < t->worker_count; i++)
        pixels += t->workers[i].pixels;
    if (!t->cancelled && o->progress &&
        !o->progress(pixels, t->pixels_all, dg_batch_finished(r), r->pieces, o->user))
        t->cancelled = true;
    return !t->cancelled;
}

int dg_worker_progress(int64_t done, int64_t all, void *worker) {
    dg_worker *w = worker;
    (void)all;
    lock(w->tally);
    w->pixels = done;
    const bool go_on = tell_progress(w->tally);
    unlock(w->tally);
    return go_on;
}

void dg_worker_forget(dg_worker *worker) {
    lock(worker->tally);
    worker->pixels = 0;
    unlock(worker->tally);
}

dg_pass dg_worker_pass(dg_worker *worker, const dg_setup *setup) {
    const dg_batch *b = worker->batch;
    return (dg_pass){.setup = setup,
                     .in_use = b->in_use,
                     .places = worker->tally->places,
                     .seen_crs = worker->tally->seen_crs,
                     .overwrite = b->options->raster.overwrite,
                     .is_own = dg_origin_may_replace,
                     .threads = worker->threads,
                     .memory = worker->memory,
                     .progress = dg_worker_progress,
                     .user = worker};
}

dg_outlet dg_task_outlet(const dg_batch *batch, const dg_task *task) {
    return (dg_outlet){.path = task->piece->output,
                       .window = task->piece->window,
                       .grid = task->piece->grid,
                       .is_point = dg_batch_input(batch, task->piece).is_point,
                       .fingerprint = task->fingerprint,
                       .origin = task->origin,
                       .findings = dg_batch_findings(batch, task->piece)};
}

demgrad_status dg_worker_start(dg_worker *worker, size_t common, demgrad_error *error) {
    if (worker->thread && worker->common == common)
        return DEMGRAD_OK;
    dg_thread_close(worker->thread);
    worker->thread = NULL;
    worker->common = common;
    return dg_thread_open(&worker->batch->inputs, common, &worker->thread, error);
}

bool dg_worker_is_first(dg_worker *worker, size_t tile) {
    bool *was_opened = &worker->tally->was_opened[tile];
    lock(worker->tally);
    const bool is_first = !*was_opened;
    *was_opened = true;
    unlock(worker->tally);
    return is_first;
}

void dg_worker_end(dg_worker *worker) {
    dg_setup_close(worker->alone);
    dg_thread_close(worker->thread);
}

void dg_worker_finish(dg_worker *worker, const dg_task *task, demgrad_piece_state state,
                      demgrad_status status, const demgrad_error *error) {
    dg_tally *t = worker->tally;
    if (status == DEMGRAD_CANCELLED)
        return;
    demgrad_piece_state found = DEMGRAD_PIECE_MISSING;
    demgrad_error fault;
    if (status == DEMGRAD_EXISTS &&
        dg_batch_look(t->batch, task->piece, task->fingerprint, &found, &fault) == DEMGRAD_EXISTS)
        error = &fault;                /* which names the input that it is of */
    if (found == DEMGRAD_PIECE_KEPT) { /* another process made the same meanwhile */
        state = DEMGRAD_PIECE_KEPT;
        status = DEMGRAD_OK;
    }
    lock(t);
    const int64_t pixels = dg_window_pixels(task->piece->window);
    worker->pixels = worker->pixels > pixels ? worker->pixels - pixels : 0;
    t->pixels_done += pixels;
    dg_batch_count(t->result, state);
    if (state == DEMGRAD_PIECE_FAILED && !t->failure)
        t->failure = status;
    dg_batch_tell(t->batch, task->piece, state, status ? error->message : NULL,
                  task->tile_count > 0 ? task->tile_count - 1 : 0, dg_clock_now() - task->started);
    tell_progress(t);
    unlock(t);
}

bool dg_worker_is_cancelled(dg_worker *w) {
    lock(w->tally);
    const bool cancelled = w->tally->cancelled;
    unlock(w->tally);
    return cancelled;
}
