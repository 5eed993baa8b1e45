/* How far a run is, in the form that the user asked for. */
#ifndef DG_PROGRESS_H
#define DG_PROGRESS_H

#include "arguments.h"

typedef struct dg_progress {
    dg_progress_form form;
    size_t pieces_done, pieces_all; /* of a batch; 0 otherwise */
    double started;                 /* seconds */
    double told;                    /* seconds: when something was last printed */
    double told_done;               /* what was printed then */
    size_t told_pieces;
    int ticks; /* as GDAL's tools print them; that were printed */
} dg_progress;

void dg_progress_start(dg_progress *progress, dg_progress_form form, bool quiet);

/* A demgrad_progress, which stops where the command is asked to end, and asks it to where the pipe is
 * closed; `progress` is a dg_progress. */
int dg_progress_tell(int64_t done, int64_t all, void *progress);

/* Ends the line of a bar. */
void dg_progress_end(dg_progress *progress);

/* Seconds since the start. */
double dg_progress_elapsed(const dg_progress *progress);

enum { DG_TIME_SIZE = 32 };

/* The same for people: "0.35 s", "2:05 min", "1:02:05 h". */
void dg_progress_time(const dg_progress *progress, char text[DG_TIME_SIZE]);

#endif
