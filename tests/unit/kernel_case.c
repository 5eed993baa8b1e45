#include "kernel_case.h"

#include "kernel_reference.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t element_size(const kernel_case *c) {
    return dg_type_size(c->shape.type);
}

static double terrain(void) {
    return unit_random_between(-500, 9000);
}

static double extreme(dg_type type) {
    const double largest = type == DG_DOUBLE ? DBL_MAX : (double)FLT_MAX;
    const double smallest = type == DG_DOUBLE ? DBL_TRUE_MIN : (double)FLT_TRUE_MIN;
    const double normal = type == DG_DOUBLE ? DBL_MIN : (double)FLT_MIN;
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
        return extreme(shape->type);
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
    if (c->shape.type == DG_DOUBLE)
        ((double *)(void *)c->z[row].data)[i] = value;
    else
        ((float *)(void *)c->z[row].data)[i] = (float)value;
}

/* Pixels outside the raster are NaN, as the reader has them. */
static void fill_row(kernel_case *c, int i) {
    const int row = c->row.row + i - c->halo;
    const bool row_is_outside = row < 0 || row >= c->raster_height;
    bool in_run = unit_random_chance(0.5);
    for (int j = 0; j < c->shape.width + 2 * c->halo; j++) {
        const int col = c->row.first_col + j - c->halo;
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

/* Cuts the columns, and some around them, into spans. */
static void make_spans(kernel_case *c) {
    const int end = c->row.first_col + c->shape.width + unit_random_below(9);
    int col = c->row.first_col - unit_random_below(9);
    while (col < end) {
        const int left = end - col;
        const bool is_last = c->row.span_count + 1 == KERNEL_CASE_SPANS || unit_random_chance(0.5);
        const int width = is_last ? left : 1 + unit_random_below(left);
        dg_span *span = &c->spans[c->row.span_count++];
        *span = (dg_span){.col = col, .width = width, .anchor = col - unit_random_below(40)};
        for (int i = 0; i < 4; i++)
            make_factor(span, i);
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
    c->recipe.differences = dg_differences_make(c->shape.stencil, c->shape.window,
                                                c->shape.edge_order, c->shape.propagate);
    c->halo = dg_differences_halo(&c->recipe.differences);
    if (c->shape.has_weights) {
        const int which = 1 + unit_random_below(3);
        c->recipe.differences.columns = which & 1 ? (const void *)c->columns.data : NULL;
        c->recipe.differences.rows = which & 2 ? (const void *)c->rows.data : NULL;
    }
}

static void choose_bands(kernel_case *c) {
    static const char *const choices[][2] = {
        {"dzdx", "dzdy"}, {"dzdy", "dzdx"}, {"dzdx", NULL}, {"dzdy", NULL}};
    const char *const *choice = choices[unit_random_below(4)];
    for (int i = 0; i < 2 && choice[i]; i++)
        c->bands[c->recipe.band_count++] = dg_kernel_band(dg_kernel_select("baseline"), choice[i]);
    c->recipe.bands = c->bands;
}

kernel_case *kernel_case_create(const kernel_shape *shape) {
    static const double nodata[] = {(double)NAN, -9999, 0};
    kernel_case *c = calloc(1, sizeof *c);
    c->shape = *shape;
    place(c);
    choose_bands(c);
    const size_t element = element_size(c), width = (size_t)shape->width;
    const size_t halo = (size_t)c->halo;
    for (int i = 0; i <= 2 * c->halo; i++) {
        c->z[i] = guarded_create((width + 2 * halo) * element, shape->at_end);
        fill_row(c, i);
        c->rows_of_z[i] = c->z[i].data + halo * element;
    }
    c->row.z = c->rows_of_z;
    c->out = guarded_create(width * element * (size_t)c->recipe.band_count, shape->at_end);
    c->row.out = c->out.data;
    c->row.band_stride = shape->width;
    c->recipe.nodata = nodata[unit_random_below(3)];
    make_spans(c);
    demgrad_error error;
    ASSERT_OK(dg_workspace_create(&c->recipe, shape->type, &c->row.workspace, &error));
    return c;
}

void kernel_case_destroy(kernel_case *c) {
    for (int i = 0; i <= 2 * c->halo; i++)
        guarded_destroy(&c->z[i]);
    guarded_destroy(&c->out);
    guarded_destroy(&c->columns);
    guarded_destroy(&c->rows);
    dg_workspace_destroy(c->row.workspace);
    free(c);
}

void kernel_case_clear(kernel_case *c) {
    guarded_reset(&c->out);
}

void kernel_case_run(kernel_case *c, const dg_kernel *kernel) {
    const int most = dg_recipe_columns(&c->recipe, c->shape.type);
    const ptrdiff_t element = (ptrdiff_t)element_size(c);
    c->has_infinite = false;
    for (int col = 0; col < c->row.width; col += most) {
        const void *z[KERNEL_CASE_ROWS];
        for (int i = 0; i <= 2 * c->halo; i++)
            z[i] = (const char *)c->row.z[i] + col * element;
        dg_row part = c->row;
        part.z = z;
        part.first_col += col;
        part.width = c->row.width - col < most ? c->row.width - col : most;
        part.out = (char *)c->row.out + col * element;
        dg_workspace_restart(part.workspace);
        part.next = unit_random_chance(0.5) ? NULL : z[0];
        c->has_infinite |= kernel->rows[c->shape.type](&c->recipe, &part);
        if (most >= c->row.width)
            break;
    }
}

static double value_at(const kernel_case *c, const char *at) {
    return dg_value(at, c->shape.type, 0);
}

static void check_output(const kernel_case *c, const char *expected, const char *kernel,
                         const char *other) {
    const kernel_shape *s = &c->shape;
    const size_t element = element_size(c);
    for (int i = 0; i < s->width * c->recipe.band_count; i++) {
        const char *found = c->out.data + (size_t)i * element;
        const char *right = expected + (size_t)i * element;
        if (memcmp(found, right, element) == 0)
            continue;
        ck_abort_msg("%s: %s of column %d is %a and not %a as by %s (%s %d, %s, width %d, fill %d, "
                     "edge order %d, propagate %d, weights %d)",
                     kernel, c->bands[i / s->width]->name, i % s->width, value_at(c, found),
                     value_at(c, right), other, s->stencil->name, s->window,
                     s->type == DG_DOUBLE ? "double" : "float", s->width, (int)s->fill,
                     s->edge_order, s->propagate, s->has_weights);
    }
    for (int i = 0; i < s->width * c->recipe.band_count && !c->has_infinite; i++) {
        if (isinf(value_at(c, c->out.data + (size_t)i * element)))
            ck_abort_msg("%s: column %d is infinite, and it does not say so", kernel, i % s->width);
    }
    ck_assert_msg(!c->has_infinite || s->fill == FILL_EXTREME,
                  "%s says that a value is infinite, where none can be", kernel);
    ck_assert_msg(guarded_is_clean(&c->out), "%s wrote outside its row", kernel);
}

/* Runs `kernel` against what is in the output now. */
static void run_against_output(kernel_case *c, const dg_kernel *kernel, const char *other) {
    char *expected = malloc(c->out.size);
    memcpy(expected, c->out.data, c->out.size);
    kernel_case_clear(c);
    kernel_case_run(c, kernel);
    check_output(c, expected, kernel->tier, other);
    free(expected);
}

void kernel_case_check(kernel_case *c, const dg_kernel *kernel) {
    kernel_case_clear(c);
    kernel_reference_row(&c->recipe, &c->row, c->shape.type);
    run_against_output(c, kernel, "the reference");
}

void kernel_case_compare(kernel_case *c, const dg_kernel *kernel, const dg_kernel *other) {
    kernel_case_clear(c);
    kernel_case_run(c, other);
    run_against_output(c, kernel, other->tier);
}
