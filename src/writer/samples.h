/* Fingerprints of some of the blocks that are written: what was read from the disk must have the same.
 * Of a small raster they are all its blocks, of a large one the first, the last and some between, so
 * that reading them again costs little. Private to the writer. */
#ifndef DG_SAMPLES_H
#define DG_SAMPLES_H

#include "writer.h"

#include <gdal.h>
#include <stdint.h>

typedef struct dg_samples {
    int width, height; /* of the raster */
    int band_count;
    int block_width, block_height; /* of the file's blocks */
    int blocks_across;
    GDALDataType type;
    int64_t blocks;   /* of a band */
    int64_t step;     /* from one that is taken to the next */
    int64_t slots;    /* of a band; its last one is the last block's */
    uint64_t *hashes; /* [band][slot] */
} dg_samples;

/* Of the dataset's first `band_count` bands; all their blocks where `take_all`. False: no memory. */
bool dg_samples_init(dg_samples *samples, GDALDatasetH dataset, int band_count, bool take_all);
void dg_samples_free(dg_samples *samples);

/* Told of every block that is written, as it is in the file's own type and order. */
void dg_samples_take(dg_samples *samples, int band, int col, int row, const char *pixels);

/* Reads band number `band` (0: first) again: NULL where the blocks taken are the same, or where go_on
 * said no; else what is wrong, to be freed with dg_fault_free. */
char *dg_samples_fault(const dg_samples *samples, int band, GDALRasterBandH from,
                       dg_writer_continue go_on, void *user);

#endif
