#include "rounding.h"

#include <math.h>
#include <stddef.h>

/* Values are of single precision: what is above a round number by less, is it. */
static const double SAME = 1e-6;

/* A range that would begin below this share of its end begins at 0. */
static const double NEAR_0 = 0.25;

/* The least width of a range, by its end: what varies by less is drawn as varying little. */
static const double LEAST_SPAN = 0.1;

double dg_round_down(double value) {
    const double power = pow(10, floor(log10(value)));
    const double steps[] = {5, 2, 1};
    for (int i = 0; i < 3; i++) {
        if (steps[i] * power <= value * (1 + 1e-12))
            return steps[i] * power;
    }
    return power;
}

double dg_round_up(double value) {
    static const double steps[] = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};
    if (!(value > 0))
        return 1;
    const double power = pow(10, floor(log10(value)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (value <= steps[i] * power * (1 + SAME))
            return steps[i] * power;
    }
    return 10 * power;
}

void dg_round_range(double least, double most, double *low, double *high) {
    *low = 0;
    *high = 1;
    if (!(most > 0))
        return;
    const double from = least < NEAR_0 * most ? 0 : least;
    const double span = fmax(most - from, LEAST_SPAN * most), step = dg_round_down(span / 4);
    const double first = floor(from / step * (1 + SAME)), last = ceil(most / step * (1 - SAME));
    *low = first * step;
    *high = fmax(last, first + floor(span / step)) * step;
}
