/* Writes whole blocks, in the order row of blocks, block, band, and collects rows of pixels until
 * their blocks are whole. So the file comes out the same, to the byte, whether its pixels came in
 * blocks or in rows. Private to the writer. */
#ifndef DG_BLOCK_ROWS_H
#define DG_BLOCK_ROWS_H

#include "grid.h"

#include <stdbool.h>

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
    int next_row; /* of the raster: those above it have come whole */
    char *blocks; /* [band][block][row][column]; NULL until the first row comes */
    size_t block_bytes;
} dg_block_rows;

/* Describes the dataset; allocates nothing yet. */
void dg_block_rows_init(dg_block_rows *rows, GDALDatasetH dataset);
void dg_block_rows_free(dg_block_rows *rows);

/* Whether the window can be added: the next rows over the whole width, or the next blocks of a row
 * of blocks. */
bool dg_block_rows_take(const dg_block_rows *rows, dg_window window);

/* Adds them. CE_Failure, with GDAL's error, where memory is short or the format cannot write. */
CPLErr dg_block_rows_add(dg_block_rows *rows, dg_window window, const dg_pixels *pixels);

#endif
