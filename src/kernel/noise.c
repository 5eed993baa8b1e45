#include "noise.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Kinds of lines; one of 1 ... DG_MAX_HALF has so many pairs. */
enum { NONE = 0, BEFORE = DG_MAX_HALF + 1, BEFORE_2, AFTER, AFTER_2 };

/* Where a pixel has fewer lines on each side, the general way is as quick. */
enum { LEAST_LINES = 2 };

bool dg_wide_noise_suits(const dg_differences *differences) {
    return differences->stencil->is_same && differences->lines >= LEAST_LINES &&
           !differences->columns && !differences->rows;
}

/* The kind of a line that has data at its middle, and at so many pixels in a row before and after. */
static int find_kind(const dg_differences *d, int before, int after) {
    int pairs = before < after ? before : after;
    pairs = pairs < d->pairs ? pairs : d->pairs;
    if (d->propagate)
        return pairs == d->pairs ? pairs : NONE;
    if (pairs > 0)
        return pairs;
    if (before > 0)
        return before > 1 && d->edge_order == 2 ? BEFORE_2 : BEFORE;
    if (after > 0)
        return after > 1 && d->edge_order == 2 ? AFTER_2 : AFTER;
    return NONE;
}

/* Fills what is known of the kind of line that has data from `before` pixels before its middle to `after` after. */
static void add_kind(dg_wide_noise *w, int before, int after) {
    const dg_differences *d = &w->differences;
    const int kind = find_kind(d, before, after);
    bool valid[DG_MAX_WINDOW] = {false}, *middle = valid + DG_MAX_HALF;
    for (int i = -before; i <= after; i++)
        middle[i] = true;
    double *weights = w->weights[kind];
    if (kind == NONE || !dg_differences_line_weights(d, middle, weights + DG_MAX_HALF))
        return;
    w->squares[kind] = 0;
    for (int i = 0; i < DG_MAX_WINDOW; i++)
        w->squares[kind] += weights[i] * weights[i];
    if (kind < BEFORE) {
        w->pairs[kind] = kind < d->lines ? kind : d->lines;
        w->scales[kind] = weights[DG_MAX_HALF + 1] / w->pair_weights[1];
    }
}

dg_wide_noise *dg_wide_noise_create(const dg_differences *differences) {
    dg_wide_noise *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->differences = *differences;
    w->halo = dg_differences_halo(differences);
    for (int pairs = 1; pairs <= differences->pairs; pairs++) {
        w->pair_weights[pairs] = dg_differences_weight(differences, 0, pairs);
        add_kind(w, pairs, pairs);
    }
    for (int reach = 1; reach <= differences->edge_order; reach++) {
        add_kind(w, reach, 0);
        add_kind(w, 0, reach);
    }
    return w;
}

/* The kinds of the lines in columns: how far data goes up and down from the run's row. */
static void find_columns(dg_wide_noise *w, int wide) {
    unsigned char up[DG_STRIP_REACH] = {0}, down[DG_STRIP_REACH] = {0};
    unsigned char is_up[DG_STRIP_REACH], is_down[DG_STRIP_REACH];
    const unsigned char *here = w->rows[w->halo];
    memcpy(is_up, here, sizeof is_up);
    memcpy(is_down, here, sizeof is_down);
    for (int row = 1; row <= w->halo; row++) {
        const unsigned char *above = w->rows[w->halo - row], *below = w->rows[w->halo + row];
        for (int i = 0; i < wide; i++) {
            is_up[i] &= above[i];
            up[i] += is_up[i];
            is_down[i] &= below[i];
            down[i] += is_down[i];
        }
    }
    for (int i = 0; i < wide; i++)
        w->columns[i] =
            (unsigned char)(here[i] ? find_kind(&w->differences, up[i], down[i]) : NONE);
}

/* The kinds of the lines in a row: how many pixels have data up to each from the left, itself counted, and from the
 * right. */
