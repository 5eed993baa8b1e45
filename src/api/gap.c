#include "gap.h"

#include <math.h>

/* A slope that little ground has between pixels of so many metres: 10 m/m at a metre, 2 at 30 m, 0.3 at
 * 1 km. Four times that none has. */
static double steep(double pixel_m) {
    return 10 / sqrt(pixel_m);
}

/* The least side of a pixel on the ground, where that can be told. */
static double least_side(double sizes[5][2]) {
    double least = (double)INFINITY;
    for (int i = 0; i < 5; i++) {
        least = fmin(least, sizes[i][0] > 0 ? sizes[i][0] : least);
        least = fmin(least, sizes[i][1] > 0 ? sizes[i][1] : least);
    }
    return least;
}

demgrad_status dg_gap_find(const dg_metric *metric, dg_window whole, double rise_m, double *gap,
                           demgrad_error *error) {
    double sizes[5][2];
    const demgrad_status status = dg_metric_size_pixels(metric, whole, sizes, error);
    const double pixel_m = status ? (double)INFINITY : least_side(sizes);
    *gap = isfinite(pixel_m) ? steep(pixel_m) * 2 * pixel_m / fabs(rise_m) : (double)INFINITY;
    return status;
}
