#include "stream.h"

#include "memory.h"

#include <stdlib.h>

/* A task's output. */
typedef struct outlet {
    dg_task *task;
    dg_writer *writer;   /* NULL before its first pixels, and when it is done */
    int64_t pixels_left; /* to be written */
    bool is_left;        /* to be done singly: it could not be opened, among so many others */
} outlet;

typedef struct stream {
    dg_worker *worker;
    dg_source *source; /* of all tasks */
    outlet *outlets;
    size_t count;
    double charged; /* until when the tasks that are done took the time, seconds */
} stream;

static int64_t pixels_of(const outlet *o) {
    return (int64_t)o->task->piece->window.width * o->task->piece->window.height;
}

/* An output takes the part of the time that it has of what was written in it. */
static void charge(stream *s, outlet *o) {
    int64_t written = 0;
    for (size_t i = 0; i < s->count; i++)
        written +=
            s->outlets[i].task->is_done ? 0 : pixels_of(&s->outlets[i]) - s->outlets[i].pixels_left;
    const double now = dg_worker_now(), share = (double)(pixels_of(o) - o->pixels_left);
    const double seconds = written > 0 ? (now - s->charged) * share / (double)written : 0;
    s->charged += seconds;
    o->task->started = now - seconds;
}

static void end_outlet(stream *s, outlet *o, demgrad_status status, const demgrad_error *error) {
    charge(s, o);
    o->task->is_done = true;
    dg_worker_finish(s->worker, o->task, status ? DEMGRAD_PIECE_FAILED : DEMGRAD_PIECE_DONE, status,
                     error);
}

static int go_on(void *user) {
    dg_worker *w = user;
    return dg_worker_progress(w->pixels, 0, w);
}

static demgrad_status open_outlet(stream *s, outlet *o, demgrad_error *error) {
    if (o->writer)
        return DEMGRAD_OK;
    dg_job job = dg_worker_job(s->worker, o->task);
    job.source = s->source;
    const demgrad_status status = dg_job_writer(&s->worker->batch->setup, &job, &o->writer, error);
    o->is_left = status != DEMGRAD_OK;
    return status;
}

/* Writes the outlet's part of the window; when that was its last, the output gets its name. */
static demgrad_status fill_outlet(stream *s, outlet *o, dg_block part, demgrad_error *error) {
    demgrad_status status = open_outlet(s, o, error);
    if (status)
        return status;
    part.window.col -= o->task->piece->window.col;
    part.window.row -= o->task->piece->window.row;
    status = dg_writer_write(o->writer, &part, error);
    o->pixels_left -= (int64_t)part.window.width * part.window.height;
    if (status) {
        dg_writer_abandon(o->writer);
        o->writer = NULL;
    } else if (o->pixels_left == 0) {
        status = dg_writer_finish(o->writer, go_on, s->worker, error);
        o->writer = NULL;
        if (!status)
            end_outlet(s, o, DEMGRAD_OK, NULL);
    }
    return status;
}

/* A failure costs the one output only. */
static demgrad_status share_out(const dg_block *block, void *user, demgrad_error *error) {
    stream *s = user;
    for (size_t i = 0; i < s->count; i++) {
        outlet *o = &s->outlets[i];
        const dg_window part = dg_window_intersect(block->window, o->task->piece->window);
        if (o->task->is_done || o->is_left || part.width == 0 || part.height == 0)
            continue;
        const demgrad_status status = fill_outlet(s, o, dg_block_part(block, part), error);
        if (status == DEMGRAD_CANCELLED)
            return status;
        if (status && !o->is_left)
            end_outlet(s, o, status, error);
    }
    return DEMGRAD_OK;
}

static dg_window find_window(const dg_task *tasks, size_t count) {
    dg_window all = tasks[0].piece->window;
    int col_end = all.col + all.width, row_end = all.row + all.height;
    for (size_t i = 1; i < count; i++) {
        const dg_window w = tasks[i].piece->window;
        all.col = w.col < all.col ? w.col : all.col;
        all.row = w.row < all.row ? w.row : all.row;
        col_end = w.col + w.width > col_end ? w.col + w.width : col_end;
        row_end = w.row + w.height > row_end ? w.row + w.height : row_end;
    }
    all.width = col_end - all.col;
    all.height = row_end - all.row;
    return all;
}