static void find_row(const dg_differences *d, int wide, unsigned char *row) {
    int run = 0;
    for (int i = 0; i < wide; i++) {
        run = row[i] ? run + (run < DG_MAX_WINDOW) : 0;
        row[i] = (unsigned char)run;
    }
    run = 0;
    for (int i = wide - 1; i >= 0; i--) {
        run = row[i] ? run + (run < DG_MAX_WINDOW) : 0;
        row[i] = (unsigned char)(run ? find_kind(d, row[i] - 1, run - 1) : NONE);
    }
}

/* The covariance's share of one-sided differences, each with the lines across that its few pixels lie in. `at` is the
 * pixel's place in the rows. */
static double sum_one_sided(const dg_wide_noise *w, int at) {
    const int lines = w->differences.lines, order = w->differences.edge_order;
    const int reach = lines < order ? lines : order;
    double sum = 0;
    for (int i = -lines; i <= lines; i++) {
        const int row = w->rows[w->halo + i][at], column = w->columns[at + i];
        for (int j = -reach; j <= reach && row >= BEFORE; j++) {
            const int across = w->columns[at + j];
            sum += w->weights[row][DG_MAX_HALF + j] * w->weights[across][DG_MAX_HALF + i];
        }
        for (int j = -reach; j <= reach && column >= BEFORE; j++) {
            const int across = w->rows[w->halo + j][at];
            if (across < BEFORE) /* else it has been counted already */
                sum += w->weights[column][DG_MAX_HALF + j] * w->weights[across][DG_MAX_HALF + i];
        }
    }
    return sum;
}

/* Sums of the first so many of the numbers 0 ... 63: those of whole groups, and of the first of one. To add a number
 * takes the same few steps wherever it is, without a branch. */
enum { GROUP = 8 };

_Static_assert(DG_MAX_HALF < GROUP * GROUP, "a group for each number");

typedef struct first_sums {
    double groups[GROUP]; /* before each */
    double within[GROUP][GROUP];
} first_sums;

static void add_number(first_sums *sums, int i, double number) {
    static const double STEP[2 * GROUP] = {[GROUP] = 1, 1, 1, 1, 1, 1, 1, 1};
    const double *later_groups = STEP + GROUP - i / GROUP - 1, *later = STEP + GROUP - i % GROUP;
    double *within = sums->within[i / GROUP];
    for (int k = 0; k < GROUP; k++)
        sums->groups[k] += later_groups[k] * number;
    for (int k = 0; k < GROUP; k++)
        within[k] += later[k] * number;
}

static double sum_to(const first_sums *sums, int i) {
    return sums->groups[i / GROUP] + sums->within[i / GROUP][i % GROUP];
}

/* Lists of columns with the same number of pairs. Column 2 p is that p after the pixel's own, and 2 p - 1 that before;
 * 0 ends a list. */
typedef struct columns_by_pairs {
    unsigned char first[DG_MAX_HALF + 1];
    unsigned char next[2 * DG_MAX_HALF + 1];
} columns_by_pairs;

/* Leaves out columns that have as many on the other side: they cancel. */
static void sort_columns(const dg_wide_noise *w, int at, int most, columns_by_pairs *sorted) {
    memset(sorted->first, 0, sizeof sorted->first);
    for (int p = 1; p <= most; p++) {
        const int kinds[2] = {w->columns[at - p], w->columns[at + p]};
        for (int side = 0; side < 2 && kinds[0] != kinds[1]; side++) {
            unsigned char *first = &sorted->first[w->pairs[kinds[side]]];
            sorted->next[2 * p - 1 + side] = *first;
            *first = (unsigned char)(2 * p - 1 + side);
        }
    }
}

/* The covariance's share of pairs. With w_i the stencil's weights, P_l pairs in row l and Q_p in column p, and their
 * scales a_l and b_p, it is
 *   sum_l w_l sum_p w_p (a_l [p <= P_l] - a_-l [p <= P_-l]) (b_p [l <= Q_p] - b_-p [l <= Q_-p]),   l, p > 0.
 * From the outermost l inwards, columns join as soon as they reach l; the inner sum is then one over the first P_l of
 * the columns there are, less one over the first P_-l. */
