/* The pipeline: elevations from a source, through kernel and metric, in order to a sink. */
#ifndef DG_PIPELINE_H
#define DG_PIPELINE_H

#include "fit.h"
#include "kernel.h"
#include "metric.h"
#include "reader.h"
#include "watch.h"

#include <stdint.h>

/* Told how many pixels of all are written; returns false to cancel. Called by one thread at a time,
 * not always the same. */
typedef bool (*dg_pipeline_progress)(int64_t done, int64_t all, void *user);

/* Takes a computed block of the source's grid. Called for one block at a time, row by row of blocks, not
 * always by the same thread. Where memory is too short for whole rows of blocks, ranges of columns come
 * one after the other, each from the top. */
typedef demgrad_status (*dg_pipeline_sink)(const dg_block *block, void *user, demgrad_error *error);

typedef struct dg_pipeline {
    dg_source *source;
    const dg_metric *metric;
    dg_pipeline_sink sink;
    void *sink_user;
    int block_width, block_height; /* from the window's corner on; width 0: all columns */
    dg_metric_rows *metric_rows;   /* the caller's, for the calling thread; NULL: made here */
    const dg_kernel *kernel;
    dg_recipe recipe;              /* its bands are those of the output, in their order; its nodata
                                      value is NaN */
    dg_settling settling;          /* of the output's nodata value */
    dg_window window;              /* of the source's grid: what is computed */
    dg_type type;                  /* to compute in */
    int wrap;                      /* columns after which the source repeats, or 0 */
    int threads;                   /* at least 1 */
    int64_t memory;                /* bytes that the pipeline's buffers may take */
    dg_pipeline_progress progress; /* or NULL */
    void *progress_user;
    /* What of each window has been seen so far, when the sink is given its last pixels all of it; or NULL.
     * Filled in but for their windows, and the room for their bands. */
    dg_watch *watches;
    size_t watch_count;
    bool ends_only; /* of the watches' bands: no mean, and no deviation */
    double gap;     /* between stored elevations: how far apart ends are of interest */
} dg_pipeline;

dg_fit dg_pipeline_fit(const dg_pipeline *pipeline);

/* Runs until the sink has taken the last window, or anything fails. */
demgrad_status dg_pipeline_run(const dg_pipeline *pipeline, demgrad_error *error);

#endif
