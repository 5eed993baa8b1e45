/* What a format can do, found by writing a small raster in it. Private to the writer. */
#ifndef DG_TRIAL_H
#define DG_TRIAL_H

#include "describe_output.h"
#include "draft.h"
#include "memory.h"

typedef struct dg_trial {
    bool keeps_values;  /* every bit of them */
    double loss;        /* the largest error of values from -1 to 1 */
    bool is_read_clean; /* without an error of GDAL's */
    bool keeps_crs;     /* as it is, or has none to keep */
    dg_kept kept;
    dg_list files; /* names of what it made; empty: not known */
} dg_trial;

/* Finds the way in which the draft can be made, and sets it. Fails where there is none that keeps the
 * raster in its place. */
demgrad_status dg_trial_run(dg_draft *draft, dg_trial *trial, demgrad_error *error);

/* Refuses an output beside which files lie with which GDAL would read something else. Adds the names of those
 * that it would take for parts of it to *taken. */
demgrad_status dg_trial_beside(const dg_draft *draft, const dg_trial *trial, dg_list *taken,
                               demgrad_error *error);

#endif
