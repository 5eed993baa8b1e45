/* The axes of a CRS, and which of them count to the east and to the north; private to the metric. */
#ifndef DG_AXES_H
#define DG_AXES_H

#include "crs_facts.h"
#include "fail.h"

#include <proj.h>

typedef struct dg_axis {
    char name[32];
    char direction[24]; /* the way it counts: "north", "west", "down", ... */
    char unit[32];
    double unit_size; /* metres or radians */
} dg_axis;

typedef struct dg_axes {
    bool is_spherical; /* longitude and latitude at the centre of a geodetic CRS */
    bool has_angles;   /* of an ellipsoid's */
    int count;         /* of `axis`, at most 3 */
    dg_axis axis[3];
} dg_axes;

/* Reads the axes of a plain (neither bound nor compound) CRS. */
demgrad_status dg_axes_read(PJ_CONTEXT *context, const PJ *crs, dg_axes *axes,
                            demgrad_error *error);

/* The axes that a raster's x and y are along, as GIS have it: longitude before latitude, easting
 * before northing, and any other order as the CRS has it. */
void dg_axes_of_raster(const dg_axes *axes, bool is_geographic, dg_axis_use use[2]);

/* The axes that give easting and northing: by the ways they count, west and south being the
 * opposites. Where these are no compass (the two axes of a polar map both run north), the raster's
 * x and y are easting and northing. */
void dg_axes_of_compass(const dg_axes *axes, bool is_geographic, dg_axis_use use[2]);

#endif
