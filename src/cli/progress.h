/* How far a run is, in the form that the user asked for; and why it must stop. */
#ifndef DG_PROGRESS_H
#define DG_PROGRESS_H

#include "arguments.h"

typedef struct dg_progress {
    dg_progress_form form;
    size_t pieces_done, pieces_all; /* of a batch; 0 otherwise */
    double started;                 /* seconds */
    double told;                    /* seconds: when something was last printed */
    int ticks;                      /* as GDAL's tools print them; that were printed */
    int signal;                     /* that ended the run, or 0 */
} dg_progress;

/* From now on SIGINT, SIGTERM and SIGHUP ask the run to stop, and so does a closed pipe. */
void dg_progress_start(dg_progress *progress, dg_progress_form form, bool quiet);

/* A demgrad_progress; `progress` is a dg_progress. */
int dg_progress_tell(int64_t done, int64_t all, void *progress);

/* Ends the line of a bar. */
void dg_progress_end(dg_progress *progress);

/* The signal that asked the run to stop, or 0. */
int dg_progress_signal(const dg_progress *progress);

/* Seconds since the start. */
double dg_progress_elapsed(const dg_progress *progress);

#endif
