#include "block_group.h"

#include "integers.h"

#include <assert.h>

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

/* A block in the slot: all blocks above it are as wide as the window, and those before it as high as
 * itself. */
static dg_block block_at(const dg_block_group *g, const dg_pipeline *job, dg_window window) {
    assert((window.row - g->window.row) % g->block_height == 0);
    assert((window.col - g->window.col) % g->block_width == 0);
    const size_t above = (size_t)(window.row - g->window.row) * (size_t)g->window.width;
    const size_t before = (size_t)(window.col - g->window.col) * (size_t)window.height;
    const size_t elements = (above + before) * (size_t)job->recipe.band_count;
    return (dg_block){.first = g->slot + elements * dg_type_size(job->type),
                      .type = job->type,
                      .row_stride = window.width,
                      .band_stride = (ptrdiff_t)window.width * window.height,
                      .window = window};
}

/* What a group is computed with. */
typedef struct group_work {
    const dg_block_group *group;
    const dg_pipeline *job;
    const dg_ring *ring;
    dg_metric_rows *metric;
    dg_workspace *workspace;
    bool has_infinite; /* among the values so far */
} group_work;

/* Points the kernel's row at columns of a block. */
static void place(const group_work *w, dg_window block, int first_col, int width, dg_row *k) {
    const dg_block all = block_at(w->group, w->job, block);
    const dg_block part = dg_block_part(&all, (dg_window){first_col, k->row, width, 1});
    k->first_col = first_col;
    k->width = width;
    k->band_stride = part.band_stride;
    k->out = part.first;
}

/* Leaves out the spans that end before the row's part. */
static void skip_spans(dg_row *k) {
    while (k->span_count > 0 && k->spans->col + k->spans->width <= k->first_col) {
        k->spans++;
        k->span_count--;
    }
}

/* Computes the columns of one row that a block has among those of `part`. */
static bool compute_block_row(const group_work *w, dg_window block, dg_window part, dg_row *k) {
    const dg_kernel *kernel = w->job->kernel;
    const dg_window both = dg_window_intersect(block, part);
    const void *z[2 * DG_MAX_HALF + 1];
    if (both.width == 0)
        return false;
    place(w, block, both.col, both.width, k);
    skip_spans(k);
    for (int i = -w->ring->halo; i <= w->ring->halo; i++)
        z[i + w->ring->halo] = dg_ring_pixel(w->ring, k->row + i, both.col);
    k->z = z;
    k->next = dg_ring_pixel(w->ring, k->row + w->ring->halo + 1, both.col);
    return kernel->rows[w->job->type](&w->job->recipe, k);
}

static void watch_elevations(const group_work *w, dg_window part, const dg_row *k) {
    const dg_pipeline *job = w->job;
    const dg_watched_row row = {.row = k->row,
                                .col = part.col,
                                .width = part.width,
                                .type = job->type,
                                .z = dg_ring_pixel(w->ring, k->row, part.col),
                                .spans = k->spans,
                                .span_count = k->span_count};
    dg_watch_elevations(w->group->watches, job->watch_count, &row, job->kernel->take_extremes,
                        job->gap);
}

static demgrad_status compute_row(group_work *w, dg_window part, int row, demgrad_error *error) {
    const dg_block_group *g = w->group;
    dg_row k = {.row = row, .workspace = w->workspace};
    const demgrad_status status =
        dg_metric_rows_get(w->metric, row, part.col, part.width, &k.spans, &k.span_count, error);
    if (status)
        return status;
    watch_elevations(w, part, &k); /* before the blocks use the spans up */
    for (int i = 0; i < blocks_across(g); i++)
        w->has_infinite |= compute_block_row(
            w, block_window(g, i, (row - g->window.row) / g->block_height), part, &k);
    return DEMGRAD_OK;
}

/* Looks at what came out. */
static void watch_bands(const group_work *w) {
    const dg_block_group *g = w->group;
    const dg_pipeline *job = w->job;
    for (int i = 0; i < blocks_across(g) * blocks_down(g); i++) {
        const dg_window window = block_window(g, i % blocks_across(g), i / blocks_across(g));
        const dg_watched_bands bands = {.block = block_at(g, job, window),
                                        .band_count = job->recipe.band_count,
                                        .may_be_infinite = w->has_infinite,
                                        .add = job->kernel->add_statistics,
                                        .beyond = job->kernel->count_beyond};
        dg_watch_bands(g->watches, job->watch_count, &bands, &job->settling);
    }
}

/* Columns that are worked on from the top to the bottom before the next: all, unless the kernel keeps
 * something from row to row, which blocks must not interrupt. */
static int columns_at_a_time(const group_work *w) {
    const dg_differences *d = &w->job->recipe.differences;
    if (!dg_differences_share_lines(d))
        return w->group->window.width;
    return dg_min(dg_recipe_columns(&w->job->recipe, w->job->type), w->group->block_width);
}

demgrad_status dg_block_group_compute(const dg_block_group *group, const dg_pipeline *job,
                                      const dg_ring *ring, dg_metric_rows *metric,
                                      dg_workspace *workspace, demgrad_error *error) {
    group_work w = {group, job, ring, metric, workspace, false};
    const dg_window all = group->window;
    demgrad_status status = dg_metric_rows_prepare(metric, all, error);
    dg_window part = all;
    for (part.width = columns_at_a_time(&w); part.col < all.col + all.width;
         part.col += part.width) {
        dg_workspace_restart(workspace);
        for (int row = all.row; row < all.row + all.height && !status; row++)
            status = compute_row(&w, dg_window_intersect(part, all), row, error);
    }
    if (!status)
        watch_bands(&w);
    return status;
}

demgrad_status dg_block_group_write(const dg_block_group *group, const dg_pipeline *job,
                                    demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; i < blocks_across(group) * blocks_down(group) && !status; i++) {
        const dg_block block = block_at(
            group, job, block_window(group, i % blocks_across(group), i / blocks_across(group)));
        status = job->sink(&block, job->sink_user, error);
    }
    return status;
}
