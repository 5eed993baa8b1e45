/* numpy.gradient: checks, then every row of f with every axis while the row is in the cache. */
#include <demgrad/array.h>

#include "fail.h"
#include "share.h"
#include "spacing.h"
#include "streaming.h"
#include "view.h"
#include "walk.h"

#include <stdio.h>

typedef struct plan {
    demgrad_array f;
    demgrad_array results[DEMGRAD_MAX_NDIM]; /* one for each rule */
    int n_rules;
    dg_axis_rule rules[DEMGRAD_MAX_NDIM];
    const dg_rows *rows;
    dg_quotient *stream;  /* of contiguous rows; NULL: no such way, or results small enough */
    int inner;            /* the axis along which rows lie */
    ptrdiff_t n_rows;     /* rows in f */
    ptrdiff_t n_segments; /* pieces of about equal length that a row is cut into */
} plan;

void demgrad_array_gradient_options_init(demgrad_array_gradient_options *options) {
    if (options)
        *options = (demgrad_array_gradient_options){.edge_order = 1, .threads = 1};
}

demgrad_status demgrad_array_gradient_result(const demgrad_array *f, demgrad_array *result,
                                             demgrad_error *error) {
    demgrad_status status = dg_check_array(f, "f", error);
    if (status == DEMGRAD_OK)
        status = dg_check_given(result, "result", error);
    if (status != DEMGRAD_OK)
        return status;
    if (f->ndim == 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "f has 0 dimensions: it must have 1 to %d",
                       DEMGRAD_MAX_NDIM);
    demgrad_dtype dtype =
        f->dtype == DEMGRAD_DTYPE_FLOAT ? DEMGRAD_DTYPE_FLOAT : DEMGRAD_DTYPE_DOUBLE;
    *result = demgrad_array_contiguous(NULL, dtype, f->ndim, f->shape);
    return DEMGRAD_OK;
}

/* ---- One row --------------------------------------------------------------------------------- */

static const char *offset(const char *data, ptrdiff_t bytes) {
    return data + bytes;
}

static void quotient(const plan *p, const dg_run *run, dg_factor divisor) {
    const bool is_contiguous = run->in_stride == 1 && run->out_stride == 1;
    const bool is_wide_float = divisor.wide && p->f.dtype == DEMGRAD_DTYPE_FLOAT;
    if (p->stream && is_contiguous && !is_wide_float)
        p->stream(run, divisor.value);
    else
        p->rows->quotient[divisor.wide](run, divisor.value);
}

static void combine(const plan *p, const dg_run *run, const dg_factor weights[3]) {
    const double values[3] = {weights[0].value, weights[1].value, weights[2].value};
    const bool wide = weights[0].wide;
    if (p->f.dtype == DEMGRAD_DTYPE_FLOAT && (wide != weights[1].wide || wide != weights[2].wide))
        dg_combine_mixed(run, weights);
    else
        p->rows->combine[wide](run, values);
}

/* Elements at one end of the rule's axis, of which `f` is the first and `step` bytes lead to the
 * next one along the axis. */
static void at_end(const plan *p, const dg_axis_rule *rule, bool first, const char *f,
                   ptrdiff_t step, dg_run *run) {
    if (rule->edge_order == 1) {
        run->in[0] = first ? f : offset(f, -step);
        run->in[1] = first ? offset(f, step) : f;
        dg_factor divisor = first ? rule->first_divisor : rule->last_divisor;
        quotient(p, run, divisor);
        return;
    }
    const char *base = first ? f : offset(f, -2 * step);
    for (int k = 0; k < 3; k++)
        run->in[k] = offset(base, k * step);
    combine(p, run, first ? rule->first_weights : rule->last_weights);
}

/* Elements that all have the index i along the rule's axis. */
static void across(const plan *p, const dg_axis_rule *rule, ptrdiff_t i, const char *f,
                   ptrdiff_t step, dg_run *run) {
    if (i == 0 || i == rule->length - 1) {
        at_end(p, rule, i == 0, f, step, run);
    } else if (rule->uniform) {
        run->in[0] = offset(f, -step);
        run->in[1] = offset(f, step);
        quotient(p, run, rule->divisor);
    } else {
        const double weights[3] = {rule->weights[0][i - 1], rule->weights[1][i - 1],
                                   rule->weights[2][i - 1]};
        for (int k = 0; k < 3; k++)
            run->in[k] = offset(f, (k - 1) * step);
        p->rows->combine[rule->wide](run, weights);
    }
}

