/* usage: statistics-test TIER
 *
 * Figures are exact, whatever the order and the cuts; truth comes from long sums of integers, and from
 * series whose sum is known. */
#include "kernel.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const dg_kernel *kernel;

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
        kernel->add_statistics(&whole, at(s, type, 0), COUNT, type, &stored);
        for (int end = COUNT, n; end > 0; end -= n) {
            n = 1 + unit_random_below(end < 700 ? end : 700);
            kernel->add_statistics(&parts[unit_random_below(2)], at(s, type, end - n), n, type,
                                   &stored);
        }
        dg_statistics_merge(&parts[1], &parts[0]);
        check_same(&whole, &parts[1]);
        free(s);
    }
}
END_TEST

START_TEST(ends_alone_are_the_same) {
    unit_random_start(75);
    static const double nodata[] = {-9999, (double)NAN};
    static const dg_type types[3][2] = {
        {DG_FLOAT, DG_FLOAT}, {DG_DOUBLE, DG_DOUBLE}, {DG_DOUBLE, DG_FLOAT}};
    for (int i = 0; i < 600; i++) {
        const dg_type type = types[i % 3][0];
        const dg_stored stored = {types[i % 3][1], nodata[i % 2]};
        const int n = 1 + unit_random_below(i < 300 ? 9 : COUNT);
        sample *s = make_sample();
        dg_statistics all, ends;
        dg_statistics_clear(&all);
        dg_statistics_clear(&ends);
        kernel->add_statistics(&all, at(s, type, 0), n, type, &stored);
        kernel->add_ends(&ends, at(s, type, 0), n, type, &stored);
        ck_assert_int_eq(ends.valid, all.valid);
        ck_assert(ends.min == all.min && ends.max == all.max);
        ck_assert(isnan(dg_statistics_mean(&ends)) && isnan(dg_statistics_deviation(&ends)));
        dg_statistics_merge(&all, &ends);
        ck_assert(isnan(dg_statistics_mean(&all)));
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
        kernel->add_statistics(&floats, s->floats, COUNT, DG_FLOAT, &stored);
        kernel->add_statistics(&doubles, s->doubles, COUNT, DG_DOUBLE, &stored);
        check_same(&floats, &doubles);
        free(s);
    }
}
END_TEST

/* Floats that are whole numbers below 2^48: their sums are integers of 64 bits, their squares' of 128. */
enum { WHOLE_COUNT = 20000 };

typedef enum whole_kind {
    NEAR_SIZE,
    GROWING,
    MANY_SIZES,
    SOME_NONE,
    SOME_SMALL,
    ABOVE_0,
    KINDS
} whole_kind;

static const float NONE = -9999;

typedef struct wholes {
    int64_t wholes[WHOLE_COUNT];
    float z[WHOLE_COUNT];
    double mean, deviation;
} wholes;

/* With some small ones, every second 970 numbers take away what those before them brought, and the small ones
 * are left. */
static int64_t random_whole(const wholes *w, whole_kind kind, int i) {
    const bool is_small = kind == SOME_SMALL && i % 97 < 2;
    if (kind == SOME_SMALL && i / 970 % 2 && !is_small)
        return -w->wholes[i - 970];
    const int64_t digits = (1 << 23) + unit_random_below(1 << 23);
    const int shift = kind == GROWING      ? i * 24 / WHOLE_COUNT
                      : kind == MANY_SIZES ? unit_random_below(25)
                      : is_small           ? 0
                                           : 24;
    const int64_t size = digits << shift;
    return kind >= SOME_SMALL || unit_random_chance(0.5) ? size : -size;
}

/* What is no value, in every other 2,000 numbers. */
static bool find_none(whole_kind kind, int i, float *none) {
    static const float nones[] = {NONE, NAN, INFINITY, -INFINITY};
    *none = nones[i % 4];
    return kind == SOME_NONE && i / 2000 % 2 && i % 113 == 0;
}

static wholes *make_wholes(whole_kind kind, double unit) {
    wholes *w = malloc(sizeof *w);
    int64_t sum = 0;
    unsigned __int128 squares = 0, valid = 0;
    for (int i = 0; i < WHOLE_COUNT; i++) {
        if (find_none(kind, i, &w->z[i]))
            continue;
        valid++;
        const int64_t whole = w->wholes[i] = random_whole(w, kind, i);
        const unsigned __int128 size = (unsigned __int128)llabs(whole);
        sum += whole;
        squares += size * size;
        w->z[i] = (float)((double)whole * unit);
    }
    const unsigned __int128 size = (unsigned __int128)llabs(sum);
    w->mean = (double)sum * unit / (double)valid;
    w->deviation = sqrt((double)(valid * squares - size * size)) / (double)valid * unit;
    return w;
}

