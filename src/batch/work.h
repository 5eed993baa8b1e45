/* The workers of a batch; private to it. */
#ifndef DG_WORK_H
#define DG_WORK_H

#include "fingerprint.h"
#include "plan_batch.h"

typedef struct dg_crew dg_crew;

/* What one thread has. */
typedef struct dg_worker {
    const dg_batch *batch;
    dg_crew *crew;
    int threads;                 /* of its pipelines */
    int64_t memory;              /* of its pipelines' buffers */
    int64_t pixels;              /* done of the pieces at work; the crew's to read */
    dg_metric_rows *metric_rows; /* of the grid; NULL until dg_worker_start */
    dg_pool *files;
} dg_worker;

/* A piece at work. */
typedef struct dg_task {
    const dg_piece *piece;
    size_t *tiles; /* that it takes pixels from, its own last */
    size_t tile_count;
    char fingerprint[DG_FINGERPRINT_SIZE];
    bool overwrite; /* what is there may be replaced */
    double started; /* seconds */
} dg_task;

/* Makes the pieces of this part, tells of each and counts them in *result. Fails when one failed,
 * after all were tried. */
demgrad_status dg_work(const dg_batch *batch, demgrad_batch_result *result, demgrad_error *error);

/* The job of a task's piece; its source is left to the caller. */
dg_job dg_worker_job(dg_worker *worker, const dg_task *task);

/* Makes ready what pieces of the common grid need. */
demgrad_status dg_worker_start(dg_worker *worker, demgrad_error *error);

/* Says how many pixels of the pieces at work are done; 0: stop. `worker` is a dg_worker. A
 * demgrad_progress. */
int dg_worker_progress(int64_t done, int64_t all, void *worker);

/* Counts and tells what became of a task. `status` and `error` are those of a failure. */
void dg_worker_finish(dg_worker *worker, const dg_task *task, demgrad_piece_state state,
                      demgrad_status status, const demgrad_error *error);

double dg_worker_now(void);

#endif
