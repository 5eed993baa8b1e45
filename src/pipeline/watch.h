/* What a run sees beside its output: how the elevations of a window end, and values that are the
 * output's nodata value by chance. */
#ifndef DG_WATCH_H
#define DG_WATCH_H

#include "extremes.h"
#include "grid.h"

#include <stddef.h>

typedef struct dg_watch {
    dg_window window;       /* of the source's grid */
    dg_extremes elevations; /* as they are stored */
    int64_t moved;          /* values that were moved off the nodata value */
} dg_watch;

/* What is done where the output's nodata value is by chance that of data: it is moved by a millionth, or
 * from 0 to the least normal number. */
typedef struct dg_settling {
    double nodata;
    double near;  /* values so near are nodata, as GDAL compares; below 0: none is */
    double moved; /* what they become */
} dg_settling;

/* For an output of doubles or floats. */
dg_settling dg_settling_for(double nodata, dg_type type);

/* A row that was computed: `width` columns from `col` on. */
typedef struct dg_watched_row {
    int row, col, width;
    dg_type type;
    const void *z;         /* elevations */
    void *out;             /* the first band */
    ptrdiff_t band_stride; /* elements */
    int band_count;
} dg_watched_row;

/* Takes the row into the watches that its columns are in; `gap` is dg_extremes_take's. Then moves what is
 * to be moved, and puts the nodata value where an output is NaN. */
void dg_watch_row(dg_watch *watches, size_t count, const dg_watched_row *row,
                  const dg_settling *settling, double gap);

#endif