START_TEST(sums_of_floats_are_those_of_integers) {
    unit_random_start(73);
    const dg_stored stored = {DG_FLOAT, (double)NONE};
    for (int trial = 0; trial < 4 * KINDS; trial++) {
        wholes *w = make_wholes((whole_kind)(trial % KINDS), ldexp(1, -20 * (trial / KINDS)));
        dg_statistics s;
        dg_statistics_clear(&s);
        for (int i = 0, n; i < WHOLE_COUNT; i += n) {
            n = 1 + unit_random_below(WHOLE_COUNT - i < 700 ? WHOLE_COUNT - i : 700);
            kernel->add_statistics(&s, w->z + i, n, DG_FLOAT, &stored);
        }
        ck_assert_double_eq(dg_statistics_mean(&s), w->mean);
        ck_assert_double_eq(dg_statistics_deviation(&s), w->deviation);
        free(w);
    }
}
END_TEST

/* Of 0 and -0 neither is less, and so the first to come would stay. */
START_TEST(zero_has_no_sign) {
    const float floats[2][3] = {{-0.0F, 0, -0.0F}, {0, -0.0F, 0}};
    const double doubles[2][3] = {{-0.0, 0, -0.0}, {0, -0.0, 0}};
    for (int i = 0; i < 4; i++) {
        const dg_type type = i / 2 ? DG_DOUBLE : DG_FLOAT;
        const dg_stored stored = {type, (double)NAN};
        const void *z = i / 2 ? (const void *)doubles[i % 2] : (const void *)floats[i % 2];
        dg_statistics s;
        dg_extremes ends;
        dg_extremes_clear(&ends);
        kernel->take_extremes(&ends, z, 3, type, 1);
        for (int j = 0; j < 2; j++) {
            dg_statistics_clear(&s);
            (j ? kernel->add_ends : kernel->add_statistics)(&s, z, 3, type, &stored);
            ck_assert(s.min == 0 && !signbit(s.min) && !signbit(s.max));
        }
        ck_assert(ends.low.value == 0 && !signbit(ends.low.value) && !signbit(ends.high.value));
        ck_assert_int_eq(ends.low.count, 3);
    }
}
END_TEST

/* Small whole numbers, as many of which are equal, some NaN or infinite. */
static float random_height(int highest) {
    static const float none[] = {NAN, INFINITY, -INFINITY};
    return unit_random_chance(0.1) ? none[unit_random_below(3)]
                                   : (float)(unit_random_below(2 * highest + 1) - highest);
}

/* What a plain loop finds above the least value: how often that comes, and what is next. */
static dg_extreme low_of(const float *z, int n) {
    dg_extreme low = {(double)INFINITY, (double)INFINITY, 0};
    for (int i = 0; i < n; i++)
        low.value = isfinite(z[i]) ? fmin(low.value, (double)z[i]) : low.value;
    for (int i = 0; i < n; i++) {
        low.count += (double)z[i] == low.value;
        if ((double)z[i] > low.value)
            low.next = fmin(low.next, (double)z[i]);
    }
    return low;
}

START_TEST(ends_are_those_of_a_plain_loop) {
    unit_random_start(74);
    for (int trial = 0; trial < 200; trial++) {
        float z[300];
        dg_extremes ends;
        dg_extremes_clear(&ends);
        for (int i = 0; i < 300; i++)
            z[i] = random_height(1 + trial);
        for (int i = 0, n; i < 300; i += n) {
            n = unit_random_below(300 - i) + 1;
            kernel->take_extremes(&ends, z + i, n, DG_FLOAT, 0);
        }
        const dg_extreme low = low_of(z, 300);
        for (int i = 0; i < 300; i++)
            z[i] = -z[i];
        const dg_extreme high = low_of(z, 300);
        ck_assert(ends.low.value == low.value && ends.high.value == -high.value);
        ck_assert(ends.low.count == low.count && ends.high.count == high.count);
        ck_assert(ends.low.next == low.next && ends.high.next == -high.next);
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
        kernel->add_statistics(&s, z, 1000, DG_DOUBLE, &stored);
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
    kernel->add_statistics(&s, z, 3, DG_FLOAT, &stored);
    ck_assert_int_eq(s.valid, 0);
    ck_assert(isnan(dg_statistics_mean(&s)) && isnan(dg_statistics_deviation(&s)));
}
END_TEST

int main(int argc, char **argv) {
    const char *tier = argc > 1 ? argv[1] : "baseline";
    kernel = dg_kernel_select(tier);
    if (!kernel || strcmp(kernel->tier, tier) != 0) {
        printf("statistics-test: skipped, as this CPU or this build has no %s\n", tier);
        return 77;
    }
    unit_seed();
    Suite *suite = suite_create("statistics");
    TCase *figures = tcase_create("figures");
    tcase_add_test(figures, sums_lose_nothing);
    tcase_add_test(figures, sums_round_once);
    tcase_add_test(figures, cuts_and_order_change_nothing);
    tcase_add_test(figures, ends_alone_are_the_same);
    tcase_add_test(figures, floats_are_as_their_doubles);
    tcase_add_test(figures, sums_of_floats_are_those_of_integers);
    tcase_add_test(figures, zero_has_no_sign);
    tcase_add_test(figures, ends_are_those_of_a_plain_loop);
    tcase_add_test(figures, a_series_has_its_mean_and_deviation);
    tcase_add_test(figures, nothing_has_no_mean);
    suite_add_tcase(suite, figures);
    return unit_run(suite);
}
