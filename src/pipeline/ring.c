#include "ring.h"

#include <assert.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

/* Freed with free. Pages of 2 MB, where Linux has them to give: 256 MB in pages of 4 kB are faulted
 * in at a twentieth of the time that an uncompressed raster takes. */
static void *allocate(size_t bytes) {
#ifdef MADV_HUGEPAGE
    const size_t page = (size_t)2 << 20;
    void *memory;
    if (bytes < 4 * page)
        return malloc(bytes);
    if (posix_memalign(&memory, page, bytes) != 0)
        return NULL;
    madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
#else
    return malloc(bytes);
#endif
}

demgrad_status dg_ring_create(const dg_plan *plan, dg_type type, int band_count, dg_ring *ring,
                              demgrad_error *error) {
    *ring = (dg_ring){.type = type,
                      .rows = plan->ring_rows,
                      .halo = plan->halo,
                      .stride = plan->panel_width + 2 * plan->halo};
    const size_t element = dg_type_size(ring->type);
    const size_t row_bytes = (size_t)ring->stride * element;
    ring->slot_bytes =
        (size_t)plan->compute_rows * (size_t)plan->compute_cols * element * (size_t)band_count;
    ring->z = allocate((size_t)ring->rows * row_bytes);
    ring->outside = malloc(row_bytes);
    ring->slots = allocate((size_t)plan->slots * ring->slot_bytes);
    if (!ring->z || !ring->outside || !ring->slots) {
        dg_ring_destroy(ring);
        return dg_fail_memory(error, "the rows that are worked on; try a lower --memory");
    }
    const dg_block outside = {ring->outside, type, 0, 0, {0, 0, (int)ring->stride, 1}};
    dg_block_clear(&outside);
    return DEMGRAD_OK;
}

void dg_ring_destroy(dg_ring *ring) {
    free(ring->z);
    free(ring->outside);
    free(ring->slots);
    *ring = (dg_ring){0};
}

void *dg_ring_row(const dg_ring *ring, int row) {
    assert(row >= ring->first_row && row < ring->end_row);
    const size_t index = (size_t)(row % ring->rows) * (size_t)ring->stride;
    return ring->z + index * dg_type_size(ring->type);
}

const void *dg_ring_pixel(const dg_ring *ring, int row, int col) {
    assert(col >= ring->first_col && col < ring->first_col + ring->stride);
    const bool is_outside = row < ring->first_row || row >= ring->end_row;
    const char *first = is_outside ? ring->outside : dg_ring_row(ring, row);
    return first + (size_t)(col - ring->first_col) * dg_type_size(ring->type);
}

char *dg_ring_slot(const dg_ring *ring, size_t slot) {
    return ring->slots + slot * ring->slot_bytes;
}
