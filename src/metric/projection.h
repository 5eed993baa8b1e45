/* The projection of a CRS, by PROJ; private to the metric. */
#ifndef DG_PROJECTION_H
#define DG_PROJECTION_H

#include "fail.h"

#include <stdbool.h>

typedef struct dg_crs_parts dg_crs_parts;

/* The projection of a DG_CRS_PROJECTED CRS, whose map coordinates are easting and northing whatever
 * the axes of the CRS (dg_crs_facts.compass). Holds a PROJ context of its own: for one thread at a
 * time. */
typedef struct dg_projection dg_projection;

/* The projection of an open CRS, which then belongs to it, or is closed on failure: with
 * DEMGRAD_UNSUPPORTED where PROJ has no projection. */
demgrad_status dg_projection_open(dg_crs_parts *parts, dg_projection **projection,
                                  demgrad_error *error);

demgrad_status dg_projection_create(const char *text, dg_projection **projection,
                                    demgrad_error *error);
void dg_projection_destroy(dg_projection *projection);

/* The rectangle of the map around the images of places that are 5 degrees apart all over the
 * ellipsoid. False where too few of them have an image to say how far the map reaches. */
bool dg_projection_bounds(dg_projection *projection, double min[2], double max[2]);

/* The latitude in radians of the map position (x, y), and the projection's derivatives there:
 * jacobian = { dX/d(metres east), dX/d(metres north), dY/d(metres east), dY/d(metres north) } along
 * the ellipsoid. `tolerance` is the distance, in map units, within which the way to the ellipsoid
 * and back must return. A cylinder in its normal aspect goes on for a turn either way. False where (x, y) is
 * outside the projection's domain. */
bool dg_projection_jacobian(dg_projection *projection, double x, double y, double tolerance,
                            double *latitude, double jacobian[4]);

#endif
