/* usage: kernel-test TIER
 *
 * A CPU tier's kernel against the reference, and against the baseline. */
#include "kernel_case.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const dg_kernel *kernel;

static void check_shape(const kernel_shape *shape) {
    const dg_kernel *baseline = dg_kernel_select("baseline");
    kernel_case *c = kernel_case_create(shape);
    kernel_case_check(c, kernel);
    kernel_case_compare(c, kernel, baseline);
    kernel_case_destroy(c);
}

static void check_stencils(kernel_shape shape) {
    for (size_t i = 0; i < dg_stencil_count * 6; i++) {
        shape.stencil = &dg_stencils[i / 6];
        shape.window = unit_random_chance(0.02) ? DG_MAX_WINDOW : 3 + 2 * unit_random_below(4);
        shape.edge_order = 1 + (int)i % 2;
        shape.propagate = i % 3 == 2;
        shape.has_weights = i % 6 >= 3 && shape.stencil->pairs == 1 && shape.stencil->lines == 0;
        check_shape(&shape);
    }
}

static void check_widths(const int *widths, int count, dg_type type) {
    for (int i = 0; i < count * FILL_END * 2; i++) {
        check_stencils((kernel_shape){.width = widths[i / 2 / FILL_END],
                                      .type = type,
                                      .at_end = i % 2,
                                      .fill = (kernel_fill)(i / 2 % FILL_END)});
    }
}

/* 1 to 2 vectors + 1 of the widest tier: 16 floats or 8 doubles. */
static void check_short(dg_type type) {
    int widths[33];
    for (int i = 0; i < 33; i++)
        widths[i] = i + 1;
    check_widths(widths, type == DG_DOUBLE ? 17 : 33, type);
}

START_TEST(short_rows_of_floats) {
    unit_random_start(1);
    check_short(DG_FLOAT);
}
END_TEST

START_TEST(short_rows_of_doubles) {
    unit_random_start(2);
    check_short(DG_DOUBLE);
}
END_TEST

/* Around one, two and three of the strips that a row is worked on in. */
static const int LONG[] = {63, 64, 65, 127, 511, 512, 513, 1000, 1023, 1025, 1537};

START_TEST(long_rows_of_floats) {
    unit_random_start(3);
    check_widths(LONG, sizeof LONG / sizeof *LONG, DG_FLOAT);
}
END_TEST

START_TEST(long_rows_of_doubles) {
    unit_random_start(4);
    check_widths(LONG, sizeof LONG / sizeof *LONG, DG_DOUBLE);
}
END_TEST

/* A pixel's value must not depend on how the columns are cut, as long as the anchor stays. */
START_TEST(cutting_a_span_changes_nothing) {
    unit_random_start(5);
    for (int width = 2; width < 700; width = width * 3 / 2 + 1) {
        const kernel_shape shape = {.width = width,
                                    .stencil =
                                        &dg_stencils[unit_random_below((int)dg_stencil_count)],
                                    .window = 5,
                                    .edge_order = 2,
                                    .fill = FILL_RUNS};
        kernel_case *c = kernel_case_create(&shape);
        c->row.span_count = 1;
        c->spans[0] = (dg_span){c->row.first_col, width, -7, {0.1, 0.2, -0.3, 0.4}, {1e-6, 1e-7}};
        kernel_case_clear(c);
        kernel_case_run(c, kernel);
        char *whole = malloc(c->out.size);
        memcpy(whole, c->out.data, c->out.size);
        const int cut = 1 + unit_random_below(width - 1);
        c->row.span_count = 2;
        c->spans[1] = c->spans[0];
        c->spans[0].width = cut;
        c->spans[1].col += cut;
        c->spans[1].width -= cut;
        kernel_case_clear(c);
        kernel_case_run(c, kernel);
        ck_assert_mem_eq(whole, c->out.data, c->out.size);
        free(whole);
        kernel_case_destroy(c);
    }
}
END_TEST

START_TEST(select_knows_its_tiers) {
    ck_assert_ptr_null(dg_kernel_select("x86-64-v9"));
    ck_assert_ptr_null(dg_kernel_select(""));
    ck_assert_str_eq(dg_kernel_select("baseline")->tier, "baseline");
    ck_assert_ptr_eq(dg_kernel_select(NULL), dg_kernel_select("x86-64-v4"));
    ck_assert_ptr_nonnull(dg_kernel_select("x86-64-v3"));
}
END_TEST

int main(int argc, char **argv) {
    const char *tier = argc > 1 ? argv[1] : "baseline";
    kernel = dg_kernel_select(tier);
    if (!kernel || strcmp(kernel->tier, tier) != 0) {
        printf("kernel-test: skipped, as this CPU or this build has no %s\n", tier);
        return 77;
    }
    printf("kernel of tier %s\n", kernel->tier);
    unit_seed();
    Suite *suite = suite_create("kernel");
    const TTest *const tests[] = {short_rows_of_floats,
                                  short_rows_of_doubles,
                                  long_rows_of_floats,
                                  long_rows_of_doubles,
                                  cutting_a_span_changes_nothing,
                                  select_knows_its_tiers,
                                  NULL};
    unit_add(suite, "rows", tests);
    return unit_run(suite);
}
