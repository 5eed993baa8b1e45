/* numpy.diff: the input is taken in panels of neighbouring lines along the axis. */
#include <demgrad/array.h>

#include "fail.h"
#include "subtract.h"
#include "view.h"
#include "walk.h"

#include <stdint.h>
#include <stdlib.h>

enum { SCRATCH = 256 * 1024 }; /* bytes of a panel's rows; stays in a second-level cache */

typedef struct plan {
    demgrad_array parts[3]; /* what is to be prepended, the input, what is to be appended */
    int n_parts;
    int input; /* which of the parts that is */
    demgrad_array result;
    int axis;
    int across;      /* the axis along which lines are neighbours; -1: there is none */
    ptrdiff_t total; /* elements of a line, over all parts */
    ptrdiff_t n;
    ptrdiff_t width; /* lines in a panel */
    char *scratch;   /* a line, or n + 1 rows of a panel; NULL where the input will do */
    char **newest;   /* the rows in the scratch; NULL if a line is there: see take_row */
} plan;

void demgrad_array_diff_options_init(demgrad_array_diff_options *options) {
    if (options)
        *options = (demgrad_array_diff_options){.n = 1, .axis = -1};
}

/* ---- Computing ------------------------------------------------------------------------------- */

/* Where row `i` of a panel starts: `base` is the walk's row, `from` the panel's first line. */
static char *row_start(const demgrad_array *array, char *base, const plan *p, ptrdiff_t i,
                       ptrdiff_t from) {
    const ptrdiff_t size = (ptrdiff_t)demgrad_dtype_size(array->dtype);
    const ptrdiff_t across = p->across < 0 ? 0 : array->strides[p->across];
    return base + (i * array->strides[p->axis] + from * across) * size;
}

static ptrdiff_t stride_across(const plan *p, const demgrad_array *array) {
    return p->across < 0 ? 1 : array->strides[p->across];
}

/* One difference of rows that lie `width` apart, straight from the input to the result. */
static void panel_direct(const plan *p, const dg_walk *walk, ptrdiff_t from, ptrdiff_t width) {
    const demgrad_array *input = &p->parts[0], *result = &p->result;
    dg_run run = {.in_stride = stride_across(p, input),
                  .out_stride = stride_across(p, result),
                  .count = width};
    ptrdiff_t rows = p->total - 1;
    if (width == 1) { /* a row of one element: take the line as the row */
        run.in_stride = input->strides[p->axis];
        run.out_stride = result->strides[p->axis];
        run.count = rows;
        rows = rows > 0;
    }
    for (ptrdiff_t i = 0; i < rows; i++) {
        run.in[0] = row_start(input, walk->rows[0], p, i, from);
        run.in[1] = row_start(input, walk->rows[0], p, i + 1, from);
        run.out = row_start(result, walk->rows[p->n_parts], p, i, from);
        dg_subtract(&run, result->dtype);
    }
}

/* One line, packed into the scratch and differenced there n times. */
static void whole_line(const plan *p, const dg_walk *walk, ptrdiff_t from) {
    const demgrad_dtype dtype = p->result.dtype;
    const ptrdiff_t size = (ptrdiff_t)demgrad_dtype_size(dtype);
    char *end = p->scratch;
    for (int k = 0; k < p->n_parts; k++) {
        const demgrad_array *part = &p->parts[k];
        dg_run run = {.in = {row_start(part, walk->rows[k], p, 0, from)},
                      .out = end,
                      .in_stride = part->strides[p->axis],
                      .out_stride = 1,
                      .count = part->shape[p->axis]};
        dg_convert(&run, part->dtype, dtype);
        end += run.count * size;
    }
    for (ptrdiff_t pass = 0; pass < p->n; pass++) {
        dg_run run = {.in = {p->scratch, p->scratch + size},
                      .out = p->scratch,
                      .in_stride = 1,
                      .out_stride = 1,
                      .count = p->total - 1 - pass};
        dg_subtract(&run, dtype);
    }
    dg_run run = {.in = {p->scratch},
                  .out = row_start(&p->result, walk->rows[p->n_parts], p, 0, from),
                  .in_stride = 1,
                  .out_stride = p->result.strides[p->axis],
                  .count = p->total - p->n};
    dg_convert(&run, dtype, dtype);
}

static void swap(char **one, char **other) {
    char *kept = *one;
    *one = *other;
    *other = kept;
}

/* Takes the next row, of which `seen` came before, from newest[n] and leaves its n-th difference
 * there, or nothing of use while seen < n. newest[k] keeps its k-th difference for the row after.
 */
