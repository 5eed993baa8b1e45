/* What flows from the reader to the writer: the pixels of a window, and where they lie in memory. */
#ifndef DG_BLOCK_H
#define DG_BLOCK_H

#include "grid.h"

#include <float.h>
#include <stddef.h>

/* Elevations and bands are floats or doubles; masks are bytes. */
typedef enum dg_type { DG_FLOAT, DG_DOUBLE, DG_BYTE } dg_type;

static inline size_t dg_type_size(dg_type type) {
    static const size_t sizes[] = {
        [DG_FLOAT] = sizeof(float), [DG_DOUBLE] = sizeof(double), [DG_BYTE] = 1};
    return sizes[type];
}

/* The largest number of a type of numbers, beyond which infinity begins. */
static inline double dg_type_largest(dg_type type) {
    return type == DG_DOUBLE ? DBL_MAX : (double)FLT_MAX;
}

/* An array [band][row][column]. It does not own its pixels. */
typedef struct dg_block {
    void *first; /* the window's first pixel, of the first band */
    dg_type type;
    ptrdiff_t row_stride, band_stride; /* elements from row to row, from band to band */
    dg_window window;                  /* of a raster's grid */
} dg_block;

/* The first pixel of the window's row `row` (0: its first) in band `band` (0: the first). */
void *dg_block_row(const dg_block *block, int band, int row);

/* The same pixels, of a window that is inside the block's. */
dg_block dg_block_part(const dg_block *block, dg_window part);

/* Makes all pixels of the first band NaN; not for bytes. */
void dg_block_clear(const dg_block *block);

/* A value of an array of floats or doubles. */
static inline double dg_value(const void *values, dg_type type, ptrdiff_t i) {
    return type == DG_DOUBLE ? ((const double *)values)[i] : (double)((const float *)values)[i];
}

#endif
