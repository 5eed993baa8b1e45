/* Judges a gradient raster against the truth. */
#ifndef TESTS_GROUND_CHECK_H
#define TESTS_GROUND_CHECK_H

#include "truth.h"

struct ground_verdict {
    double exact;    /**< worst error vector over the largest slope, against the exact gradient */
    double metric;   /**< the same against central differences turned into a gradient here */
    double steepest; /**< the largest slope among the judged pixels */
    int worst[2];    /**< column and row of the worst exact error, or metric error */
    long pixels, valid; /**< in the raster, and with a true elevation */
    long judged;        /**< valid, with all four neighbours */
    long lost;          /**< nodata where there is a gradient */
    long excess;        /**< a value where there is none */
    int odd[2];         /**< column and row of the last of these two */
};

/** Elevations of the whole raster, NaN outside the domain; the caller frees them. */
double *ground_elevations(const struct truth *t);

/** `gradient` holds dz/dx, then dz/dy, as planes of the raster's size. Errors are judged where the `reach`
 * pixels on each side are valid, and the four neighbours. */
void ground_check(const struct truth *t, const double *elevation, const double *gradient,
                  enum truth_frame frame, int reach, struct ground_verdict *verdict);

/** The exact gradient as two planes, NaN outside the domain and where it has no direction. */
void ground_exact(const struct truth *t, enum truth_frame frame, double *gradient);

#endif
