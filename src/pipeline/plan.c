#include "plan.h"

#include "integers.h"

#include <assert.h>

/* Pixels in a group below which the hand-over between threads would show, and above which groups
 * are cut: the computed ones then stay in a cache of some MB until they are written. */
enum { LEAST_PIXELS = 1 << 18, MOST_PIXELS = 1 << 19 };

static int64_t ring_row_bytes(const dg_plan_input *in, const dg_plan *plan) {
    return in->element_size * ((int64_t)plan->panel_width + 2 * in->halo);
}

/* What a single reader takes beyond half of the memory is not to be had from the buffers: narrow panels would
 * only decode its blocks once for each. */
static int64_t bytes_needed(const dg_plan_input *in, const dg_plan *plan) {
    const int64_t readers = in->reader_bytes * plan->workers;
    const int64_t group =
        (int64_t)in->element_size * plan->compute_cols * plan->compute_rows * in->band_count;
    return ring_row_bytes(in, plan) * plan->ring_rows + group * plan->slots +
           (readers < in->memory / 2 ? readers : in->memory / 2);
}

/* Reads follow the source's blocks where those are of a handy height. */
static int choose_read_rows(const dg_plan_input *in, const dg_plan *plan) {
    const int block = in->source_block_height;
    if (block <= plan->compute_rows)
        return plan->compute_rows / block * block;
    return (int64_t)4 * block * ring_row_bytes(in, plan) <= in->memory / 2 ? block
                                                                           : plan->compute_rows;
}

/* Whole blocks, or all columns where the output is not made of blocks. */
static int choose_compute_cols(const dg_plan_input *in, const dg_plan *plan) {
    const int block = in->output_block_width;
    if (block == 0 || block >= plan->panel_width)
        return plan->panel_width;
    const int blocks = MOST_PIXELS / plan->compute_rows / block;
    return dg_min(dg_max(blocks, 1) * block, plan->panel_width);
}

/* Room for the rows that the workers compute from, wherever these lie across the groups that are read, and for all
 * workers but one to read a group meanwhile. More of it would only come out of the processor's cache. */
static void size_buffers(const dg_plan_input *in, dg_plan *plan) {
    plan->compute_cols = choose_compute_cols(in, plan);
    plan->read_rows = choose_read_rows(in, plan);
    const int across = dg_ceil_divide(plan->panel_width, plan->compute_cols);
    const int rows_of_groups = dg_ceil_divide(plan->workers, across);
    const int computing = plan->compute_rows * rows_of_groups + 2 * in->halo;
    const int groups = dg_ceil_divide(computing, plan->read_rows) + plan->workers;
    /* All that there can be, with the halo of a window and where it lies across groups. */
    const int all = dg_ceil_divide(in->height, plan->read_rows) +
                    dg_ceil_divide(2 * in->halo, plan->read_rows) + 1;
    plan->ring_rows = dg_min(groups, all) * plan->read_rows;
    plan->slots = plan->workers + 1;
}

bool dg_plan_fits(const dg_plan_input *in, const dg_plan *plan) {
    return bytes_needed(in, plan) <= in->memory;
}

/* Narrows the panel to whole blocks of the output, down to one. */
static void narrow(const dg_plan_input *in, dg_plan *plan) {
    const int block = in->output_block_width;
    while (block > 0 && !dg_plan_fits(in, plan) && plan->panel_width > block) {
        plan->panel_width = dg_max(plan->panel_width / 2 / block, 1) * block;
        size_buffers(in, plan);
    }
}

dg_plan dg_plan_make(const dg_plan_input *in) {
    const int block = dg_min(in->output_block_height, in->height);
    /* A stencil that keeps lines for the rows to come begins with 2 halo of them in each group. */
    const int least = dg_max((int)(LEAST_PIXELS / in->width) + 1, 2 * in->halo);
    dg_plan plan = {.panel_width = in->width,
                    .compute_rows = dg_min(dg_ceil_divide(least, block) * block, in->height),
                    .block_height = block,
                    .halo = in->halo};
    const int64_t across = dg_ceil_divide(in->width, choose_compute_cols(in, &plan));
    const int64_t groups = across * dg_ceil_divide(in->height, plan.compute_rows);
    plan.workers = groups < in->threads ? (int)groups : in->threads;
    while (plan.workers > 1 && in->reader_bytes * plan.workers > in->memory / 2)
        plan.workers--;
    size_buffers(in, &plan);
    if (!dg_plan_fits(in, &plan)) {
        plan.compute_rows = block;
        size_buffers(in, &plan);
    }
    narrow(in, &plan);
    while (!dg_plan_fits(in, &plan) && plan.workers > 1) {
        plan.workers--;
        size_buffers(in, &plan);
    }
    plan.block_width = in->output_block_width > 0 ? dg_min(in->output_block_width, plan.panel_width)
                                                  : plan.panel_width;
    assert(plan.ring_rows >= plan.read_rows && plan.ring_rows % plan.read_rows == 0);
    assert(plan.workers > 0 && plan.slots > plan.workers);
    assert(plan.compute_rows % block == 0 || plan.compute_rows == in->height);
    assert(plan.compute_cols % plan.block_width == 0 || plan.compute_cols == plan.panel_width);
    return plan;
}
