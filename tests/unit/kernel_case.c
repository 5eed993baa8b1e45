#include "kernel_case.h"

#include "kernel_reference.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t element_size(const kernel_case *c) {
    return c->shape.is_double ? sizeof(double) : sizeof(float);
}

static double terrain(void) {
    return unit_random_between(-500, 9000);
}

static double extreme(bool is_double) {
    const double largest = is_double ? DBL_MAX : (double)FLT_MAX;
    const double smallest = is_double ? DBL_TRUE_MIN : (double)FLT_TRUE_MIN;
    const double normal = is_double ? DBL_MIN : (double)FLT_MIN;
    const double values[] = {0,       0,    1,      1.5,         smallest,   3 * smallest,
                             largest, 1e-3, normal, largest / 2, normal / 2, normal * 1.75,
                             1e30,    4096, 1e-30,  largest / 4};
    const double value = values[unit_random_below(sizeof values / sizeof *values)];
    return unit_random_chance(0.5) ? -value : value;
}

static double make_pixel(const kernel_shape *shape, bool *in_run) {
    switch (shape->fill) {
    case FILL_NODATA:
        return unit_random_chance(0.4) ? (double)NAN : terrain();
    case FILL_RUNS:
        *in_run ^= unit_random_chance(0.2);
        return *in_run ? (double)NAN : terrain();
    case FILL_EXTREME:
        return extreme(shape->is_double);
    case FILL_INFINITE:
        return unit_random_chance(0.3) ? (unit_random_chance(0.5) ? -1 : 1) * (double)INFINITY
                                       : terrain();
    case FILL_EMPTY:
        return (double)NAN;
    default:
        return terrain();
    }
}

static void set_pixel(kernel_case *c, int row, ptrdiff_t i, double value) {
    if (c->shape.is_double)
        ((double *)(void *)c->z[row].data)[i] = value;
    else
        ((float *)(void *)c->z[row].data)[i] = (float)value;
}

/* Pixels outside the raster are NaN, as the reader has them. */
static void fill_row(kernel_case *c, int i) {
    const int row = c->row.row + i - DG_HALO;
    const bool row_is_outside = row < 0 || row >= c->raster_height;
    bool in_run = unit_random_chance(0.5);
    for (int j = 0; j < c->shape.width + 2 * DG_HALO; j++) {
        const int col = c->row.first_col + j - DG_HALO;
        const double z = make_pixel(&c->shape, &in_run);
        const bool is_outside = row_is_outside || col < 0 || col >= c->raster_width;
        set_pixel(c, i, j, is_outside ? (double)NAN : z);
    }
}

static void make_factor(dg_span *span, int which) {
    const double kind = unit_random_between(0, 1);
    span->k[which] = unit_random_between(-0.1, 0.1);
    span->dk[which] = unit_random_between(-1e-5, 1e-5);
    if (kind < 0.3) {
        span->k[which] = span->dk[which] = 0;
    } else if (kind < 0.35) {
        span->k[which] = (double)NAN;
    } else if (kind < 0.45) { /* through 0, exactly, at a column */
        span->k[which] = -unit_random_below(span->width + span->col - span->anchor) * 0.125;
        span->dk[which] = 0.125;
    } else if (kind < 0.55) {
        span->k[which] = 1;
        span->dk[which] = 0;
    }
}

/* Cuts the columns, and some around them, into spans; some are left out, and must then stay as they
 * are. */
static void make_spans(kernel_case *c) {
    const int end = c->row.first_col + c->shape.width + unit_random_below(9);
    int col = c->row.first_col - unit_random_below(9);
    for (size_t n = 0; col < end && n < KERNEL_CASE_SPANS; n++) {
        const int left = end - col;
        const int width = unit_random_chance(0.5) ? left : 1 + unit_random_below(left);
        dg_span *span = &c->spans[c->row.span_count];
        *span = (dg_span){.col = col, .width = width, .anchor = col - unit_random_below(40)};
        for (int i = 0; i < 4; i++)
            make_factor(span, i);
        c->row.span_count += unit_random_chance(0.9);
        col += width;
    }
    c->row.spans = c->spans;
}

static guarded make_weights(int n, bool at_end) {
    guarded memory = guarded_create((size_t)n * sizeof(dg_axis_weights), at_end);
    double *x = malloc((size_t)n * sizeof *x);
    x[0] = unit_random_between(-100, 100);
    const double sign = unit_random_chance(0.5) ? 1 : -1;
    for (int i = 1; i < n; i++)
        x[i] = x[i - 1] + sign * unit_random_between(0.1, 30);
    dg_axis_weights_fill(x, n, (dg_axis_weights *)(void *)memory.data);
    free(x);
    return memory;
}

