#include "reduce.h"

#include "integers.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

demgrad_status dg_cells_create(const dg_grid *full, dg_window inner, int width, int height,
                               bool is_sparse, dg_cells *cells, demgrad_error *error) {
    const size_t count = (size_t)width * (size_t)height;
    *cells = (dg_cells){
        .full = *full, .inner = inner, .width = width, .height = height, .is_sparse = is_sparse};
    cells->sum = calloc(count, sizeof *cells->sum);
    cells->weight = calloc(count, sizeof *cells->weight);
    cells->row_sum = calloc((size_t)width + 1, sizeof *cells->row_sum);
    cells->row_weight = calloc((size_t)width + 1, sizeof *cells->row_weight);
    if (cells->sum && cells->weight && cells->row_sum && cells->row_weight)
        return DEMGRAD_OK;
    dg_cells_free(cells);
    return dg_fail_memory(error, "the picture's surface");
}

void dg_cells_free(dg_cells *cells) {
    free(cells->sum);
    free(cells->weight);
    free(cells->row_sum);
    free(cells->row_weight);
    *cells = (dg_cells){0};
}

/* One axis of an input: which cell each of its pixels begins in, and the share of it that is there; the
 * rest is in the next one. */
typedef struct axis {
    int *cell; /* -1: not wanted */
    double *share;
    int length;
} axis;

/* Where pixels of the full raster come in the cells' numbers: cell `before` begins with it. */
typedef struct places {
    double scale;
    int before, cells;
} places;

/* Pixel i reaches from first + i * step to first + (i + 1) * step in pixels of the full raster. */
static demgrad_status make_axis(double first, double step, int length, places p, axis *a,
                                demgrad_error *error) {
    /* Offsets that were written in decimals are not to move a pixel's edge over a cell's. */
    const double slack = 1e-6;
    a->length = length;
    a->cell = malloc((size_t)length * sizeof *a->cell);
    a->share = malloc((size_t)length * sizeof *a->share);
    if (!a->cell || !a->share)
        return dg_fail_memory(error, "the picture's surface");
    for (int i = 0; i < length; i++) {
        const double begin = (first + i * step) * p.scale + p.before, end = begin + step * p.scale;
        const double cell = floor(begin + slack);
        a->cell[i] = cell >= 0 && cell < p.cells ? (int)cell : -1;
        a->share[i] = end <= cell + 1 + slack ? 1 : (cell + 1 - begin) / (end - begin);
    }
    return DEMGRAD_OK;
}

/* Leaves to each cell the pixels of the block at its middle. */
static void thin(axis *a, int block) {
    for (int begin = 0, end; begin < a->length; begin = end) {
        for (end = begin + 1; end < a->length && a->cell[end] == a->cell[begin]; end++)
            ;
        const int kept = (begin + end - 1) / 2 / block;
        for (int i = begin; i < end; i++)
            a->cell[i] = i / block == kept ? a->cell[i] : -1;
    }
}

/* The run of wanted pixels from `begin` on, at most `most` of them; 0: none are left. */
static int find_run(const axis *a, int *begin, int most) {
    while (*begin < a->length && a->cell[*begin] < 0)
        ++*begin;
    int length = 0;
    while (length < most && *begin + length < a->length && a->cell[*begin + length] >= 0)
        length++;
    return length;
}

/* Adds a row's valid pixels to row_sum and row_weight. */
static void sum_row(dg_cells *c, const float *z, const axis *columns, int col, int n,
                    const dg_source_info *info) {
    for (int i = 0; i < n; i++) {
        if (!isfinite(z[i]))
            continue;
        const double value = (double)z[i] * info->scale + info->offset;
        const double share = columns->share[col + i];
        const int at = columns->cell[col + i];
        c->row_sum[at] += share * value;
        c->row_weight[at] += share;
        c->row_sum[at + 1] += (1 - share) * value;
        c->row_weight[at + 1] += 1 - share;
    }
}

/* Adds cells [begin, end) of the row to the cells of row `row`, if there are any. */
static void add_row(dg_cells *c, int row, double share, int begin, int end) {
    if (row >= c->height || share == 0)
        return;
    const size_t first = (size_t)row * (size_t)c->width;
    for (int i = begin; i < end; i++) {
        c->sum[first + (size_t)i] += share * c->row_sum[i];
        c->weight[first + (size_t)i] += share * c->row_weight[i];
    }
}

typedef struct adding {
    dg_cells *cells;
    const dg_source_info *info;
    dg_reader *reader;
    axis columns, rows;
    float *z; /* rows_at_once whole rows of the input */
    int rows_at_once;
} adding;

