/* Writes whole blocks, in the order row of blocks, block, band, and collects rows of pixels until
 * their blocks are whole. So the file comes out the same, to the byte, whether its pixels came in
 * blocks or in rows, and nothing of it waits in GDAL's block cache: another thread that reads would
 * write it from there, and pixels were lost that way. Private to the writer. */
#ifndef DG_BLOCK_ROWS_H
#define DG_BLOCK_ROWS_H

#include "block.h"
#include "samples.h"

#include <stdbool.h>

#include <gdal.h>
#include <stddef.h>

typedef struct dg_block_rows {
    GDALDatasetH dataset;
    dg_samples *samples; /* told of every block of the file */
    GDALDataType type;
    int width, height; /* of the raster */
    int band_count;
    int file_block_height;
    int block_width, block_height; /* of what is written at a time: one or more of the file's */
    int blocks_across;
    int next_row; /* of the raster, where rows come */
    size_t block_bytes;
    char *blocks; /* [band][block][row][column] of kept rows, or just one block; `bytes` in all */
    size_t bytes;
} dg_block_rows;

/* Describes the dataset, of which the first `band_count` bands are to be written; allocates nothing
 * yet. */
void dg_block_rows_init(dg_block_rows *rows, GDALDatasetH dataset, int band_count,
                        dg_samples *samples);

/* Its part that needs no dataset: type, width, height, band_count, block_width and file_block_height are
 * filled in. */
void dg_block_rows_shape(dg_block_rows *rows, bool keeps_bands_apart);

/* Bytes of a row of blocks. */
size_t dg_block_rows_bytes(const dg_block_rows *rows);
void dg_block_rows_free(dg_block_rows *rows);

/* Takes the next rows, over the whole width, or any whole blocks; not both for one raster. CE_Failure,
 * with GDAL's error, where memory is short or the format cannot write. */
CPLErr dg_block_rows_add(dg_block_rows *rows, const dg_block *block);

#endif
