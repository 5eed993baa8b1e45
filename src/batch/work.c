/* The workers of a batch. Each has a run of neighbouring pieces, so that the blocks it has decoded
 * for one are still in GDAL's cache for the next; one that has none left takes half of another's.
 */
#include "work.h"
#include "overlap.h"
#include "plan_batch.h"

#include <cpl_conv.h>
#include <cpl_multiproc.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_WORKERS = 256 };

typedef struct worker {
    struct pool *pool;
    size_t next, end; /* of pool->todo; guarded by pool->lock */
    int64_t pixels;   /* written of the piece at work; guarded likewise */
    dg_metric_rows *metric_rows;
    dg_pool *files;
} worker;

typedef struct pool {
    const dg_batch *batch;
    const dg_piece **todo; /* the pieces of this part */
    size_t count;
    worker workers[MAX_WORKERS];
    int worker_count;
    int threads;    /* of each worker's pipeline */
    int64_t memory; /* of each worker's buffers */

    CPLMutex *lock;
    demgrad_batch_result *result;
    int64_t pixels_done, pixels_all;
    size_t pieces_done;
    bool cancelled;
    demgrad_status failure; /* the first one's kind */
} pool;

static void lock(pool *p) {
    CPLAcquireMutex(p->lock, 1e9);
}

static void unlock(pool *p) {
    CPLReleaseMutex(p->lock);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int64_t pixels_of(const dg_piece *piece) {
    return (int64_t)piece->window.width * piece->window.height;
}

/* Under the lock. */
static bool tell_progress(pool *p) {
    const demgrad_batch_options *o = p->batch->options;
    int64_t pixels = p->pixels_done;
    for (int i = 0; i < p->worker_count; i++)
        pixels += p->workers[i].pixels;
    if (!p->cancelled && o->progress &&
        !o->progress(pixels, p->pixels_all, p->pieces_done, p->count, o->user))
        p->cancelled = true;
    return !p->cancelled;
}

static int tell_piece_progress(int64_t done, int64_t all, void *user) {
    worker *w = user;
    (void)all;
    lock(w->pool);
    w->pixels = done;
    const bool go_on = tell_progress(w->pool);
    unlock(w->pool);
    return go_on;
}

/* Under the lock: the next piece of the worker's own, or of half of what the busiest has left. */
static const dg_piece *take_piece(worker *w) {
    pool *p = w->pool;
    if (p->cancelled)
        return NULL;
    if (w->next == w->end) {
        worker *busiest = w;
        for (int i = 0; i < p->worker_count; i++) {
            worker *other = &p->workers[i];
            if (other->end - other->next > busiest->end - busiest->next)
                busiest = other;
        }
        w->end = busiest->end;
        busiest->end -= (busiest->end - busiest->next) / 2;
        w->next = busiest->end;
        /* A single piece that is left is for whoever asks first. */
        if (w->next == w->end && busiest->next < busiest->end)
            return p->todo[busiest->next++];
    }
    return w->next < w->end ? p->todo[w->next++] : NULL;
}

static dg_job make_job(worker *w, const dg_piece *piece, const char *fingerprint, bool overwrite) {
    return (dg_job){.window = piece->window,
                    .grid = piece->grid,
                    .output = piece->output,
                    .fingerprint = fingerprint,
                    .overwrite = overwrite,
                    .threads = w->pool->threads,
                    .memory = w->pool->memory,
                    .progress = tell_piece_progress,
                    .progress_user = w};
}

/* A tile off the common grid has a CRS, metric and frame of its own. */
static demgrad_status compute_alone(worker *w, const dg_piece *piece, dg_job job,
                                    demgrad_error *error) {
    const dg_batch *b = w->pool->batch;
    const char *path = b->catalog->tiles[piece->tile].path;
    dg_setup setup;
    demgrad_status status = dg_setup_open(&path, 1, &b->options->raster, &setup, error);
    if (status)
        return status;
    job.source = setup.source;
    status = dg_job_run(&setup, &job, NULL, error);
    dg_setup_close(&setup);
    return status;
}

static demgrad_status compute_with(worker *w, const dg_piece *piece, const size_t *tiles,
                                   size_t count, dg_job job, demgrad_error *error) {
    const dg_batch *b = w->pool->batch;
    demgrad_status status = DEMGRAD_OK;
    if (!w->metric_rows)
        status = dg_metric_rows_create(b->setup.metric, &w->metric_rows, error);
    if (status)
        return status;
    if (!w->files)
        w->files = dg_pool_new(b->catalog);
    job.source =
        dg_catalog_open(b->catalog, tiles, count, b->catalog->tiles[piece->tile].path, w->files);
    job.metric_rows = w->metric_rows;
    status = dg_job_run(&b->setup, &job, NULL, error);
    dg_source_close(job.source);
    return status;
}

/* Whether the pixels that the piece takes from `tile` can be read. */
static bool is_readable(const dg_batch *b, const dg_piece *piece, size_t tile) {
    dg_window reach = piece->window;
    reach.col -= DG_HALO;
    reach.row -= DG_HALO;
    reach.width += 2 * DG_HALO;
    reach.height += 2 * DG_HALO;
    return dg_overlap_is_readable(b->catalog, tile, reach);
}

/* A neighbour that cannot be read must not cost this piece: without it the piece ends there. */
static size_t drop_unreadable(const dg_batch *b, const dg_piece *piece, size_t *tiles,
                              size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 == count || is_readable(b, piece, tiles[i]))
            tiles[kept++] = tiles[i];
        else
            dg_warn(&b->messages, "%s: its neighbour %s cannot be read, and is left out",
                    b->catalog->tiles[piece->tile].path, b->catalog->tiles[tiles[i]].path);
    }
    return kept;
}

