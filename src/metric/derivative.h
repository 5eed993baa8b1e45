/* Derivatives of curves by differences; private to the metric. */
#ifndef DG_DERIVATIVE_H
#define DG_DERIVATIVE_H

#include <stdbool.h>

typedef struct dg_vector {
    double x, y, z;
} dg_vector;

double dg_dot(dg_vector a, dg_vector b);

/* A curve's point; not finite where it has none. */
typedef dg_vector (*dg_curve)(void *context, double at);

/* How to take differences: over steps from `first` on down to no less than `last`, each an eighth of
 * the one before, until those of different order disagree by no more than a share. The better one's
 * own error is then about the square of this. */
typedef struct dg_steps {
    double first, last;
    double agreement;
} dg_steps;

/* The derivative at 0: by central differences of second and fourth order, or, for the very end of a
 * curve, by one-sided ones over 8 * last. False where none agree. */
bool dg_derive(dg_curve curve, void *context, const dg_steps *steps, dg_vector *derivative);

#endif