static void place(kernel_case *c) {
    const bool at_end = c->shape.at_end;
    c->row.first_col = unit_random_below(5);
    c->row.width = c->shape.width;
    c->raster_width = c->row.first_col + c->shape.width + unit_random_below(4);
    c->raster_height = 1 + unit_random_below(7);
    c->row.row = unit_random_below(c->raster_height);
    c->columns = make_weights(c->raster_width, at_end);
    c->rows = make_weights(c->raster_height, at_end);
    c->stencil = (dg_stencil){.edge_order = c->shape.edge_order, .propagate = c->shape.propagate};
    if (c->shape.has_weights) {
        const int which = 1 + unit_random_below(3);
        c->stencil.columns = which & 1 ? (const void *)c->columns.data : NULL;
        c->stencil.rows = which & 2 ? (const void *)c->rows.data : NULL;
    }
}

kernel_case *kernel_case_create(const kernel_shape *shape) {
    static const double nodata[] = {(double)NAN, -9999, 0};
    kernel_case *c = calloc(1, sizeof *c);
    c->shape = *shape;
    place(c);
    const size_t element = element_size(c), width = (size_t)shape->width;
    for (int i = 0; i < KERNEL_CASE_ROWS; i++) {
        c->z[i] = guarded_create((width + 2 * DG_HALO) * element, shape->at_end);
        fill_row(c, i);
        c->row.z[i] = c->z[i].data + DG_HALO * element;
    }
    for (int i = 0; i < 2; i++)
        c->out[i] = guarded_create(width * element, shape->at_end);
    const int wanted = unit_random_below(4); /* 1: not dz/dx, 2: not dz/dy */
    c->row.dzdx = wanted == 1 ? NULL : c->out[0].data;
    c->row.dzdy = wanted == 2 ? NULL : c->out[1].data;
    c->row.nodata = nodata[unit_random_below(3)];
    make_spans(c);
    return c;
}

void kernel_case_destroy(kernel_case *c) {
    for (int i = 0; i < KERNEL_CASE_ROWS; i++)
        guarded_destroy(&c->z[i]);
    guarded_destroy(&c->out[0]);
    guarded_destroy(&c->out[1]);
    guarded_destroy(&c->columns);
    guarded_destroy(&c->rows);
    free(c);
}

void kernel_case_clear(kernel_case *c) {
    guarded_reset(&c->out[0]);
    guarded_reset(&c->out[1]);
}

void kernel_case_run(kernel_case *c, const dg_kernel *kernel) {
    (c->shape.is_double ? kernel->row_double : kernel->row_float)(&c->stencil, &c->row);
}

static void check_component(const kernel_case *c, int which, const char *expected,
                            const char *kernel, const char *other) {
    const kernel_shape *s = &c->shape;
    const size_t element = element_size(c);
    for (int i = 0; i < s->width; i++) {
        const char *found = c->out[which].data + (size_t)i * element;
        const char *right = expected + (size_t)i * element;
        if (memcmp(found, right, element) == 0)
            continue;
        double values[2];
        for (int j = 0; j < 2; j++) {
            const void *at = j ? right : found;
            values[j] = s->is_double ? *(const double *)at : (double)*(const float *)at;
        }
        ck_abort_msg("%s: %s of column %d is %a and not %a as by %s (%s, width %d, fill %d, edge "
                     "order %d, propagate %d, weights %d)",
                     kernel, which ? "dz/dy" : "dz/dx", i, values[0], values[1], other,
                     s->is_double ? "double" : "float", s->width, (int)s->fill, s->edge_order,
                     s->propagate, s->has_weights);
    }
    ck_assert_msg(guarded_is_clean(&c->out[which]), "%s wrote outside its row", kernel);
}

/* Runs `kernel` against what is in the outputs now. */
static void run_against_outputs(kernel_case *c, const dg_kernel *kernel, const char *other) {
    char *expected[2];
    for (int i = 0; i < 2; i++) {
        expected[i] = malloc(c->out[i].size);
        memcpy(expected[i], c->out[i].data, c->out[i].size);
    }
    kernel_case_clear(c);
    kernel_case_run(c, kernel);
    for (int i = 0; i < 2; i++) {
        check_component(c, i, expected[i], kernel->tier, other);
        free(expected[i]);
    }
}

void kernel_case_check(kernel_case *c, const dg_kernel *kernel) {
    kernel_case_clear(c);
    kernel_reference_row(&c->stencil, &c->row, c->shape.is_double);
    run_against_outputs(c, kernel, "the reference");
}

void kernel_case_compare(kernel_case *c, const dg_kernel *kernel, const dg_kernel *other) {
    kernel_case_clear(c);
    kernel_case_run(c, other);
    run_against_outputs(c, kernel, other->tier);
}
