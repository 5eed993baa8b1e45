/* The rows of a panel that are in memory, and the computed groups that wait to be written. */
#ifndef DG_RING_H
#define DG_RING_H

#include "fail.h"
#include "plan.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct dg_ring {
    bool as_double;
    int rows;         /* that the ring holds */
    ptrdiff_t stride; /* elements from row to row, halo columns included */
    char *z;
    char *outside; /* one row of NaN, for rows outside the raster */
    char *slots;   /* [slot][band][row][column] */
    size_t slot_bytes, band_bytes;
} dg_ring;

demgrad_status dg_ring_create(const dg_plan *plan, bool as_double, int band_count, dg_ring *ring,
                              demgrad_error *error);
void dg_ring_destroy(dg_ring *ring);

/* Where the raster's row `row` lies; points at the first halo column. */
void *dg_ring_row(const dg_ring *ring, int row);

/* The same, and the row of NaN outside first <= row < end. */
const void *dg_ring_row_or_outside(const dg_ring *ring, int row, int first, int end);

/* The first pixel of a band in a slot. Rows are as wide as the panel that is worked on. */
void *dg_ring_slot(const dg_ring *ring, int slot, int band);

/* Elements from a band of a slot to the next. */
ptrdiff_t dg_ring_band_stride(const dg_ring *ring);

size_t dg_ring_element_size(const dg_ring *ring);

#endif