/* Elements [begin, end) of a row that lies along the rule's axis and starts at f and out. */
static void along(const plan *p, const dg_axis_rule *rule, ptrdiff_t begin, ptrdiff_t end,
                  const char *f, ptrdiff_t step, char *out, ptrdiff_t out_step, dg_run *run) {
    const ptrdiff_t last = rule->length - 1;
    const ptrdiff_t from = begin > 1 ? begin : 1, to = end < last ? end : last;
    if (begin == 0) {
        run->out = out;
        run->count = 1;
        at_end(p, rule, true, f, step, run);
    }
    if (from < to) {
        run->out = out + from * out_step;
        run->count = to - from;
        if (rule->uniform) {
            run->in[0] = offset(f, (from - 1) * step);
            run->in[1] = offset(f, (from + 1) * step);
            quotient(p, run, rule->divisor);
        } else {
            const double *const weights[3] = {rule->weights[0] + from - 1,
                                              rule->weights[1] + from - 1,
                                              rule->weights[2] + from - 1};
            for (int k = 0; k < 3; k++)
                run->in[k] = offset(f, (from - 1 + k) * step);
            p->rows->combine_each[rule->wide](run, weights);
        }
    }
    if (end == last + 1) {
        run->out = out + last * out_step;
        run->count = 1;
        at_end(p, rule, false, offset(f, last * step), step, run);
    }
}

/* Elements [begin, end) of the walk's present row, along the k-th axis wanted. */
static void one_axis(const plan *p, const dg_walk *walk, int k, ptrdiff_t begin, ptrdiff_t end) {
    const dg_axis_rule *rule = &p->rules[k];
    const demgrad_array *result = &p->results[k];
    const ptrdiff_t size = walk->sizes[0];
    const ptrdiff_t in_stride = p->f.strides[p->inner], out_stride = result->strides[p->inner];
    const ptrdiff_t out_step = out_stride * walk->sizes[k + 1];
    const char *f = walk->rows[0];
    char *out = walk->rows[k + 1];
    dg_run run = {.in_stride = in_stride, .out_stride = out_stride, .count = end - begin};
    if (rule->axis == p->inner) {
        along(p, rule, begin, end, f, in_stride * size, out, out_step, &run);
        return;
    }
    run.out = out + begin * out_step;
    across(p, rule, walk->index[rule->axis], offset(f, begin * in_stride * size),
           p->f.strides[rule->axis] * size, &run);
}

/* ---- All rows -------------------------------------------------------------------------------- */

/* Work items are row segments, numbered so that the same segment of the next row comes next: its
 * neighbours are still in the cache. */
static void do_segments(const void *context, ptrdiff_t begin, ptrdiff_t end) {
    const plan *p = context;
    const ptrdiff_t length = p->f.shape[p->inner];
    dg_walk walk;
    dg_walk_init(&walk, &p->f, p->inner, -1);
    dg_walk_add(&walk, &p->f);
    for (int k = 0; k < p->n_rules; k++)
        dg_walk_add(&walk, &p->results[k]);
    dg_walk_seek(&walk, begin % p->n_rows);
    for (ptrdiff_t item = begin; item < end; item++) {
        const ptrdiff_t segment = item / p->n_rows;
        const ptrdiff_t each = length / p->n_segments, longer = length % p->n_segments;
        const ptrdiff_t from = segment * each + (segment < longer ? segment : longer);
        const ptrdiff_t to = from + each + (segment < longer);
        for (int k = 0; k < p->n_rules; k++)
            one_axis(p, &walk, k, from, to);
        dg_walk_next(&walk);
    }
    if (p->stream)
        dg_stream_end();
}

static void compute(plan *p, int threads) {
    /* Long segments run fastest, as long as the neighbouring rows are still cached when their turn
     * comes; and where a result lies the other way, the lines of it that a segment touches. */
    enum { SEGMENT = 1 << 17, TILE = 64, WORTH_A_THREAD = 1 << 16 };
    /* Bytes of results above which no cache holds them all. */
    enum { CACHE = 1 << 26 };
    const size_t count = demgrad_array_count(&p->f);
    if (count == 0 || p->n_rules == 0)
        return;
    p->rows = dg_rows_for(p->f.dtype);
    const size_t bytes = (size_t)p->n_rules * count * demgrad_dtype_size(p->f.dtype);
    p->stream = bytes > CACHE ? dg_streaming_quotient(p->f.dtype) : NULL;
    p->inner = dg_inner_axis(&p->f, -1);
    p->n_rows = (ptrdiff_t)(count / (size_t)p->f.shape[p->inner]);
    ptrdiff_t segment = SEGMENT;
    for (int k = 0; k < p->n_rules; k++) {
        if (dg_inner_axis(&p->results[k], -1) != p->inner)
            segment = TILE;
    }
    p->n_segments = (p->f.shape[p->inner] - 1) / segment + 1;
    if ((size_t)threads > count / WORTH_A_THREAD + 1)
        threads = (int)(count / WORTH_A_THREAD + 1);
    dg_share(do_segments, p, p->n_rows * p->n_segments, threads);
}

/* ---- Checks ---------------------------------------------------------------------------------- */

static demgrad_status check_options(const demgrad_array_gradient_options *options,
                                    demgrad_error *error) {
    if (options->edge_order != 1 && options->edge_order != 2)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "edge_order is %d: it must be 1 or 2",
                       options->edge_order);
    if (options->threads < 1)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "threads is %d: it must be 1 or more",
                       options->threads);
    if (options->axes ? options->n_axes < 0 : options->n_axes != 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "n_axes is %d: it must be the length of axes, 0 if that is NULL",
                       options->n_axes);
    if (options->n_spacings < 0 || (options->n_spacings > 0 && !options->spacings))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "n_spacings is %d: it must be the length of spacings, 0 if that is NULL",
                       options->n_spacings);
    return DEMGRAD_OK;
}

