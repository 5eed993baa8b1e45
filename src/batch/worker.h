/* What the threads of a batch share, and what each has; private to batch. */
#ifndef DG_WORKER_H
#define DG_WORKER_H

#include "plan_batch.h"

#include <pthread.h>
#include <stdatomic.h>

enum { DG_MAX_WORKERS = 256 };

/* What one thread has. */
typedef struct dg_worker {
    const dg_batch *batch;
    struct dg_tally *tally;
    int threads;       /* of its pipelines */
    int64_t memory;    /* of its pipelines' buffers */
    int64_t pixels;    /* done of the pieces at work; guarded by the tally's lock */
    dg_thread *thread; /* NULL until dg_worker_start */
    size_t common;     /* the grid that it is on */
    size_t alone_tile; /* the tile on no common grid that it was at last, and */
    dg_setup *alone;   /* its setup; NULL: none yet */
} dg_worker;

/* How far the batch is. All but the lock is guarded by it. */
typedef struct dg_tally {
    pthread_mutex_t lock;
    const dg_batch *batch;
    demgrad_batch_result *result;
    dg_worker workers[DG_MAX_WORKERS];
    int worker_count;
    int64_t pixels_done, pixels_all; /* of finished pieces; of all */
    bool cancelled;
    bool *was_opened;       /* [tile]: on no common grid, by any worker */
    atomic_size_t remade;   /* outputs that had been made with other options */
    demgrad_status failure; /* the first one's kind */
    /* Not guarded. */
    struct dg_places *places; /* of the outputs' temporary folders */
    struct dg_seen *seen_crs; /* what they learn of each other's CRS; or NULL */
} dg_tally;

/* A piece at work. */
typedef struct dg_task {
    const dg_piece *piece;
    size_t *tiles; /* that it takes pixels from, its own last */
    size_t tile_count;
    char fingerprint[DG_FINGERPRINT_SIZE];
    char *origin;       /* "KEY=VALUE"; or NULL */
    double started;     /* seconds */
    bool is_incomplete; /* made without a neighbour that could not be read */
    bool is_done;       /* told of and counted */
} dg_task;

/* Makes ready what pieces of a grid need. */
demgrad_status dg_worker_start(dg_worker *worker, size_t common, demgrad_error *error);
void dg_worker_end(dg_worker *worker);

/* Whether no worker has asked for this tile before: it tells what there is to tell. */
bool dg_worker_is_first(dg_worker *worker, size_t tile);

/* A pass over pieces of such a setup; the source and the thread are left to the caller. */
dg_pass dg_worker_pass(dg_worker *worker, const dg_setup *setup);

/* The output of a task's piece. */
dg_outlet dg_task_outlet(const dg_batch *batch, const dg_task *task);

/* Says how many pixels of the pieces at work are done; 0: stop. `worker` is a dg_worker. A
 * demgrad_progress. */
int dg_worker_progress(int64_t done, int64_t all, void *worker);
/* What it has done of pieces that have not ended will be done again. */
void dg_worker_forget(dg_worker *worker);
bool dg_worker_is_cancelled(dg_worker *worker);

/* Counts and tells what became of a task. `status` and `error` are those of a failure; `error` may be unset
 * where there is none. */
void dg_worker_finish(dg_worker *worker, const dg_task *task, demgrad_piece_state state,
                      demgrad_status status, const demgrad_error *error);

#endif
