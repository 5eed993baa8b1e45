#include "spacing.h"

#include "fail.h"
#include "view.h"

#include <math.h>
#include <stdlib.h>

/* numpy 1.24 decides between float and double by type, and for the scalars also by value. This
 * file does as it does: see `wide` in rows.h, `single` below, and scalar(). */

/* A number as it is after an operation in float (`single`) or double. Rounding the double result of
 * one operation on floats gives what float arithmetic gives, as double has more than twice the
 * digits. */
static double rounded(double value, bool single) {
    return single ? (double)(float)value : value;
}

/* How a scalar of type double (not `single`) meets elements of f. With an array of float, it counts
 * as float unless too large; but the ends of a 1-D array are scalars too, and then double wins. */
static dg_factor scalar(double value, bool single, bool with_scalar) {
    bool large = isfinite(value) && fabs(value) >= 3.4e38;
    return (dg_factor){value, !single && (with_scalar || large)};
}

static void set_uniform(dg_axis_rule *rule, double h, bool single, bool ends_are_scalar) {
    const double first[3] = {-1.5 / h, 2 / h, -0.5 / h};
    const double last[3] = {0.5 / h, -2 / h, 1.5 / h};
    rule->uniform = true;
    rule->divisor = scalar(2 * h, false, false);
    rule->first_divisor = rule->last_divisor = scalar(h, single, ends_are_scalar);
    for (int k = 0; k < 3; k++) {
        rule->first_weights[k] = scalar(first[k], false, ends_are_scalar);
        rule->last_weights[k] = scalar(last[k], false, ends_are_scalar);
    }
}

/* An axis's coordinates, and the type they are in. */
typedef struct coordinates {
    const demgrad_array *array;
    bool single;
} coordinates;

/* The distance from element i to the next one. */
static double step(const coordinates *x, ptrdiff_t i) {
    const char *data = x->array->data;
    const ptrdiff_t size = (ptrdiff_t)demgrad_dtype_size(x->array->dtype);
    const ptrdiff_t stride = x->array->strides[0] * size;
    double here = dg_element_double(data + i * stride, x->array->dtype);
    double next = dg_element_double(data + (i + 1) * stride, x->array->dtype);
    return rounded(next - here, x->single);
}

static bool is_even(const coordinates *x) {
    const double h = step(x, 0);
    for (ptrdiff_t i = 0; i < x->array->shape[0] - 1; i++) {
        if (!(step(x, i) == h)) /* a NaN is not even with itself */
            return false;
    }
    return true;
}

/* h1 h2, h1 (h1 + h2), h2 (h1 + h2): the denominators of the three-point weights. */
typedef struct products {
    double h1_h2, h1_sum, h2_sum;
} products;

static products products_of(double h1, double h2, bool single) {
    double total = rounded(h1 + h2, single);
    return (products){.h1_h2 = rounded(h1 * h2, single),
                      .h1_sum = rounded(h1 * total, single),
                      .h2_sum = rounded(h2 * total, single)};
}

/* The derivative at the first and the last element of the parabola through the three there. Twice
 * a float scalar is a double to numpy, which makes one weight at each end a double. */
static void set_parabolas(dg_axis_rule *rule, const coordinates *x, bool ends_are_scalar) {
    const bool single = x->single;
    double h1 = step(x, 0), h2 = step(x, 1);
    products p = products_of(h1, h2, single);
    rule->first_weights[0] = scalar(-(2 * h1 + h2) / p.h1_sum, false, ends_are_scalar);
    rule->first_weights[1] =
        scalar(rounded(rounded(h1 + h2, single) / p.h1_h2, single), single, ends_are_scalar);
    rule->first_weights[2] = scalar(rounded(-h1 / p.h2_sum, single), single, ends_are_scalar);

    h1 = step(x, rule->length - 3);
    h2 = step(x, rule->length - 2);
    p = products_of(h1, h2, single);
    rule->last_weights[0] = scalar(rounded(h2 / p.h1_sum, single), single, ends_are_scalar);
    rule->last_weights[1] =
        scalar(rounded(-rounded(h2 + h1, single) / p.h1_h2, single), single, ends_are_scalar);
    rule->last_weights[2] = scalar((2 * h2 + h1) / p.h2_sum, false, ends_are_scalar);
}