/* Adds n pixels of a row, from column `col` on. */
static void add_pixels(adding *a, const float *z, int row, int col, int n) {
    dg_cells *c = a->cells;
    const int begin = a->columns.cell[col];
    const int last = a->columns.cell[col + n - 1] + 1; /* the pixels may reach into it */
    memset(c->row_sum + begin, 0, (size_t)(last - begin + 1) * sizeof *c->row_sum);
    memset(c->row_weight + begin, 0, (size_t)(last - begin + 1) * sizeof *c->row_weight);
    sum_row(c, z, &a->columns, col, n, a->info);
    const int end = dg_min(last + 1, c->width);
    add_row(c, a->rows.cell[row], a->rows.share[row], begin, end);
    add_row(c, a->rows.cell[row] + 1, 1 - a->rows.share[row], begin, end);
}

static demgrad_status add_rows(adding *a, int row, int height, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    int col = 0;
    for (int width; !status && (width = find_run(&a->columns, &col, a->columns.length)) > 0;
         col += width) {
        const dg_window window = {col, row, width, height};
        const dg_block rows = {a->z, DG_FLOAT, width, 0, window};
        status = dg_reader_read(a->reader, &rows, 0, error);
        if (!status && a->cells->gap > 0)
            dg_extremes_take(&a->cells->elevations, a->z, width * height, DG_FLOAT, a->cells->gap);
        for (int i = 0; i < height && !status; i++)
            add_pixels(a, a->z + (ptrdiff_t)i * width, row + i, col, width);
    }
    return status;
}

/* Rows of a block at a time, but of no more than so many pixels. */
static int choose_rows(const dg_source_info *info) {
    enum { MOST_PIXELS = 1 << 23 };
    const int rows = MOST_PIXELS / info->grid.width;
    return dg_max(dg_min(rows, info->block_height), 1);
}

static demgrad_status start(adding *a, dg_source *source, demgrad_error *error) {
    const double *full = a->cells->full.geotransform, *own = a->info->grid.geotransform;
    assert(dg_grid_determinant(&a->cells->full) != 0);
    double col, row;
    dg_grid_steps(&a->cells->full, own[0] - full[0], own[3] - full[3], &col, &row);
    const double across = hypot(own[1], own[4]) / hypot(full[1], full[4]);
    const double down = hypot(own[2], own[5]) / hypot(full[2], full[5]);
    const dg_cells *c = a->cells;
    const places columns = {(double)c->inner.width / c->full.width, c->inner.col, c->width};
    const places rows = {(double)c->inner.height / c->full.height, c->inner.row, c->height};
    demgrad_status status =
        make_axis(col, across, a->info->grid.width, columns, &a->columns, error);
    if (!status)
        status = make_axis(row, down, a->info->grid.height, rows, &a->rows, error);
    if (status)
        return status;
    if (a->cells->is_sparse) {
        thin(&a->columns, a->info->block_width);
        thin(&a->rows, a->info->block_height);
    }
    a->rows_at_once = choose_rows(a->info);
    a->z = malloc((size_t)a->rows_at_once * (size_t)a->info->grid.width * sizeof *a->z);
    if (!a->z)
        return dg_fail_memory(error, "the picture's rows");
    return dg_reader_open(source, &a->reader, error);
}

void dg_cells_watch(dg_cells *cells, const dg_source_info *info, double gap) {
    cells->gap = gap;
    cells->scale = info->scale;
    cells->offset = info->offset;
    dg_extremes_clear(&cells->elevations);
}

demgrad_status dg_cells_add(dg_cells *cells, dg_source *source, bool (*go_on)(void *user),
                            void *user, demgrad_error *error) {
    adding a = {.cells = cells, .info = dg_source_describe(source)};
    demgrad_status status = start(&a, source, error);
    cells->differ_in_scale |= a.info->scale != cells->scale || a.info->offset != cells->offset;
    int row = 0;
    for (int height; !status && (height = find_run(&a.rows, &row, a.rows_at_once)) > 0;
         row += height) {
        /* Blocks are not to be decoded twice. */
        height = dg_min(height, a.rows_at_once - row % a.rows_at_once);
        if (go_on && !go_on(user))
            status = dg_fail(error, DEMGRAD_CANCELLED, "cancelled");
        else
            status = add_rows(&a, row, height, error);
    }
    dg_reader_close(a.reader);
    free(a.z);
    free(a.columns.cell);
    free(a.columns.share);
    free(a.rows.cell);
    free(a.rows.share);
    return status;
}

float dg_cells_mean(const dg_cells *cells, int64_t index, double factor) {
    return cells->weight[index] > 0 ? (float)(cells->sum[index] / cells->weight[index] * factor)
                                    : NAN;
}