/* The wanted axes, counted from 0, into axes[]. */
static demgrad_status wanted_axes(const demgrad_array *f,
                                  const demgrad_array_gradient_options *options,
                                  int axes[DEMGRAD_MAX_NDIM], int *n_axes, demgrad_error *error) {
    bool seen[DEMGRAD_MAX_NDIM] = {false};
    const int n = options->axes ? options->n_axes : f->ndim;
    for (int k = 0; k < n; k++) {
        int axis = k;
        demgrad_status status =
            options->axes ? dg_normalize_axis(options->axes[k], f->ndim, &axis, error) : DEMGRAD_OK;
        if (status != DEMGRAD_OK)
            return status;
        if (seen[axis])
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                           "axis %d is given twice: each can be wanted once", axis);
        if (f->shape[axis] < options->edge_order + 1)
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                           "f has too few elements along axis %d: %td; edge_order %d needs %d",
                           axis, f->shape[axis], options->edge_order, options->edge_order + 1);
        seen[axis] = true;
        axes[k] = axis; /* in range: a thirty-third axis would have been one given twice */
    }
    *n_axes = n;
    return DEMGRAD_OK;
}

/* Whether as many spacings are given as n axes can do with. */
static demgrad_status check_spacings(const demgrad_array_gradient_options *options, int n,
                                     demgrad_error *error) {
    const int given = options->n_spacings;
    if (given == 0 || given == n)
        return DEMGRAD_OK;
    if (given == 1 && options->spacings[0].kind != DEMGRAD_SPACING_COORDINATES)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "n_spacings is %d, with %d axes: it must be 0, 1 for one uniform spacing along "
                   "all of them, or one for each",
                   given, n);
}

static demgrad_status set_rules(plan *p, const demgrad_array_gradient_options *options,
                                demgrad_error *error) {
    static const demgrad_spacing none = {.kind = DEMGRAD_SPACING_NONE};
    int axes[DEMGRAD_MAX_NDIM], n = 0;
    demgrad_status status = wanted_axes(&p->f, options, axes, &n, error);
    if (status == DEMGRAD_OK)
        status = check_spacings(options, n, error);
    for (int k = 0; k < n && status == DEMGRAD_OK; k++) {
        const int given = options->n_spacings;
        const demgrad_spacing *spacing =
            given == 0 ? &none : &options->spacings[given == n ? k : 0];
        p->n_rules = k + 1; /* so that the caller releases this one too */
        status =
            dg_axis_rule_init(&p->rules[k], &p->f, axes[k], options->edge_order, spacing, error);
    }
    return status;
}

static demgrad_status take_results(plan *p, const demgrad_array *wanted,
                                   const demgrad_array *results, int n_results,
                                   demgrad_error *error) {
    char names[2][32];
    if (n_results != p->n_rules || (n_results > 0 && !results))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "n_results is %d%s, with %d axes: there must be one for each", n_results,
                       results ? "" : " and results is NULL", p->n_rules);
    for (int k = 0; k < n_results; k++) {
        snprintf(names[0], sizeof names[0], "result %d", k);
        demgrad_status status = dg_check_result(&results[k], wanted, names[0], error);
        if (status != DEMGRAD_OK)
            return status;
        p->results[k] = dg_view(&results[k]);
        status = dg_check_disjoint(&p->results[k], names[0], &p->f, "f", error);
        for (int other = 0; other < k && status == DEMGRAD_OK; other++) {
            snprintf(names[1], sizeof names[1], "result %d", other);
            status =
                dg_check_disjoint(&p->results[other], names[1], &p->results[k], names[0], error);
        }
        if (status != DEMGRAD_OK)
            return status;
    }
    return DEMGRAD_OK;
}

demgrad_status demgrad_array_gradient(const demgrad_array *f,
                                      const demgrad_array_gradient_options *options,
                                      const demgrad_array *results, int n_results,
                                      demgrad_error *error) {
    demgrad_array_gradient_options defaults;
    demgrad_array_gradient_options_init(&defaults);
    if (!options)
        options = &defaults;
    demgrad_array wanted;
    plan p;
    p.n_rules = 0;
    demgrad_status status = demgrad_array_gradient_result(f, &wanted, error);
    if (status == DEMGRAD_OK) {
        p.f = dg_view(f);
        status = check_options(options, error);
    }
    if (status == DEMGRAD_OK)
        status = set_rules(&p, options, error);
    if (status == DEMGRAD_OK)
        status = take_results(&p, &wanted, results, n_results, error);
    if (status == DEMGRAD_OK)
        compute(&p, options->threads);
    for (int k = 0; k < p.n_rules; k++)
        dg_axis_rule_release(&p.rules[k]);
    return status;
}
