/* What the spacing along one axis makes of the difference formulas. */
#ifndef DG_SPACING_H
#define DG_SPACING_H

#include "rows.h"

typedef struct dg_axis_rule {
    int axis;
    ptrdiff_t length;
    int edge_order;
    dg_factor first_divisor, last_divisor;       /* the ends, edge order 1 */
    dg_factor first_weights[3], last_weights[3]; /* the ends, edge order 2 */
    bool uniform;
    dg_factor divisor; /* inside, if uniform */
    bool wide;         /* inside, if not: how to use the weights */
    /* Inside, if not uniform: weights[k][i - 1] are those of element i. One allocation, owned, at
     * weights[0]; else NULL. */
    double *weights[3];
} dg_axis_rule;

/* Fills *rule for `axis` of f (counted from 0), along which there are edge_order + 1 elements or
 * more. The rule is to be released, whatever the outcome. */
demgrad_status dg_axis_rule_init(dg_axis_rule *rule, const demgrad_array *f, int axis,
                                 int edge_order, const demgrad_spacing *spacing,
                                 demgrad_error *error);

void dg_axis_rule_release(dg_axis_rule *rule);

#endif
