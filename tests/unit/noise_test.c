/* The noise of pixels whose windows are not whole: what is quick for wide windows, against the sums over all of a
 * pixel's weights. */
#include "noise.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A patch of validity around a run of pixels. */
typedef struct patch {
    int halo, n;
    bool valid[DG_MAX_WINDOW][DG_STRIP_REACH];
} patch;

static int size_of(const patch *p) {
    return 2 * p->halo + 1;
}

static int wide_of(const patch *p) {
    return p->n + 2 * p->halo;
}

/* Holes everywhere, as likely as said. */
static void make_holes(patch *p, double share) {
    for (int i = 0; i < size_of(p); i++) {
        for (int j = 0; j < wide_of(p); j++)
            p->valid[i][j] = !unit_random_chance(share);
    }
}

/* No data before the row and column that are first, nor from `end` on; negative ones count from the other side. */
static void cut(patch *p, int row, int col, int row_end, int col_end) {
    for (int i = 0; i < size_of(p); i++) {
        for (int j = 0; j < wide_of(p); j++)
            p->valid[i][j] &= i >= row && i < row_end && j >= col && j < col_end;
    }
}

/* Rims, of which the run often is a part. */
static void make_rims(patch *p) {
    const int reach = p->halo + 1;
    const int row = unit_random_below(reach), col = unit_random_below(wide_of(p));
    const bool is_low = unit_random_chance(0.5), is_left = unit_random_chance(0.5);
    cut(p, is_low ? row : 0, is_left ? col : 0, is_low ? size_of(p) : size_of(p) - row,
        is_left ? wide_of(p) : wide_of(p) - col);
}

/* Rows and columns without data: lines beside them have one-sided differences. */
static void make_stripes(patch *p) {
    const int period = 2 + unit_random_below(4), phase = unit_random_below(period);
    const bool is_row = unit_random_chance(0.5);
    for (int i = 0; i < size_of(p); i++) {
        for (int j = 0; j < wide_of(p); j++)
            p->valid[i][j] &= ((is_row ? i : j) + phase) % period != 0;
    }
}

static void make_patch(patch *p, int n) {
    static const double SHARES[] = {0, 0, 0.0005, 0.02, 0.1, 0.4, 0.7, 1};
    p->n = n;
    make_holes(p, SHARES[unit_random_below((int)(sizeof SHARES / sizeof *SHARES))]);
    if (unit_random_chance(0.4))
        make_rims(p);
    if (unit_random_chance(0.2))
        make_rims(p);
    if (unit_random_chance(0.2))
        make_stripes(p);
}

static dg_noise find_general(const dg_differences *d, const patch *p, int i) {
    static bool valid[DG_MAX_WINDOW * DG_MAX_WINDOW];
    static double room[2 * DG_MAX_WINDOW * DG_MAX_WINDOW];
    for (int row = 0; row < size_of(p); row++)
        memcpy(valid + row * size_of(p), p->valid[row] + i, (size_t)size_of(p));
    return dg_differences_noise(d, valid, NULL, NULL, room);
}

static void find_wide(dg_wide_noise *wide, const patch *p, int first, int n) {
    for (int row = 0; row < size_of(p); row++) {
        for (int i = 0; i < n + 2 * p->halo; i++)
            wide->rows[row][i] = p->valid[row][first + i];
    }
    dg_wide_noise_find(wide, n);
}

/* Each is a sum of some 10,000 rounded products, in an order of its own: that errs by some 100 of the last digit's
 * halves, of what the variances are. */
static void check_noise(dg_noise found, dg_noise right) {
    const double tolerance = 1e-13;
    ck_assert(isnan(found.along) == isnan(right.along));
    ck_assert(isnan(found.both) == isnan(right.both));
    ck_assert(isnan(found.across) == isnan(right.across));
    if (!isnan(right.along))
        ASSERT_NEAR(found.along, right.along, tolerance * right.along);
    if (!isnan(right.across))
        ASSERT_NEAR(found.across, right.across, tolerance * right.across);
    if (!isnan(right.both))
        ASSERT_NEAR(found.both, right.both, tolerance * sqrt(right.along * right.across));
}

