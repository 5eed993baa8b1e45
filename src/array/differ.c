/* Computes numpy.diff: the input is taken in panels of neighbouring lines along the axis. */
#include "differ.h"

#include "subtract.h"
#include "view.h"
#include "walk.h"

#include <stdlib.h>

enum { SCRATCH = 256 * 1024 }; /* bytes of a panel's rows; stays in a second-level cache */

typedef struct plan {
    const dg_diff *diff;
    int across;      /* the axis along which lines are neighbours; -1: there is none */
    ptrdiff_t width; /* lines in a panel */
    char *scratch;   /* a line, or n + 1 rows of a panel; NULL where the input will do */
    char **newest;   /* the rows in the scratch; NULL if a line is there: see take_row */
} plan;

/* Where row `i` of a panel starts: `base` is the walk's row, `from` the panel's first line. */
static char *row_start(const demgrad_array *array, char *base, const plan *p, ptrdiff_t i,
                       ptrdiff_t from) {
    const ptrdiff_t size = (ptrdiff_t)demgrad_dtype_size(array->dtype);
    const ptrdiff_t across = p->across < 0 ? 0 : array->strides[p->across];
    return base + (i * array->strides[p->diff->axis] + from * across) * size;
}

static ptrdiff_t stride_across(const plan *p, const demgrad_array *array) {
    return p->across < 0 ? 1 : array->strides[p->across];
}

/* One difference of rows that lie `width` apart, straight from the input to the result. */
static void panel_direct(const plan *p, const dg_walk *walk, ptrdiff_t from, ptrdiff_t width) {
    const demgrad_array *input = &p->diff->parts[0], *result = &p->diff->result;
    dg_run run = {.in_stride = stride_across(p, input),
                  .out_stride = stride_across(p, result),
                  .count = width};
    ptrdiff_t rows = p->diff->total - 1;
    if (width == 1) { /* a row of one element: take the line as the row */
        run.in_stride = input->strides[p->diff->axis];
        run.out_stride = result->strides[p->diff->axis];
        run.count = rows;
        rows = rows > 0;
    }
    for (ptrdiff_t i = 0; i < rows; i++) {
        run.in[0] = row_start(input, walk->rows[0], p, i, from);
        run.in[1] = row_start(input, walk->rows[0], p, i + 1, from);
        run.out = row_start(result, walk->rows[p->diff->n_parts], p, i, from);
        dg_subtract(&run, result->dtype);
    }
}

/* One line, packed into the scratch and differenced there n times. */
static void whole_line(const plan *p, const dg_walk *walk, ptrdiff_t from) {
    const demgrad_dtype dtype = p->diff->result.dtype;
    const ptrdiff_t size = (ptrdiff_t)demgrad_dtype_size(dtype);
    char *end = p->scratch;
    for (int k = 0; k < p->diff->n_parts; k++) {
        const demgrad_array *part = &p->diff->parts[k];
        dg_run run = {.in = {row_start(part, walk->rows[k], p, 0, from)},
                      .out = end,
                      .in_stride = part->strides[p->diff->axis],
                      .out_stride = 1,
                      .count = part->shape[p->diff->axis]};
        dg_convert(&run, part->dtype, dtype);
        end += run.count * size;
    }
    for (ptrdiff_t pass = 0; pass < p->diff->n; pass++) {
        dg_run run = {.in = {p->scratch, p->scratch + size},
                      .out = p->scratch,
                      .in_stride = 1,
                      .out_stride = 1,
                      .count = p->diff->total - 1 - pass};
        dg_subtract(&run, dtype);
    }
    dg_run run = {.in = {p->scratch},
                  .out = row_start(&p->diff->result, walk->rows[p->diff->n_parts], p, 0, from),
                  .in_stride = 1,
                  .out_stride = p->diff->result.strides[p->diff->axis],
                  .count = p->diff->total - p->diff->n};
    dg_convert(&run, dtype, dtype);
}

static void swap(char **one, char **other) {
    char *kept = *one;
    *one = *other;
    *other = kept;
}

/* Takes the next row, of which `seen` came before, from newest[n] and leaves its n-th difference
 * there, or nothing of use while seen < n. newest[k] keeps its k-th difference for the row
 * after. */
static void take_row(const plan *p, ptrdiff_t seen, ptrdiff_t width) {
    char **newest = p->newest, **row = &newest[p->diff->n];
    const ptrdiff_t levels = seen < p->diff->n ? seen : p->diff->n;
    for (ptrdiff_t k = 0; k < levels; k++) {
        dg_run run = {.in = {newest[k], *row},
                      .out = newest[k],
                      .in_stride = 1,
                      .out_stride = 1,
                      .count = width};
        dg_subtract(&run, p->diff->result.dtype);
        swap(&newest[k], row);
    }
    if (seen < p->diff->n)
        swap(&newest[seen], row);
}

