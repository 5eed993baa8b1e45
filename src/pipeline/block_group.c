#include "block_group.h"

#include "integers.h"

size_t dg_block_group_most_blocks(const dg_plan *plan) {
    return (size_t)dg_ceil_divide(plan->compute_cols, plan->block_width) *
           (size_t)dg_ceil_divide(plan->compute_rows, plan->block_height);
}

static int blocks_across(const dg_block_group *g) {
    return dg_ceil_divide(g->window.width, g->block_width);
}

static int blocks_down(const dg_block_group *g) {
    return dg_ceil_divide(g->window.height, g->block_height);
}

static dg_window block_window(const dg_block_group *g, int across, int down) {
    const int col = across * g->block_width, row = down * g->block_height;
    return (dg_window){g->window.col + col, g->window.row + row,
                       dg_min(g->block_width, g->window.width - col),
                       dg_min(g->block_height, g->window.height - row)};
}

/* The first pixel of a block in the slot: all blocks above it are as wide as the window, and those
 * before it as high as itself. */
static char *block_pixels(const dg_block_group *g, const dg_pipeline *job, dg_window block) {
    const size_t above = (size_t)(block.row - g->window.row) * (size_t)g->window.width;
    const size_t before = (size_t)(block.col - g->window.col) * (size_t)block.height;
    return g->slot + (above + before) * (size_t)job->band_count * g->element_size;
}

static ptrdiff_t band_stride(dg_window block) {
    return (ptrdiff_t)block.width * block.height;
}

/* Points the kernel's row at the part of it that belongs to a block. */
static void place(dg_row *k, const dg_block_group *g, const dg_pipeline *job, const dg_ring *ring,
                  dg_window block) {
    const ptrdiff_t element = (ptrdiff_t)g->element_size;
    k->first_col = block.col;
    k->width = block.width;
    for (int i = -DG_HALO; i <= DG_HALO; i++)
        k->z[i + DG_HALO] = dg_ring_pixel(ring, k->row + i, block.col);
    char *out =
        block_pixels(g, job, block) + (ptrdiff_t)(k->row - block.row) * block.width * element;
    for (int i = 0; i < job->band_count; i++)
        *(job->bands[i] == DG_DZDX ? &k->dzdx : &k->dzdy) = out + i * band_stride(block) * element;
}

/* Leaves out the spans that end before the row's part. */
static void skip_spans(dg_row *k) {
    while (k->span_count > 0 && k->spans->col + k->spans->width <= k->first_col) {
        k->spans++;
        k->span_count--;
    }
}

static demgrad_status compute_row(const dg_block_group *g, const dg_pipeline *job,
                                  const dg_ring *ring, int row, dg_metric_rows *metric,
                                  demgrad_error *error) {
    const dg_kernel_row compute = job->as_double ? job->kernel->row_double : job->kernel->row_float;
    dg_row k = {.row = row, .nodata = job->nodata};
    const demgrad_status status = dg_metric_rows_get(metric, row, g->window.col, g->window.width,
                                                     &k.spans, &k.span_count, error);
    for (int i = 0; i < blocks_across(g) && !status; i++) {
        place(&k, g, job, ring, block_window(g, i, (row - g->window.row) / g->block_height));
        skip_spans(&k);
        compute(&job->stencil, &k);
    }
    return status;
}

static void take_statistics(const dg_block_group *g, const dg_pipeline *job, int across, int down) {
    const dg_window block = block_window(g, across, down);
    for (int i = 0; i < job->band_count; i++)
        dg_statistics_take(&g->statistics[down * blocks_across(g) + across][i],
                           block_pixels(g, job, block) +
                               (size_t)(i * band_stride(block)) * g->element_size,
                           band_stride(block), job->as_double, job->nodata);
}

demgrad_status dg_block_group_compute(const dg_block_group *group, const dg_pipeline *job,
                                      const dg_ring *ring, dg_metric_rows *metric,
                                      demgrad_error *error) {
    const dg_window all = group->window;
    const int blocks = blocks_across(group) * blocks_down(group);
    demgrad_status status = dg_metric_rows_prepare(metric, all, error);
    for (int row = all.row; row < all.row + all.height && !status; row++)
        status = compute_row(group, job, ring, row, metric, error);
    for (int i = 0; i < blocks && !status && group->statistics; i++)
        take_statistics(group, job, i % blocks_across(group), i / blocks_across(group));
    return status;
}

demgrad_status dg_block_group_write(const dg_block_group *group, const dg_pipeline *job,
                                    demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; i < blocks_across(group) * blocks_down(group) && !status; i++) {
        const dg_window block =
            block_window(group, i % blocks_across(group), i / blocks_across(group));
        status = job->sink(block, block_pixels(group, job, block), job->as_double, block.width,
                           band_stride(block), job->sink_user, error);
        for (int j = 0; j < job->band_count && !status && group->statistics; j++)
            dg_statistics_merge(&job->statistics[j], &group->statistics[i][j]);
    }
    return status;
}