static void check_differences(const dg_differences *d, int patches) {
    dg_wide_noise *wide = dg_wide_noise_create(d);
    patch *p = malloc(sizeof *p);
    p->halo = dg_differences_halo(d);
    for (int k = 0; k < patches; k++) {
        make_patch(p, 1 + unit_random_below(8));
        find_wide(wide, p, 0, p->n);
        for (int i = 0; i < p->n; i++)
            check_noise(wide->noise[i], find_general(d, p, i));
    }
    free(p);
    free(wide);
}

static void check_stencil(const dg_stencil *stencil, int window, int patches) {
    for (int edge_order = 1; edge_order <= 2; edge_order++) {
        for (int propagate = 0; propagate <= 1; propagate++) {
            const dg_differences d =
                dg_differences_make(stencil, window, edge_order, propagate == 1);
            check_differences(&d, patches);
        }
    }
}

START_TEST(windows_have_the_noise_of_their_weights) {
    static const int WINDOWS[] = {3, 5, 7, 9, 33, 99};
    unit_random_start(21);
    for (size_t i = 0; i < sizeof WINDOWS / sizeof *WINDOWS; i++)
        check_stencil(dg_stencil_find("evans"), WINDOWS[i], 40000 / WINDOWS[i] / WINDOWS[i] + 60);
}
END_TEST

/* With more pairs than lines, and the other way round, and weights that are not in order. */
START_TEST(other_stencils_have_too) {
    static const double WEIGHTS[] = {45, -9, 1, 7, 2};
    unit_random_start(22);
    for (int pairs = 1; pairs <= 5; pairs++) {
        for (int lines = 0; lines <= 5; lines++) {
            const dg_stencil stencil = {"", "", pairs, lines, true, WEIGHTS};
            check_stencil(&stencil, 0, 300);
        }
    }
}
END_TEST

/* The bytes of a pixel are the same, whatever it is computed with. */
START_TEST(pixels_do_not_know_of_their_run) {
    unit_random_start(23);
    const dg_differences d = dg_differences_make(dg_stencil_find("evans"), 33, 2, false);
    dg_wide_noise *whole = dg_wide_noise_create(&d), *part = dg_wide_noise_create(&d);
    patch *p = malloc(sizeof *p);
    p->halo = dg_differences_halo(&d);
    for (int k = 0; k < 200; k++) {
        make_patch(p, DG_STRIP);
        const int first = unit_random_below(DG_STRIP), n = 1 + unit_random_below(DG_STRIP - first);
        find_wide(whole, p, 0, DG_STRIP);
        find_wide(part, p, first, n);
        for (int i = 0; i < n; i++) {
            if (!isnan(part->noise[i].both))
                ck_assert(memcmp(&part->noise[i], &whole->noise[first + i], sizeof *part->noise) ==
                          0);
        }
    }
    free(p);
    free(whole);
    free(part);
}
END_TEST

/* Those that it is not for. */
START_TEST(lines_that_differ_do_not_suit) {
    dg_differences d = dg_differences_make(dg_stencil_find("florinsky"), 0, 1, false);
    ck_assert(!dg_wide_noise_suits(&d));
    d = dg_differences_make(dg_stencil_find("evans"), 9, 1, false);
    ck_assert(dg_wide_noise_suits(&d));
}
END_TEST

int main(void) {
    unit_seed();
    Suite *suite = suite_create("noise");
    const TTest *const tests[] = {windows_have_the_noise_of_their_weights, other_stencils_have_too,
                                  pixels_do_not_know_of_their_run, lines_that_differ_do_not_suit,
                                  NULL};
    unit_add(suite, "wide", tests);
    return unit_run(suite);
}