static void take_row(const plan *p, ptrdiff_t seen, ptrdiff_t width) {
    char **newest = p->newest, **row = &newest[p->n];
    const ptrdiff_t levels = seen < p->n ? seen : p->n;
    for (ptrdiff_t k = 0; k < levels; k++) {
        dg_run run = {.in = {newest[k], *row},
                      .out = newest[k],
                      .in_stride = 1,
                      .out_stride = 1,
                      .count = width};
        dg_subtract(&run, p->result.dtype);
        swap(&newest[k], row);
    }
    if (seen < p->n)
        swap(&newest[seen], row);
}

/* Row after row of a panel. */
static void panel_by_rows(const plan *p, const dg_walk *walk, ptrdiff_t from, ptrdiff_t width) {
    const demgrad_dtype dtype = p->result.dtype;
    ptrdiff_t seen = 0;
    for (int k = 0; k < p->n_parts; k++) {
        const demgrad_array *part = &p->parts[k];
        for (ptrdiff_t i = 0; i < part->shape[p->axis]; i++, seen++) {
            dg_run in = {.in = {row_start(part, walk->rows[k], p, i, from)},
                         .out = p->newest[p->n],
                         .in_stride = stride_across(p, part),
                         .out_stride = 1,
                         .count = width};
            dg_convert(&in, part->dtype, dtype);
            take_row(p, seen, width);
            if (seen < p->n)
                continue;
            dg_run out = {.in = {p->newest[p->n]},
                          .out =
                              row_start(&p->result, walk->rows[p->n_parts], p, seen - p->n, from),
                          .in_stride = 1,
                          .out_stride = stride_across(p, &p->result),
                          .count = width};
            dg_convert(&out, dtype, dtype);
        }
    }
}

