/* A terrain whose gradient on the ground is known in closed form, in every CRS alike:
 *
 *     z = H + A sin(k.(p - p0) + c),    gradient = A cos(k.(p - p0) + c) k, along the ground
 *
 * with p the geocentric position on the CRS's ellipsoid and k a fixed vector in space. The slope
 * along a unit vector u tangent to the ellipsoid is the gradient times u.
 *
 * Central differences of a wave of n pixels are short by (2 pi / n)^2 / 6 of the slope: 1.6e-6 for
 * the 2000 pixel diagonals that a wave takes here. The tolerance of 3e-6 leaves the rest to the
 * curvature of ground and projection. */
#ifndef TESTS_TRUTH_H
#define TESTS_TRUTH_H

#include "ground_case.h"
#include "map_plane.h"

enum truth_frame { TRUTH_GRID, TRUTH_TRUE };

struct truth {
    struct ground_case spec;
    struct map_plane *map;
    double gt[6];
    struct vector3 origin, k;
    double amplitude;
};

bool truth_open(struct truth *t, const char *line);
void truth_close(struct truth *t);

/** The ground below a pixel's centre; false outside the projection's domain. */
bool truth_ground(const struct truth *t, int col, int row, struct ground_point *out);

/** Elevation in metres. */
double truth_elevation(const struct truth *t, struct vector3 position);

/** The frame's x and y as unit vectors on the ground, and the metres travelled from one column and
 *  one row to the next; false where the map's axes have no direction there. */
bool truth_axes(const struct truth *t, int col, int row, const struct ground_point *at,
                enum truth_frame frame, struct vector3 axis[2], struct vector3 step[2]);

/** dz/dx and dz/dy along the two axes. */
void truth_gradient(const struct truth *t, struct vector3 position, const struct vector3 axis[2],
                    double gradient[2]);

#endif
