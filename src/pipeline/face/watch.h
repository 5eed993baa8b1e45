/* What a run sees beside its output: how the elevations of a window end, values that are the output's
 * nodata value by chance, and the figures of its bands. */
#ifndef DG_WATCH_H
#define DG_WATCH_H

#include "block.h"
#include "extremes.h"
#include "grid.h"
#include "statistics.h"

#include <stddef.h>

typedef struct dg_watch {
    dg_window window;       /* of the source's grid */
    dg_extremes elevations; /* as they are stored */
    int64_t moved;          /* values that were moved off the nodata value */
    int64_t beyond;         /* values that the output's type cannot hold */
    int64_t outside;        /* elevations where the CRS has no ground */
    /* Of the values as they are written, one for each band; NULL: not wanted. */
    dg_statistics *bands;
} dg_watch;

/* What is done where the output's nodata value is by chance that of data: it is moved by two millionths, or
 * from 0 to the least normal number. */
typedef struct dg_settling {
    dg_stored stored;
    double near;  /* values so near are nodata, as GDAL compares; below 0: none is */
    double moved; /* what they become */
} dg_settling;

dg_settling dg_settling_for(const dg_stored *stored);

/* A row of elevations. */
typedef struct dg_watched_row {
    int row, col, width;
    dg_type type;
    const void *z;        /* from `col` on */
    const dg_span *spans; /* that it was computed with; may reach beyond it */
    size_t span_count;
} dg_watched_row;

/* Takes the row into the watches that its columns are in; `gap` is dg_extremes_take's. */
void dg_watch_elevations(dg_watch *watches, size_t count, const dg_watched_row *row,
                         dg_extremes_taker take, double gap);

/* A block of bands that was computed. */
typedef struct dg_watched_bands {
    dg_block block;
    int band_count;
    bool may_be_infinite; /* false: no value is */
    dg_statistics_adder add;
    dg_beyond_counter beyond;
} dg_watched_bands;

/* Takes the block into the watches that its pixels are in; goes through it several times. Moves what is to be
 * moved, and puts the nodata value where a value is NaN, or beyond the output's type. */
void dg_watch_bands(dg_watch *watches, size_t count, const dg_watched_bands *bands,
                    const dg_settling *settling);

/* Starts a watch of so many bands. */
void dg_watch_clear(dg_watch *watch, int band_count);

/* Adds what `more` saw, of the same bands: in whatever order, that gives the same. */
void dg_watch_merge(dg_watch *watch, const dg_watch *more, int band_count);

#endif
