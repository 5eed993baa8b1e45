/* Collects rows of pixels until a row of blocks is whole, and writes it then: band by band, block by
 * block. So the file comes out the same, to the byte, whatever windows its pixels came in. Private to
 * the writer. */
#ifndef DG_BLOCK_ROWS_H
#define DG_BLOCK_ROWS_H

#include "grid.h"

#include <gdal.h>
#include <stddef.h>

/* An array [band][row][column] of pixels. */
typedef struct dg_pixels {
    const char *first;
    GDALDataType type;
    ptrdiff_t row_bytes, band_bytes;
} dg_pixels;

typedef struct dg_block_rows {
    GDALDatasetH dataset; /* whose bands do not share blocks */
    GDALDataType type;
    int width, height; /* of the raster */
    int band_count;
    int block_width, block_height, blocks_across;
    int next_row; /* of the raster; rows come in order */
    char *blocks; /* [band][block][row][column]; NULL until the first row comes */
    size_t block_bytes;
} dg_block_rows;

/* Describes the dataset; allocates nothing yet. */
void dg_block_rows_init(dg_block_rows *rows, GDALDatasetH dataset);
void dg_block_rows_free(dg_block_rows *rows);

/* Takes the next rows, over the whole width. CE_Failure, with GDAL's error, where memory is short or
 * the format cannot write. */
CPLErr dg_block_rows_add(dg_block_rows *rows, dg_window window, const dg_pixels *pixels);

#endif
