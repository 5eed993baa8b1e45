/* One output raster; private to the api and to batch. */
#ifndef DG_JOB_H
#define DG_JOB_H

#include "findings.h"
#include "pipeline.h"
#include "setup.h"
#include "writer.h"

/* What the program and its libraries take of the memory that the user allows, buffers and GDAL's
 * cache aside. */
#define DG_PROCESS_MEMORY ((int64_t)96 << 20)

/* What the setup does not say. */
typedef struct dg_job {
    dg_source *source;           /* on the setup's grid */
    dg_window window;            /* of that grid: what the output covers */
    dg_grid grid;                /* of the output: the window's size and geotransform */
    dg_metric_rows *metric_rows; /* the caller's, for the calling thread; or NULL */
    const char *output;
    const dg_file_set *in_use; /* never replaced */
    const char *fingerprint;   /* kept in the output's metadata; or NULL */
    const char *origin;        /* "KEY=VALUE", likewise; or NULL */
    bool overwrite;
    bool (*is_own)(const char *path); /* what is replaced without being asked; or NULL */
    int threads;
    int64_t memory;        /* bytes of buffers */
    dg_findings *findings; /* filled in where the run succeeds; or NULL */
    demgrad_progress progress;
    void *progress_user;
    const dg_messages *messages; /* told where the memory, or what is said of the output, cannot be
                                    kept; or NULL */
} dg_job;

/* Its writer. */
demgrad_status dg_job_writer(const dg_setup *setup, const dg_job *job, dg_writer **writer,
                             demgrad_error *error);

/* Whether its format and options can hold it; tells what they do not keep. */
demgrad_status dg_job_try(const dg_setup *setup, const dg_job *job, demgrad_error *error);

/* Its pipeline; sink, block size, progress and statistics are left to the caller. */
dg_pipeline dg_job_pipeline(const dg_setup *setup, const dg_job *job);

/* Computes and writes it. `figures` has a place for each band, or is NULL. */
demgrad_status dg_job_run(const dg_setup *setup, const dg_job *job,
                          demgrad_band_statistics *figures, demgrad_error *error);

#endif
