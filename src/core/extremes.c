#include "extremes.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#include "extremes_take.inc"

static const dg_extreme NO_LOW = {(double)INFINITY, (double)INFINITY, 0};
static const dg_extreme NO_HIGH = {-(double)INFINITY, -(double)INFINITY, 0};

void dg_extremes_clear(dg_extremes *extremes) {
    *extremes = (dg_extremes){NO_LOW, NO_HIGH, false};
}

/* Both ends are one kind of thing: the high one is the low one of the values with their sign turned. */
static void merge(dg_extreme *a, dg_extreme b, double sign) {
    const double x = sign * a->value, y = sign * b.value;
    if (x == y) {
        a->count += b.count;
        a->next = sign * fmin(sign * a->next, sign * b.next);
    } else if (y < x) {
        b.next = sign * fmin(sign * b.next, x);
        *a = b;
    } else {
        a->next = sign * fmin(sign * a->next, y);
    }
}

void dg_extremes_merge(dg_extremes *extremes, const dg_extremes *more) {
    merge(&extremes->low, more->low, 1);
    merge(&extremes->high, more->high, -1);
    extremes->has_infinite |= more->has_infinite;
}

void dg_extremes_take(dg_extremes *extremes, const void *values, int n, dg_type type, double gap) {
    take_extremes(extremes, values, n, type, gap);
}
