#include "derivative.h"

#include <math.h>

double dg_dot(dg_vector a, dg_vector b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static double length(dg_vector v) {
    return hypot(hypot(v.x, v.y), v.z);
}

static bool agree(const dg_steps *steps, dg_vector rough, dg_vector fine) {
    const dg_vector difference = {rough.x - fine.x, rough.y - fine.y, rough.z - fine.z};
    return isfinite(length(fine)) && length(difference) <= steps->agreement * length(fine);
}

/* Differences of second and fourth order. */
static bool central(dg_curve curve, void *context, const dg_steps *steps, double step,
                    dg_vector *derivative) {
    const dg_vector a = curve(context, -2 * step), b = curve(context, -step);
    const dg_vector c = curve(context, step), d = curve(context, 2 * step);
    const dg_vector second = {(c.x - b.x) / (2 * step), (c.y - b.y) / (2 * step),
                              (c.z - b.z) / (2 * step)};
    *derivative = (dg_vector){(8 * (c.x - b.x) - (d.x - a.x)) / (12 * step),
                              (8 * (c.y - b.y) - (d.y - a.y)) / (12 * step),
                              (8 * (c.z - b.z) - (d.z - a.z)) / (12 * step)};
    return agree(steps, second, *derivative);
}

static double second_order(double a, double b, double c, double step) {
    return (-3 * a + 4 * b - c) / (2 * step);
}

static double third_order(double a, double b, double c, double d, double step) {
    return (-11 * a + 18 * b - 9 * c + 2 * d) / (6 * step);
}

/* A negative step goes the other way. */
static bool one_sided(dg_curve curve, void *context, const dg_steps *steps, double step,
                      dg_vector *derivative) {
    const dg_vector a = curve(context, 0), b = curve(context, step);
    const dg_vector c = curve(context, 2 * step), d = curve(context, 3 * step);
    const dg_vector second = {second_order(a.x, b.x, c.x, step), second_order(a.y, b.y, c.y, step),
                              second_order(a.z, b.z, c.z, step)};
    *derivative =
        (dg_vector){third_order(a.x, b.x, c.x, d.x, step), third_order(a.y, b.y, c.y, d.y, step),
                    third_order(a.z, b.z, c.z, d.z, step)};
    return agree(steps, second, *derivative);
}

bool dg_derive(dg_curve curve, void *context, const dg_steps *steps, dg_vector *derivative) {
    for (double step = steps->first; step >= steps->last; step /= 8) {
        if (central(curve, context, steps, step, derivative))
            return true;
    }
    return one_sided(curve, context, steps, 8 * steps->last, derivative) ||
           one_sided(curve, context, steps, -8 * steps->last, derivative);
}
