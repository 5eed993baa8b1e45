#include "stream.h"

#include "clock.h"
#include "memory.h"

#include <stdlib.h>

/* A group at work. */
typedef struct stream {
    dg_worker *worker;
    dg_task *tasks;
    dg_outlet *outlets; /* [task] */
    size_t count;
    double charged; /* until when the tasks that are done took the time, seconds */
} stream;

/* An output takes the part of the time that it has of what was written in it. */
static void charge(stream *s, const dg_outlet *o, dg_task *task) {
    int64_t written = 0;
    for (size_t i = 0; i < s->count; i++)
        written += s->tasks[i].is_done ? 0 : s->outlets[i].pixels;
    const double now = dg_clock_now();
    const double seconds =
        written > 0 ? (now - s->charged) * (double)o->pixels / (double)written : 0;
    s->charged += seconds;
    task->started = now - seconds;
}

static void end(dg_outlet *outlet, demgrad_status status, const demgrad_error *error, void *user) {
    stream *s = user;
    dg_task *task = &s->tasks[outlet - s->outlets];
    charge(s, outlet, task);
    task->is_done = true;
    dg_worker_finish(s->worker, task, status ? DEMGRAD_PIECE_FAILED : DEMGRAD_PIECE_DONE, status,
                     error);
}

static int tell(int64_t done, int64_t all, void *user) {
    const stream *s = user;
    return dg_worker_progress(done, all, s->worker);
}

/* All tiles that the tasks take pixels from, each once. */
static size_t *unite_tiles(const dg_task *tasks, size_t count, size_t *tile_count,
                           demgrad_error *error) {
    size_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += tasks[i].tile_count;
    size_t *tiles = dg_alloc(all, sizeof *tiles, "the neighbours", error), n = 0;
    if (!tiles)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < tasks[i].tile_count; j++)
            tiles[n++] = tasks[i].tiles[j];
    }
    *tile_count = dg_tiles_sort(tiles, n);
    return tiles;
}

/* What is left after a failure is done singly, and fails there again with its own name. */
static void run(stream *s) {
    dg_worker *w = s->worker;
    demgrad_error error;
    size_t tile_count;
    size_t *tiles = unite_tiles(s->tasks, s->count, &tile_count, &error);
    if (!tiles)
        return;
    dg_pass pass = dg_worker_pass(w, dg_pieces_grid(w->batch->pieces, s->tasks[0].piece)->setup);
    pass.thread = w->thread;
    pass.progress = tell;
    pass.ended = end;
    pass.user = s;
    const demgrad_status opened = dg_inputs_open_source(
        &w->batch->inputs, tiles, tile_count, dg_batch_input(w->batch, s->tasks[0].piece).path,
        w->thread, &pass.source, &error);
    free(tiles);
    if (opened)
        return;
    dg_pass_run(&pass, s->outlets, s->count, &error);
    dg_inputs_close_source(pass.source);
}

void dg_stream(dg_worker *worker, dg_task *tasks, size_t count) {
    demgrad_error error;
    stream s = {.worker = worker, .tasks = tasks, .count = count, .charged = dg_clock_now()};
    if (dg_worker_start(worker, tasks[0].piece->common, &error))
        return;
    s.outlets = dg_alloc(count, sizeof *s.outlets, "the outputs", &error);
    for (size_t i = 0; i < count && s.outlets; i++)
        s.outlets[i] = dg_task_outlet(worker->batch, &tasks[i]);
    if (s.outlets)
        run(&s);
    dg_worker_forget(worker);
    free(s.outlets);
}
