/* Ground factors at one pixel, from the projection's Jacobian; private to the metric. */
#ifndef DG_GROUND_H
#define DG_GROUND_H

#include "crs_facts.h"
#include "grid.h"
#include "lattice.h"
#include "projection.h"

/* The state of one thread that computes ground factors. */
typedef struct dg_ground {
    dg_grid grid;
    double position[2];      /* of its first pixel: see dg_grid_position */
    const double *places[2]; /* as in dg_metric_options */
    dg_crs_facts crs;
    dg_projection *projection; /* NULL for a geographic CRS */
    bool true_frame;
    double rise_m;
    dg_reach reach; /* that was asked for; of step 0: none was yet */
} dg_ground;

/* Map units per metre on the ground at pixel position (col, row):
 *   g = { dX/d(east), dX/d(north), dY/d(east), dY/d(north) }
 * and the latitude in radians. False outside the domain. */
bool dg_ground_jacobian(const dg_ground *ground, double col, double row, double g[4],
                        double *latitude);

/* The unit vector (east, north) of the grid frame's y axis: the way in which Y rises at fixed X. */
void dg_ground_grid_north(const double g[4], double y_axis[2]);

/* A dg_factors; `ground` is a dg_ground. */
void dg_ground_factors(void *ground, double col, double row, double k[4]);

/* Where to look for small parts of the CRS's domain. It takes some thousand places, and grids that lie
 * inside of it need none. */
dg_reach dg_ground_find_reach(const dg_ground *ground);

/* The same for a dg_field, found once; `ground` is a dg_ground. */
const dg_reach *dg_ground_reach(void *ground);

#endif
