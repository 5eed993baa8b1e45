/* The ways in which the values of a band come out of its file; private to the reader. All give the same
 * values. */
#ifndef DG_FEED_H
#define DG_FEED_H

#include "scratch.h"
#include "stored_band.h"

typedef struct dg_feed {
    /* What it keeps of the band, which outlives it; NULL where the way does not suit. */
    void *(*open)(const dg_stored_band *band, const dg_source_info *info);
    /* As dg_handle_read. */
    demgrad_status (*read)(void *feed, const dg_block *out, dg_scratch *scratch,
                           demgrad_error *error);
    void (*close)(void *feed);
} dg_feed;

/* Rows of huge strips one after the other, by libtiff. */
extern const dg_feed dg_feed_strips;

/* Whole blocks past GDAL's cache, into memory that stays in the processor's, where they are tiles of a
 * local GTiff of one band. Whole strips would be decoded once more for the columns that a turn round the
 * globe needs of them, and a server is asked for many blocks at a time. */
extern const dg_feed dg_feed_blocks;

/* The same windows whatever is asked for, where the values depend on them: GDAL's resampling in a VRT. */
extern const dg_feed dg_feed_cells;

/* Any window of anything, by GDAL. Suits always. */
extern const dg_feed dg_feed_gdal;

#endif