static void compute(const plan *p) {
    const ptrdiff_t lines = p->across < 0 ? 1 : p->result.shape[p->across];
    dg_walk walk;
    dg_walk_init(&walk, &p->result, p->axis, p->across);
    for (int k = 0; k < p->n_parts; k++)
        dg_walk_add(&walk, &p->parts[k]);
    dg_walk_add(&walk, &p->result);
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
    const ptrdiff_t size = (ptrdiff_t)demgrad_dtype_size(p->result.dtype), levels = p->n + 1;
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

/* Lines along the nearest elements are taken one by one, all others in panels. Allocates where one
 * subtraction is not all. */
static demgrad_status prepare(plan *p, demgrad_error *error) {
    const demgrad_array *input = &p->parts[p->input];
    p->across = dg_inner_axis(input, p->axis);
    const bool one_by_one = dg_inner_axis(input, -1) == p->axis;
    p->width = one_by_one ? 1 : input->shape[p->across];
    if (p->n == 1 && p->n_parts == 1)
        return DEMGRAD_OK;
    if (!one_by_one)
        return prepare_rows(p, error);
    p->scratch = malloc((size_t)p->total * demgrad_dtype_size(p->result.dtype));
    return p->scratch ? DEMGRAD_OK : dg_fail_memory(error, "the differences");
}

/* The input to the result, element for element. */
static void copy_all(const plan *p) {
    const demgrad_array *input = &p->parts[p->input], *result = &p->result;
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

/* ---- Checks ---------------------------------------------------------------------------------- */

/* Adds prepend or append to the parts, one value as an array of length 1 that repeats it. */
static demgrad_status add_part(plan *p, const demgrad_array *input, const demgrad_array *part,
                               const char *name, demgrad_error *error) {
    demgrad_status status = dg_check_array(part, name, error);
    if (status != DEMGRAD_OK)
        return status;
    demgrad_array *added = &p->parts[p->n_parts++];
    *added = dg_view(part);
    if (part->ndim == 0) {
        added->ndim = input->ndim;
        for (int d = 0; d < input->ndim; d++) {
            added->shape[d] = d == p->axis ? 1 : input->shape[d];
            added->strides[d] = 0;
        }
    }
    bool fits = added->ndim == input->ndim;
    for (int d = 0; d < input->ndim && fits; d++)
        fits = d == p->axis || added->shape[d] == input->shape[d];
    if (!fits) {
        char given[256], needed[256];
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s has the shape %s, which does not fit the input's %s: it must be the "
                       "same but along axis %d, or have no dimension",
                       name, dg_shape_text(part, given, sizeof given),
                       dg_shape_text(input, needed, sizeof needed), p->axis);
    }
    return DEMGRAD_OK;
}

static demgrad_status set_parts(plan *p, const demgrad_array *input,
                                const demgrad_array_diff_options *options, demgrad_error *error) {
    demgrad_status status = dg_normalize_axis(options->axis, input->ndim, &p->axis, error);
    if (status == DEMGRAD_OK && options->prepend)
        status = add_part(p, input, options->prepend, "prepend", error);
    p->input = p->n_parts;
    p->parts[p->n_parts++] = dg_view(input);
    if (status == DEMGRAD_OK && options->append)
        status = add_part(p, input, options->append, "append", error);
    return status;
}

/* The dtype of all parts together. A floating one goes first, as in numpy: int8 and uint16 are both
 * float beside a float, but would be int32, and so double, if they met before it. */
static demgrad_dtype common_dtype(const plan *p) {
    demgrad_dtype dtype = p->parts[0].dtype;
    for (int k = 1; k < p->n_parts; k++) {
        if (p->parts[k].dtype == DEMGRAD_DTYPE_FLOAT || p->parts[k].dtype == DEMGRAD_DTYPE_DOUBLE)
            dtype = p->parts[k].dtype;
    }
    for (int k = 0; k < p->n_parts; k++)
        dtype = dg_promote(dtype, p->parts[k].dtype);
    return dtype;
}

/* Sets what the result has to be, from the parts. */
static demgrad_status set_wanted(plan *p, demgrad_array *wanted, demgrad_error *error) {
    demgrad_array shape = p->parts[p->input];
    for (int k = 0; k < p->n_parts; k++) {
        const ptrdiff_t length = p->parts[k].shape[p->axis];
        if (length > PTRDIFF_MAX / (ptrdiff_t)sizeof(double) - p->total)
            return dg_fail(
                error, DEMGRAD_INVALID_ARGUMENT,
                "input, prepend and append together are longer along axis %d than memory "
                "can be",
                p->axis);
        p->total += length;
    }
    shape.shape[p->axis] = p->total > p->n ? p->total - p->n : 0;
    *wanted = demgrad_array_contiguous(NULL, common_dtype(p), shape.ndim, shape.shape);
    return DEMGRAD_OK;
}

static demgrad_status set_plan(plan *p, const demgrad_array *input,
                               const demgrad_array_diff_options *options, demgrad_array *wanted,
                               demgrad_error *error) {
    demgrad_array_diff_options defaults;
    demgrad_array_diff_options_init(&defaults);
    if (!options)
        options = &defaults;
    *p = (plan){.n = options->n};
    demgrad_status status = dg_check_array(input, "the input", error);
    if (status != DEMGRAD_OK)
        return status;
    if (options->n < 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "n is %td: it must be 0 or more",
                       options->n);
    if (options->n == 0) { /* a copy of the input, whatever its ndim */
        p->parts[p->n_parts++] = dg_view(input);
        *wanted = demgrad_array_contiguous(NULL, input->dtype, input->ndim, input->shape);
        return DEMGRAD_OK;
    }
    if (input->ndim == 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the input has 0 dimensions: it must have 1 to %d", DEMGRAD_MAX_NDIM);
    status = set_parts(p, input, options, error);
    return status == DEMGRAD_OK ? set_wanted(p, wanted, error) : status;
}

demgrad_status demgrad_array_diff_result(const demgrad_array *input,
                                         const demgrad_array_diff_options *options,
                                         demgrad_array *result, demgrad_error *error) {
    plan p;
    demgrad_array wanted;
    demgrad_status status = set_plan(&p, input, options, &wanted, error);
    if (status == DEMGRAD_OK)
        *result = wanted;
    return status;
}

static demgrad_status take_result(plan *p, const demgrad_array *result, const demgrad_array *wanted,
                                  demgrad_error *error) {
    demgrad_status status = dg_check_result(result, wanted, "the result", error);
    if (status != DEMGRAD_OK)
        return status;
    p->result = dg_view(result);
    for (int k = 0; k < p->n_parts && status == DEMGRAD_OK; k++) {
        const char *name = k < p->input ? "prepend" : k > p->input ? "append" : "the input";
        status = dg_check_disjoint(&p->result, "the result", &p->parts[k], name, error);
    }
    return status;
}

demgrad_status demgrad_array_diff(const demgrad_array *input,
                                  const demgrad_array_diff_options *options,
                                  const demgrad_array *result, demgrad_error *error) {
    plan p;
    demgrad_array wanted;
    demgrad_status status = set_plan(&p, input, options, &wanted, error);
    if (status == DEMGRAD_OK)
        status = take_result(&p, result, &wanted, error);
    if (status != DEMGRAD_OK || demgrad_array_count(result) == 0)
        return status;
    if (p.n == 0) {
        copy_all(&p);
        return DEMGRAD_OK;
    }
    status = prepare(&p, error);
    if (status == DEMGRAD_OK)
        compute(&p);
    free(p.scratch);
    free(p.newest);
    return status;
}