static demgrad_status set_inner_weights(dg_axis_rule *rule, const coordinates *x,
                                        demgrad_error *error) {
    const ptrdiff_t n = rule->length - 2; /* 0 for two coordinates with a NaN */
    double *weights = malloc((size_t)(n > 0 ? 3 * n : 1) * sizeof *weights);
    if (!weights)
        return dg_fail_memory(error, "the weights of uneven coordinates");
    for (int k = 0; k < 3; k++)
        rule->weights[k] = weights + k * n;
    for (ptrdiff_t i = 0; i < n; i++) {
        const double h1 = step(x, i), h2 = step(x, i + 1);
        const products p = products_of(h1, h2, x->single);
        rule->weights[0][i] = rounded(-h2 / p.h1_sum, x->single);
        rule->weights[1][i] = rounded(rounded(h2 - h1, x->single) / p.h1_h2, x->single);
        rule->weights[2][i] = rounded(h1 / p.h2_sum, x->single);
    }
    return DEMGRAD_OK;
}

static demgrad_status check_coordinates(const dg_axis_rule *rule, const demgrad_array *array,
                                        demgrad_error *error) {
    demgrad_status status = dg_check_array(array, "an axis's coordinates", error);
    if (status != DEMGRAD_OK)
        return status;
    if (array->ndim != 1)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the coordinates of axis %d have %d dimensions: they must have 1",
                       rule->axis, array->ndim);
    if (array->shape[0] != rule->length)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "there are %td coordinates for axis %d, which has %td elements: there must "
                       "be one for each",
                       array->shape[0], rule->axis, rule->length);
    return DEMGRAD_OK;
}

static demgrad_status set_coordinates(dg_axis_rule *rule, const demgrad_array *array,
                                      bool ends_are_scalar, demgrad_error *error) {
    demgrad_status status = check_coordinates(rule, array, error);
    if (status != DEMGRAD_OK)
        return status;
    const coordinates x = {array, array->dtype == DEMGRAD_DTYPE_FLOAT};
    if (is_even(&x)) {
        set_uniform(rule, step(&x, 0), x.single, ends_are_scalar);
        return DEMGRAD_OK;
    }
    rule->wide = !x.single;
    rule->first_divisor = scalar(step(&x, 0), x.single, ends_are_scalar);
    rule->last_divisor = scalar(step(&x, rule->length - 2), x.single, ends_are_scalar);
    if (rule->edge_order == 2)
        set_parabolas(rule, &x, ends_are_scalar);
    return set_inner_weights(rule, &x, error);
}

demgrad_status dg_axis_rule_init(dg_axis_rule *rule, const demgrad_array *f, int axis,
                                 int edge_order, const demgrad_spacing *spacing,
                                 demgrad_error *error) {
    const bool ends_are_scalar = f->ndim == 1;
    *rule = (dg_axis_rule){.axis = axis, .length = f->shape[axis], .edge_order = edge_order};
    switch (spacing->kind) {
    case DEMGRAD_SPACING_NONE:
        set_uniform(rule, 1, false, ends_are_scalar);
        return DEMGRAD_OK;
    case DEMGRAD_SPACING_UNIFORM:
        if (spacing->value == 0 && edge_order == 2)
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                           "the spacing along axis %d is 0: edge_order 2 needs another", axis);
        set_uniform(rule, spacing->value, false, ends_are_scalar);
        return DEMGRAD_OK;
    case DEMGRAD_SPACING_COORDINATES:
        return set_coordinates(rule, spacing->coordinates, ends_are_scalar, error);
    default:
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the spacing along axis %d has the unknown kind %d: it must be one of "
                       "demgrad_spacing_kind",
                       axis, (int)spacing->kind);
    }
}

void dg_axis_rule_release(dg_axis_rule *rule) {
    free(rule->weights[0]);
    rule->weights[0] = NULL;
}
