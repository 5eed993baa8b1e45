#include "ring.h"

#include "kernel.h"

#include <math.h>
#include <stdlib.h>

size_t dg_ring_element_size(const dg_ring *ring) {
    return ring->as_double ? sizeof(double) : sizeof(float);
}

static void fill_outside(dg_ring *ring) {
    for (ptrdiff_t i = 0; i < ring->stride; i++) {
        if (ring->as_double)
            ((double *)(void *)ring->outside)[i] = (double)NAN;
        else
            ((float *)(void *)ring->outside)[i] = NAN;
    }
}

demgrad_status dg_ring_create(const dg_plan *plan, bool as_double, int band_count, dg_ring *ring,
                              demgrad_error *error) {
    *ring = (dg_ring){
        .as_double = as_double, .rows = plan->ring_rows, .stride = plan->panel_width + 2 * DG_HALO};
    const size_t element = dg_ring_element_size(ring);
    const size_t row_bytes = (size_t)ring->stride * element;
    ring->band_bytes = (size_t)plan->compute_rows * (size_t)plan->panel_width * element;
    ring->slot_bytes = ring->band_bytes * (size_t)band_count;
    ring->z = malloc((size_t)ring->rows * row_bytes);
    ring->outside = malloc(row_bytes);
    ring->slots = malloc((size_t)plan->slots * ring->slot_bytes);
    if (!ring->z || !ring->outside || !ring->slots) {
        dg_ring_destroy(ring);
        return dg_fail_memory(error, "the rows that are worked on; try a lower --memory");
    }
    fill_outside(ring);
    return DEMGRAD_OK;
}

void dg_ring_destroy(dg_ring *ring) {
    free(ring->z);
    free(ring->outside);
    free(ring->slots);
    *ring = (dg_ring){0};
}

void *dg_ring_row(const dg_ring *ring, int row) {
    const size_t index = (size_t)(row % ring->rows) * (size_t)ring->stride;
    return ring->z + index * dg_ring_element_size(ring);
}

const void *dg_ring_row_or_outside(const dg_ring *ring, int row, int first, int end) {
    return row < first || row >= end ? ring->outside : dg_ring_row(ring, row);
}

void *dg_ring_slot(const dg_ring *ring, int slot, int band) {
    return ring->slots + (size_t)slot * ring->slot_bytes + (size_t)band * ring->band_bytes;
}

ptrdiff_t dg_ring_band_stride(const dg_ring *ring) {
    return (ptrdiff_t)(ring->band_bytes / dg_ring_element_size(ring));
}
