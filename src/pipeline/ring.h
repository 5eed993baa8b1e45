/* The rows of a panel that are in memory, and room for the computed groups that wait to be written. */
#ifndef DG_RING_H
#define DG_RING_H

#include "block.h"
#include "fail.h"
#include "plan.h"

#include <stddef.h>

typedef struct dg_ring {
    dg_type type;
    int rows; /* that the ring holds */
    int halo; /* pixels around those that are computed */
    /* What is worked on: rows of the source outside first_row <= row < end_row are no data. */
    int first_row, end_row;
    int first_col;    /* of the source, the first halo column; can be below 0 */
    ptrdiff_t stride; /* elements from row to row, halo columns included */
    char *z;
    char *outside; /* one row of NaN, for rows outside the raster */
    char *slots;   /* one after the other, each a group */
    size_t slot_bytes;
} dg_ring;

demgrad_status dg_ring_create(const dg_plan *plan, dg_type type, int band_count, dg_ring *ring,
                              demgrad_error *error);
void dg_ring_destroy(dg_ring *ring);

/* Where the source's row `row` lies; points at the first halo column. */
void *dg_ring_row(const dg_ring *ring, int row);

/* A pixel of a row that is there, or of the row of NaN. */
const void *dg_ring_pixel(const dg_ring *ring, int row, int col);

/* The room for a group's pixels. */
char *dg_ring_slot(const dg_ring *ring, size_t slot);

#endif
