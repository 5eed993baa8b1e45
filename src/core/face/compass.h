/* Where north is. */
#ifndef DG_COMPASS_H
#define DG_COMPASS_H

#include <stdbool.h>

/* A place of a grid as seen from the ground. Latitude and true north are NaN without an ellipsoid, or
 * outside the CRS's domain. */
typedef struct dg_compass {
    double latitude_deg;
    double true_north[2]; /* columns and rows that a metre to the true north goes */
    double grid_north[2]; /* ... and that a unit of northing goes */
    bool is_mirrored; /* columns to the right and rows downwards show the ground's mirror image */
} dg_compass;

#endif