static demgrad_status compute(worker *w, const dg_piece *piece, size_t *tiles, size_t count,
                              char *fingerprint, bool overwrite, demgrad_error *error) {
    const dg_batch *b = w->pool->batch;
    const dg_job job = make_job(w, piece, fingerprint, overwrite);
    if (!b->catalog->tiles[piece->tile].on_grid)
        return compute_alone(w, piece, job, error);
    demgrad_status status = compute_with(w, piece, tiles, count, job, error);
    const size_t kept =
        status == DEMGRAD_READ_FAILED ? drop_unreadable(b, piece, tiles, count) : count;
    if (kept < count) {
        dg_fingerprint(b->pieces, piece, tiles, kept, &b->options->raster, fingerprint);
        status = compute_with(w, piece, tiles, kept, job, error);
    }
    return status;
}

/* Makes the piece, unless it is there already. */
static demgrad_piece_state do_piece(worker *w, const dg_piece *piece, size_t *neighbours,
                                    demgrad_status *status, demgrad_error *error) {
    const dg_batch *b = w->pool->batch;
    const dg_tile *tile = &b->catalog->tiles[piece->tile];
    *neighbours = 0;
    if (tile->info.grid.width == 0) {
        *status = dg_fail(error, DEMGRAD_READ_FAILED, "%s", tile->problem);
        return DEMGRAD_PIECE_FAILED;
    }
    size_t *tiles, count;
    char fingerprint[DG_FINGERPRINT_SIZE];
    dg_batch_fingerprint(b, piece, &tiles, &count, fingerprint);
    *neighbours = count - 1;
    bool is_ours;
    const bool overwrite = b->options->raster.overwrite;
    demgrad_piece_state state = DEMGRAD_PIECE_KEPT;
    if (overwrite || !dg_batch_is_finished(piece, fingerprint, &is_ours)) {
        *status = compute(w, piece, tiles, count, fingerprint, overwrite || is_ours, error);
        state = *status ? DEMGRAD_PIECE_FAILED : DEMGRAD_PIECE_DONE;
    }
    CPLFree(tiles);
    return state;
}

/* Under the lock. */
static void count_state(pool *p, demgrad_piece_state state, demgrad_status status) {
    if (state == DEMGRAD_PIECE_DONE)
        p->result->done++;
    else if (state == DEMGRAD_PIECE_KEPT)
        p->result->kept++;
    else
        p->result->failed++;
    if (state == DEMGRAD_PIECE_FAILED && !p->failure)
        p->failure = status;
}

static void work(void *user) {
    worker *w = user;
    pool *p = w->pool;
    lock(p);
    for (const dg_piece *piece; (piece = take_piece(w));) {
        unlock(p);
        demgrad_error error;
        demgrad_status status = DEMGRAD_OK;
        size_t neighbours;
        const double started = now();
        const demgrad_piece_state state = do_piece(w, piece, &neighbours, &status, &error);
        lock(p);
        w->pixels = 0;
        if (status == DEMGRAD_CANCELLED)
            break;
        p->pixels_done += pixels_of(piece);
        p->pieces_done++;
        count_state(p, state, status);
        dg_batch_tell(p->batch, piece, state, status ? error.message : NULL, neighbours,
                      now() - started);
        tell_progress(p);
    }
    unlock(p);
    dg_metric_rows_destroy(w->metric_rows);
    dg_pool_free(w->files);
}

static void share_out(pool *p) {
    for (int i = 0; i < p->worker_count; i++) {
        const size_t n = (size_t)p->worker_count, k = (size_t)i;
        p->workers[i] =
            (worker){.pool = p, .next = p->count * k / n, .end = p->count * (k + 1) / n};
    }
}

static void run_workers(pool *p) {
    CPLJoinableThread *threads[MAX_WORKERS];
    for (int i = 1; i < p->worker_count; i++)
        threads[i] = CPLCreateJoinableThread(work, &p->workers[i]);
    work(&p->workers[0]);
    for (int i = 1; i < p->worker_count; i++) {
        if (threads[i])
            CPLJoinThread(threads[i]);
    }
}

/* Threads go across the pieces first, and within them when there are more. */
static void set_threads(pool *p) {
    const demgrad_raster_options *o = &p->batch->options->raster;
    const int threads = o->threads > 0 ? o->threads : CPLGetNumCPUs();
    p->worker_count = threads < MAX_WORKERS ? threads : MAX_WORKERS;
    if ((size_t)p->worker_count > p->count)
        p->worker_count = p->count > 0 ? (int)p->count : 1;
    p->threads = threads / p->worker_count;
    p->memory = (o->memory - DEMGRAD_BATCH_CACHE(o->memory) - DG_PROCESS_MEMORY) / p->worker_count;
}

demgrad_status dg_work(const dg_batch *batch, const dg_piece **todo, size_t count,
                       demgrad_batch_result *result, demgrad_error *error) {
    pool *p = CPLCalloc(1, sizeof *p);
    *p = (pool){.batch = batch, .todo = todo, .count = count, .result = result};
    p->lock = CPLCreateMutex();
    CPLReleaseMutex(p->lock);
    for (size_t i = 0; i < count; i++)
        p->pixels_all += pixels_of(todo[i]);
    set_threads(p);
    share_out(p);
    run_workers(p);
    CPLDestroyMutex(p->lock);
    const bool cancelled = p->cancelled;
    const demgrad_status failure = p->failure;
    CPLFree(p);
    if (cancelled)
        return dg_fail(error, DEMGRAD_CANCELLED, "cancelled; finished outputs are kept");
    if (failure)
        return dg_fail(error, failure, "%zu of %zu outputs could not be made", result->failed,
                       result->pieces);
    return DEMGRAD_OK;
}
