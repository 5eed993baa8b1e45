/* The pipeline: elevations from a source, through kernel and metric, in order to a writer. The only
 * part that knows the others. */
#ifndef DG_PIPELINE_H
#define DG_PIPELINE_H

#include "kernel.h"
#include "metric.h"
#include "reader.h"
#include "writer.h"

#include <stdint.h>

/* The components in the order of the kernel's outputs. */
enum { DG_DZDX, DG_DZDY, DG_COMPONENTS };

/* Figures of one component over all its valid pixels; min > max where there are none. */
typedef struct dg_statistics {
    double min, max, sum;
    int64_t valid;
} dg_statistics;

/* Told how many pixels of all are written; returns false to cancel. Called by one thread at a time,
 * not always the same. */
typedef bool (*dg_pipeline_progress)(int64_t done, int64_t all, void *user);

typedef struct dg_pipeline {
    dg_source *source;
    const dg_metric *metric;
    dg_writer *writer;
    dg_metric_rows *metric_rows; /* the caller's, for the calling thread; NULL: made here */
    const dg_kernel *kernel;
    dg_stencil stencil;
    dg_window window; /* of the source's grid: what the writer's raster covers */
    bool as_double;   /* compute in double */
    double nodata;
    int bands[DG_COMPONENTS]; /* the component in each of the output's bands */
    int band_count;
    int wrap;                      /* columns after which the source repeats, or 0 */
    int threads;                   /* at least 1 */
    int64_t memory;                /* bytes that the pipeline's buffers may take */
    dg_pipeline_progress progress; /* or NULL */
    void *progress_user;
    dg_statistics *statistics; /* one for each band of the output, or NULL */
} dg_pipeline;

/* Runs to the last window written. The writer is left to the caller, to finish or to abandon. */
demgrad_status dg_pipeline_run(const dg_pipeline *pipeline, demgrad_error *error);

#endif