/* Row after row of a panel. */
static void panel_by_rows(const plan *p, const dg_walk *walk, ptrdiff_t from, ptrdiff_t width) {
    const demgrad_dtype dtype = p->diff->result.dtype;
    ptrdiff_t seen = 0;
    for (int k = 0; k < p->diff->n_parts; k++) {
        const demgrad_array *part = &p->diff->parts[k];
        for (ptrdiff_t i = 0; i < part->shape[p->diff->axis]; i++, seen++) {
            dg_run in = {.in = {row_start(part, walk->rows[k], p, i, from)},
                         .out = p->newest[p->diff->n],
                         .in_stride = stride_across(p, part),
                         .out_stride = 1,
                         .count = width};
            dg_convert(&in, part->dtype, dtype);
            take_row(p, seen, width);
            if (seen < p->diff->n)
                continue;
            dg_run out = {.in = {p->newest[p->diff->n]},
                          .out = row_start(&p->diff->result, walk->rows[p->diff->n_parts], p,
                                           seen - p->diff->n, from),
                          .in_stride = 1,
                          .out_stride = stride_across(p, &p->diff->result),
                          .count = width};
            dg_convert(&out, dtype, dtype);
        }
    }
}

static void compute(const plan *p) {
    const ptrdiff_t lines = p->across < 0 ? 1 : p->diff->result.shape[p->across];
    dg_walk walk;
    dg_walk_init(&walk, &p->diff->result, p->diff->axis, p->across);
    for (int k = 0; k < p->diff->n_parts; k++)
        dg_walk_add(&walk, &p->diff->parts[k]);
    dg_walk_add(&walk, &p->diff->result);
    const ptrdiff_t rows = dg_walk_count(&walk);
    for (ptrdiff_t row = 0; row < rows; row++, dg_walk_next(&walk)) {
        for (ptrdiff_t from = 0; from < lines; from += p->width) {
            const ptrdiff_t width = lines - from < p->width ? lines - from : p->width;
            if (!p->scratch)
                panel_direct(p, &walk, from, width);
            else if (p->newest)
                panel_by_rows(p, &walk, from, width);
            else
                whole_line(p, &walk, from);
        }
    }
}

/* Room for rows of n + 1 levels, as wide as the lines are many or the scratch allows. */
static demgrad_status prepare_rows(plan *p, demgrad_error *error) {
    const ptrdiff_t size = (ptrdiff_t)demgrad_dtype_size(p->diff->result.dtype),
                    levels = p->diff->n + 1;
    const ptrdiff_t widest = SCRATCH / size / levels;
    if (p->width > widest)
        p->width = widest > 1 ? widest : 1;
    p->scratch = malloc((size_t)(levels * p->width * size));
    p->newest = malloc((size_t)levels * sizeof *p->newest);
    if (!p->scratch || !p->newest)
        return dg_fail_memory(error, "the differences");
    for (ptrdiff_t k = 0; k < levels; k++)
        p->newest[k] = p->scratch + k * p->width * size;
    return DEMGRAD_OK;
}

/* Lines along the nearest elements are taken one by one, all others in panels. */
static demgrad_status prepare(plan *p, demgrad_error *error) {
    const demgrad_array *input = &p->diff->parts[p->diff->input];
    p->across = dg_inner_axis(input, p->diff->axis);
    const bool one_by_one = dg_inner_axis(input, -1) == p->diff->axis;
    p->width = one_by_one ? 1 : input->shape[p->across];
    if (p->diff->n == 1 && p->diff->n_parts == 1)
        return DEMGRAD_OK;
    if (!one_by_one)
        return prepare_rows(p, error);
    p->scratch = malloc((size_t)p->diff->total * demgrad_dtype_size(p->diff->result.dtype));
    return p->scratch ? DEMGRAD_OK : dg_fail_memory(error, "the differences");
}

/* The input to the result, element for element. */
static void copy_all(const dg_diff *diff) {
    const demgrad_array *input = &diff->parts[diff->input], *result = &diff->result;
    const int inner = dg_inner_axis(input, -1); /* -1: a single element */
    dg_walk walk;
    dg_walk_init(&walk, result, inner, -1);
    dg_walk_add(&walk, input);
    dg_walk_add(&walk, result);
    const ptrdiff_t rows = dg_walk_count(&walk);
    for (ptrdiff_t row = 0; row < rows; row++, dg_walk_next(&walk)) {
        dg_run run = {.in = {walk.rows[0]},
                      .out = walk.rows[1],
                      .in_stride = inner < 0 ? 1 : input->strides[inner],
                      .out_stride = inner < 0 ? 1 : result->strides[inner],
                      .count = inner < 0 ? 1 : result->shape[inner]};
        dg_convert(&run, input->dtype, result->dtype);
    }
}

demgrad_status dg_differ(const dg_diff *diff, demgrad_error *error) {
    if (diff->n == 0) {
        copy_all(diff);
        return DEMGRAD_OK;
    }
    plan p = {.diff = diff};
    const demgrad_status status = prepare(&p, error);
    if (status == DEMGRAD_OK)
        compute(&p);
    free(p.scratch);
    free(p.newest);
    return status;
}