static int compare_tiles(const void *a, const void *b) {
    const size_t t = *(const size_t *)a, u = *(const size_t *)b;
    return t < u ? -1 : t > u;
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
    qsort(tiles, n, sizeof *tiles, compare_tiles);
    *tile_count = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || tiles[i] != tiles[i - 1])
            tiles[(*tile_count)++] = tiles[i];
    }
    return tiles;
}

static bool tell(int64_t done, int64_t all, void *user) {
    stream *s = user;
    int64_t finished = 0;
    for (size_t i = 0; i < s->count; i++) {
        const dg_window w = s->outlets[i].task->piece->window;
        finished += s->outlets[i].task->is_done ? (int64_t)w.width * w.height : 0;
    }
    return dg_worker_progress(done > finished ? done - finished : 0, all, s->worker);
}

/* Each output has a watch of its own, so that what is found does not depend on how they are grouped. */
static void run_watched(stream *s, dg_pipeline *pipeline) {
    const dg_batch *b = s->worker->batch;
    demgrad_error error;
    dg_watch *watches = dg_alloc(s->count, sizeof *watches, "the outputs", &error);
    if (!watches)
        return;
    for (size_t i = 0; i < s->count; i++)
        watches[i].window = s->outlets[i].task->piece->window;
    pipeline->watches = watches;
    pipeline->watch_count = s->count;
    if (!dg_pipeline_run(pipeline, &error)) {
        for (size_t i = 0; i < s->count; i++)
            *dg_batch_findings(b, s->outlets[i].task->piece) =
                dg_findings_of(&b->setup, &watches[i], pipeline->type);
    }
    free(watches);
}

static void run(stream *s, const dg_task *tasks) {
    dg_worker *w = s->worker;
    demgrad_error error;
    dg_job job = dg_worker_job(w, &tasks[0]);
    size_t tile_count;
    size_t *tiles = unite_tiles(tasks, s->count, &tile_count, &error);
    if (!tiles)
        return;
    job.window = find_window(tasks, s->count);
    const demgrad_status opened = dg_catalog_open(
        w->batch->catalog, tiles, tile_count, w->batch->catalog->tiles[tasks[0].piece->tile].path,
        w->files, &job.source, &error);
    free(tiles);
    if (opened)
        return;
    s->source = job.source;
    dg_pipeline pipeline = dg_job_pipeline(&w->batch->setup, &job);
    pipeline.sink = share_out;
    pipeline.sink_user = s;
    pipeline.progress = tell;
    pipeline.progress_user = s;
    pipeline.block_width = 0;
    pipeline.block_height = 256;
    /* An output can be cut anywhere by a range of columns, and its writer takes rows or blocks: where
     * the rows of all are too wide for the memory, each is done singly. So is what is left after a
     * failure, and fails there again with its own name. */
    if (dg_pipeline_fits(&pipeline))
        run_watched(s, &pipeline);
    dg_source_close(job.source);
}

void dg_stream(dg_worker *worker, dg_task *tasks, size_t count) {
    demgrad_error error;
    stream s = {.worker = worker, .count = count, .charged = dg_worker_now()};
    if (dg_worker_start(worker, &error))
        return;
    s.outlets = dg_alloc(count, sizeof *s.outlets, "the outputs", &error);
    if (!s.outlets)
        return;
    for (size_t i = 0; i < count; i++) {
        s.outlets[i].task = &tasks[i];
        s.outlets[i].pixels_left = pixels_of(&s.outlets[i]);
    }
    run(&s, tasks);
    for (size_t i = 0; i < count; i++)
        dg_writer_abandon(s.outlets[i].writer);
    worker->pixels = 0;
    free(s.outlets);
}