static double sum_pairs(const dg_wide_noise *w, int at) {
    const dg_differences *d = &w->differences;
    const int most = d->lines < d->pairs ? d->lines : d->pairs;
    first_sums sums = {{0}, {{0}}};
    double sum = 0;
    columns_by_pairs columns;
    sort_columns(w, at, most, &columns);
    for (int l = most; l > 0; l--) {
        for (int i = columns.first[l]; i > 0; i = columns.next[i]) {
            const int p = (i + 1) / 2, side = 2 * (i % 2 == 0) - 1;
            const double scale = w->scales[w->columns[at + side * p]];
            add_number(&sums, p, side * scale * w->pair_weights[p]);
        }
        const int before = w->rows[w->halo - l][at], after = w->rows[w->halo + l][at];
        if (before != after)
            sum += w->pair_weights[l] * (w->scales[after] * sum_to(&sums, w->pairs[after]) -
                                         w->scales[before] * sum_to(&sums, w->pairs[before]));
    }
    return sum;
}

/* What is known of the pixels of a run: how many lines have a slope, the sums of their squared weights, and whether
 * lines on both sides differ. */
typedef struct run_of_pixels {
    double along[DG_STRIP], across[DG_STRIP];
    unsigned char rows[DG_STRIP], columns[DG_STRIP];
    unsigned char rows_differ[DG_STRIP], columns_differ[DG_STRIP], is_one_sided[DG_STRIP];
} run_of_pixels;

static void add_lines(const dg_wide_noise *w, int line, int n, run_of_pixels *r) {
    const unsigned char *row = w->rows[w->halo + line] + w->halo;
    const unsigned char *opposite = w->rows[w->halo - line] + w->halo;
    const unsigned char *column = w->columns + w->halo + line;
    const unsigned char *column_opposite = w->columns + w->halo - line;
    for (int i = 0; i < n; i++) {
        r->along[i] += w->squares[row[i]];
        r->across[i] += w->squares[column[i]];
    }
    for (int i = 0; i < n; i++) {
        r->rows[i] = (unsigned char)(r->rows[i] + (row[i] != NONE));
        r->columns[i] = (unsigned char)(r->columns[i] + (column[i] != NONE));
        r->rows_differ[i] |= row[i] ^ opposite[i];
        r->columns_differ[i] |= column[i] ^ column_opposite[i];
        r->is_one_sided[i] |= (row[i] >= BEFORE) | (column[i] >= BEFORE);
    }
}

/* How many lines the mean is over; 0 where it does not exist. */
static int find_count(const dg_differences *d, int with_slope) {
    return d->propagate && with_slope < 2 * d->lines + 1 ? 0 : with_slope;
}

static dg_noise find_pixel(const dg_wide_noise *w, const run_of_pixels *r, int i) {
    const double rows = find_count(&w->differences, r->rows[i]);
    const double columns = find_count(&w->differences, r->columns[i]);
    dg_noise noise = {(double)NAN, (double)NAN, (double)NAN};
    if (rows > 0)
        noise.along = r->along[i] / (rows * rows);
    if (columns > 0)
        noise.across = r->across[i] / (columns * columns);
    if (rows > 0 && columns > 0) {
        double both = 0;
        if (r->rows_differ[i] && r->columns_differ[i])
            both += sum_pairs(w, w->halo + i);
        if (r->is_one_sided[i])
            both += sum_one_sided(w, w->halo + i);
        noise.both = both / (rows * columns);
    }
    return noise;
}

void dg_wide_noise_find(dg_wide_noise *w, int n) {
    const dg_differences *d = &w->differences;
    run_of_pixels r;
    assert(n <= DG_STRIP);
    memset(&r, 0, sizeof r);
    find_columns(w, n + 2 * w->halo);
    for (int line = -d->lines; line <= d->lines; line++)
        find_row(d, n + 2 * w->halo, w->rows[w->halo + line]);
    for (int line = -d->lines; line <= d->lines; line++)
        add_lines(w, line, n, &r);
    for (int i = 0; i < n; i++)
        w->noise[i] = find_pixel(w, &r, i);
}
