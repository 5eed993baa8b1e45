/* What a run finds that the user should know of; private to the api and to batch. */
#ifndef DG_FINDINGS_H
#define DG_FINDINGS_H

#include "block.h"
#include "notes.h"

#include <demgrad/raster.h>

/* Zeros where there is nothing. */
typedef struct dg_findings {
    int doubtful_count;
    double doubtful[2]; /* stored values that may be nodata which nobody declared */
    bool is_no_ground;  /* elevations are such as no ground has, the doubtful ones apart */
    bool has_moved;     /* some values were next to the output's nodata value */
    bool has_beyond;    /* some were beyond the output's type */
    bool has_infinite;  /* elevations are infinite, and nobody said that these are nodata */
    /* Elevations where the CRS has no ground, of a raster that lies there in part. */
    int64_t outside;
    dg_type type; /* it was computed in */
} dg_findings;

/* Notes them of the input `name`. */
void dg_findings_note(const dg_findings *findings, const demgrad_raster_options *options,
                      const char *name, dg_notes *notes);

#endif
