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

/* The block that a pixel is in. */
static dg_window block_of(const dg_block_group *g, int col, int row) {
    return block_window(g, (col - g->window.col) / g->block_width,
                        (row - g->window.row) / g->block_height);
}

/* How many elements of the slot lie before a block: all blocks above it are as wide as the window, and those before
 * it as high as itself. */
static size_t elements_before(const dg_block_group *g, const dg_pipeline *job, dg_window block) {
    assert((block.row - g->window.row) % g->block_height == 0);
    assert((block.col - g->window.col) % g->block_width == 0);
    const size_t above = (size_t)(block.row - g->window.row) * (size_t)g->window.width;
    const size_t before = (size_t)(block.col - g->window.col) * (size_t)block.height;
    return (above + before) * (size_t)job->recipe.band_count;
}

static dg_block block_at(const dg_block_group *g, const dg_pipeline *job, dg_window window) {
    return (dg_block){.first = g->slot + elements_before(g, job, window) * dg_type_size(job->type),
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

/* Of the ring, from a column on: the rows -halo ... halo around one, and the one after these. */
typedef struct ring_rows {
    const char *first[2 * DG_MAX_HALF + 2];
} ring_rows;

static ring_rows find_rows(const dg_ring *ring, int row, int col) {
    ring_rows rows;
    for (int i = 0; i <= 2 * ring->halo + 1; i++)
        rows.first[i] = dg_ring_pixel(ring, row + i - ring->halo, col);
    return rows;
}

/* Points the kernel's row at where its columns go, which are all in the block. */
static void place(const group_work *w, dg_window block, dg_row *k) {
    const dg_block_group *g = w->group;
    const size_t before =
        (size_t)(k->row - block.row) * (size_t)block.width + (size_t)(k->first_col - block.col);
    k->band_stride = (ptrdiff_t)block.width * block.height;
    k->out = g->slot + (elements_before(g, w->job, block) + before) * dg_type_size(w->job->type);
}

/* Leaves out the spans that end before the row's part. */
static void skip_spans(dg_row *k) {
    while (k->span_count > 0 && k->spans->col + k->spans->width <= k->first_col) {
        k->spans++;
        k->span_count--;
    }
}

/* Computes the columns of one row that are in one block; `rows` are those around it, from `col` on. */
static bool compute_block_row(const group_work *w, dg_window block, const ring_rows *rows, int col,
                              dg_row *k) {
    const dg_pipeline *job = w->job;
    const size_t skip = (size_t)(k->first_col - col) * dg_type_size(job->type);
    const int count = 2 * w->ring->halo + 1;
    const void *z[2 * DG_MAX_HALF + 1];
    for (int i = 0; i < count; i++)
        z[i] = rows->first[i] + skip;
    k->z = z;
    k->next = rows->first[count] + skip;
    place(w, block, k);
    skip_spans(k);
    return job->kernel->rows[job->type](&job->recipe, k);
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
    const int end = part.col + part.width;
    dg_row k = {.row = row, .workspace = w->workspace};
    const demgrad_status status =
        dg_metric_rows_get(w->metric, row, part.col, part.width, &k.spans, &k.span_count, error);
    if (status)
        return status;
    watch_elevations(w, part, &k); /* before the blocks use the spans up */
    const ring_rows rows = find_rows(w->ring, row, part.col);
    for (k.first_col = part.col; k.first_col < end; k.first_col += k.width) {
        const dg_window block = block_of(w->group, k.first_col, row);
        k.width = dg_min(block.col + block.width, end) - k.first_col;
        w->has_infinite |= compute_block_row(w, block, &rows, part.col, &k);
    }
    return DEMGRAD_OK;
}

/* Looks at what came out in a window, which is within a row of blocks. */
static void watch_bands(const group_work *w, dg_window window) {
    const dg_pipeline *job = w->job;
    dg_window part = {.col = window.col};
    for (; part.col < window.col + window.width; part.col += part.width) {
        const dg_window block = block_of(w->group, part.col, window.row);
        const dg_block all = block_at(w->group, job, block);
        part = dg_window_intersect(block, window);
        const dg_watched_bands bands = {.block = dg_block_part(&all, part),
                                        .band_count = job->recipe.band_count,
                                        .may_be_infinite = w->has_infinite,
                                        .add = job->ends_only ? job->kernel->add_ends
                                                              : job->kernel->add_statistics,
                                        .beyond = job->kernel->count_beyond};
        dg_watch_bands(w->group->watches, job->watch_count, &bands, &job->settling);
    }
}

/* Computes some columns of all rows. A few rows of each block are looked at once they are computed, which then are
 * in the processor's cache. */
static demgrad_status compute_columns(group_work *w, dg_window columns, demgrad_error *error) {
    enum { AT_ONCE = 4096 };
    const int most = dg_max(AT_ONCE / w->group->block_width, 1);
    demgrad_status status = DEMGRAD_OK;
    dg_window few = columns;
    for (; few.row < columns.row + columns.height && !status; few.row += few.height) {
        const dg_window block = block_of(w->group, few.col, few.row);
        few.height = dg_min(most, block.row + block.height - few.row);
        for (int i = 0; i < few.height && !status; i++)
            status = compute_row(w, columns, few.row + i, error);
        if (!status)
            watch_bands(w, few);
    }
    return status;
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
        if (!status)
            status = compute_columns(&w, dg_window_intersect(part, all), error);
    }
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
