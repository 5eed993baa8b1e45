/* Figures are exact, whatever the order and the cuts; truth comes from long sums of integers, and from
 * series whose sum is known. */
#include "statistics.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

START_TEST(sums_lose_nothing) {
    dg_sum sum = {0};
    dg_sum_add(&sum, 1e280);
    dg_sum_add(&sum, 1);
    dg_sum_add(&sum, 1e-280);
    ck_assert_double_eq(dg_sum_value(&sum), 1e280);
    dg_sum_add(&sum, -1e280);
    ck_assert_double_eq(dg_sum_value(&sum), 1);
    dg_sum_add(&sum, -1);
    ck_assert_double_eq(dg_sum_value(&sum), 1e-280);
    dg_sum_add(&sum, -1e-280);
    ck_assert_double_eq(dg_sum_value(&sum), 0);
    ck_assert_int_eq(sum.count, 0);
}
END_TEST

START_TEST(sums_round_once) {
    dg_sum sum = {0};
    dg_sum_add(&sum, 1);
    dg_sum_add(&sum, DBL_EPSILON / 2); /* a tie: to the even one */
    ck_assert_double_eq(dg_sum_value(&sum), 1);
    dg_sum_add(&sum, DBL_TRUE_MIN); /* no tie any more */
    ck_assert_double_eq(dg_sum_value(&sum), 1 + DBL_EPSILON);
}
END_TEST

/* From 1e-30 to 1e30, of both signs, a tenth of them nodata, NaN or infinite. */
static double random_value(void) {
    static const double none[] = {-9999, (double)NAN, (double)INFINITY};
    if (unit_random_chance(0.1))
        return none[unit_random_below(3)];
    const double size = pow(10, unit_random_below(60) - 30) * (1 + unit_random_below(1 << 20));
    return unit_random_chance(0.5) ? size : -size;
}

static void check_same(const dg_statistics *a, const dg_statistics *b) {
    ck_assert_int_eq(a->valid, b->valid);
    ck_assert(a->min == b->min && a->max == b->max);
    ck_assert(dg_statistics_mean(a) == dg_statistics_mean(b));
    ck_assert(dg_statistics_deviation(a) == dg_statistics_deviation(b));
}

enum { COUNT = 3000 };

typedef struct sample {
    double doubles[COUNT];
    float floats[COUNT];
} sample;

static sample *make_sample(void) {
    sample *s = malloc(sizeof *s);
    for (int i = 0; i < COUNT; i++) {
        s->doubles[i] = random_value();
        s->floats[i] = (float)s->doubles[i];
    }
    return s;
}

static const void *at(const sample *s, dg_type type, int i) {
    return type == DG_DOUBLE ? (const void *)&s->doubles[i] : (const void *)&s->floats[i];
}

START_TEST(cuts_and_order_change_nothing) {
    unit_random_start(71);
    static const dg_type types[3][2] = {
        {DG_FLOAT, DG_FLOAT}, {DG_DOUBLE, DG_DOUBLE}, {DG_DOUBLE, DG_FLOAT}};
    for (int i = 0; i < 60; i++) {
        const dg_type type = types[i % 3][0];
        const dg_stored stored = {types[i % 3][1], -9999};
        sample *s = make_sample();
        dg_statistics whole, parts[2];
        dg_statistics_clear(&whole);
        dg_statistics_clear(&parts[0]);
        dg_statistics_clear(&parts[1]);
        dg_statistics_add(&whole, at(s, type, 0), COUNT, type, &stored);
        for (int end = COUNT, n; end > 0; end -= n) {
            n = 1 + unit_random_below(end < 700 ? end : 700);
            dg_statistics_add(&parts[unit_random_below(2)], at(s, type, end - n), n, type, &stored);
        }
        dg_statistics_merge(&parts[1], &parts[0]);
        check_same(&whole, &parts[1]);
        free(s);
    }
}
END_TEST

START_TEST(floats_are_as_their_doubles) {
    unit_random_start(72);
    const dg_stored stored = {DG_FLOAT, -9999};
    for (int i = 0; i < 20; i++) {
        sample *s = make_sample();
        dg_statistics floats, doubles;
        dg_statistics_clear(&floats);
        dg_statistics_clear(&doubles);
        dg_statistics_add(&floats, s->floats, COUNT, DG_FLOAT, &stored);
        dg_statistics_add(&doubles, s->doubles, COUNT, DG_DOUBLE, &stored);
        check_same(&floats, &doubles);
        free(s);
    }
}
END_TEST

/* 0, 1, ... n - 1 above a height: the mean is the height + (n - 1) / 2, the variance (n^2 - 1) / 12,
 * however high it is. */
START_TEST(a_series_has_its_mean_and_deviation) {
    const dg_stored stored = {DG_DOUBLE, (double)NAN};
    static const double heights[] = {0, 1e6, 1e12, 4e15};
    for (int i = 0; i < 4; i++) {
        dg_statistics s;
        dg_statistics_clear(&s);
        double z[1000];
        for (int j = 0; j < 1000; j++)
            z[j] = heights[i] + j;
        dg_statistics_add(&s, z, 1000, DG_DOUBLE, &stored);
        ck_assert_double_eq(dg_statistics_mean(&s), heights[i] + 499.5);
        ck_assert_double_eq(dg_statistics_deviation(&s), sqrt(999999 / 12.0));
    }
}
END_TEST

START_TEST(nothing_has_no_mean) {
    const dg_stored stored = {DG_FLOAT, -9999};
    const float z[] = {-9999, NAN, INFINITY};
    dg_statistics s;
    dg_statistics_clear(&s);
    dg_statistics_add(&s, z, 3, DG_FLOAT, &stored);
    ck_assert_int_eq(s.valid, 0);
    ck_assert(isnan(dg_statistics_mean(&s)) && isnan(dg_statistics_deviation(&s)));
}
END_TEST

int main(void) {
    unit_seed();
    Suite *suite = suite_create("statistics");
    TCase *figures = tcase_create("figures");
    tcase_add_test(figures, sums_lose_nothing);
    tcase_add_test(figures, sums_round_once);
    tcase_add_test(figures, cuts_and_order_change_nothing);
    tcase_add_test(figures, floats_are_as_their_doubles);
    tcase_add_test(figures, a_series_has_its_mean_and_deviation);
    tcase_add_test(figures, nothing_has_no_mean);
    suite_add_tcase(suite, figures);
    return unit_run(suite);
}
