/* What a coordinate reference system says about distances, and its projection. The only part of
 * demgrad that uses PROJ. */
#ifndef DG_CRS_H
#define DG_CRS_H

#include "fail.h"

#include <stdbool.h>

/* Geodetic latitude of one at the ellipsoid's centre, and the other way round; radians. */
double dg_latitude_from_ocentric(double latitude, double semi_major_m, double semi_minor_m);
double dg_latitude_to_ocentric(double latitude, double semi_major_m, double semi_minor_m);

typedef enum dg_crs_kind {
    DG_CRS_NONE,       /* no CRS at all */
    DG_CRS_LOCAL,      /* a plane with a unit, but no place on an ellipsoid */
    DG_CRS_GEOGRAPHIC, /* longitude and latitude themselves */
    DG_CRS_PROJECTED   /* reached from longitude and latitude by a projection (or a rotated pole) */
} dg_crs_kind;

/* One of the axes of a CRS, taken as it counts (1) or the other way (-1). */
typedef struct dg_axis_use {
    int index;
    double sign;
} dg_axis_use;

/* The facts of a CRS that the metric and the user need. Names are cut where they would not fit. */
typedef struct dg_crs_facts {
    dg_crs_kind kind;
    char name[128];
    char code[64];          /* authority and code, such as "EPSG:32632"; "" where it has none */
    char axis_way[2][24];   /* the ways its axes count, such as "north", "west" */
    dg_axis_use compass[2]; /* which axes are easting and northing (longitude, latitude) */
    dg_axis_use raster[2];  /* which axes a raster's x and y are along, as GIS have it */
    char ellipsoid[64];
    double semi_major_m;
    double semi_minor_m;
    double linear_unit_m;    /* metres per unit of the plane; 1 for geographic CRSs */
    double angular_unit_rad; /* radians per unit of longitude and latitude */
    bool is_ocentric;        /* geographic, and latitude is the angle at the ellipsoid's centre */
    bool has_vertical;       /* the CRS has a vertical part */
    char vertical_name[128]; /* ... whose name this is */
    bool vertical_is_down;   /* ... that counts downwards (depths) */
    double vertical_unit_m;
    char vertical_unit[32];
} dg_crs_facts;

/* The projection of a DG_CRS_PROJECTED CRS, whose map coordinates are easting and northing whatever
 * the axes of the CRS (dg_crs_facts.compass). Holds a PROJ context of its own: for one thread at a
 * time. */
typedef struct dg_projection dg_projection;

/* Reads the facts of the CRS `text` (WKT or anything else PROJ takes); NULL or "" is no CRS.
 * *projection gets what dg_projection_create would make of it, as the dear part of that is done here
 * anyway: the caller's, or NULL for any other kind. A NULL `projection` does without.
 * Fails with DEMGRAD_UNSUPPORTED where PROJ cannot build the CRS, or the projection wanted. */
demgrad_status dg_crs_read(const char *text, dg_crs_facts *facts, dg_projection **projection,
                           demgrad_error *error);

/* Gives a CRS that names no code the one of EPSG's that is alike, where there is no other. */
demgrad_status dg_crs_identify(const char *text, char code[64], demgrad_error *error);

demgrad_status dg_projection_create(const char *text, dg_projection **projection,
                                    demgrad_error *error);
void dg_projection_destroy(dg_projection *projection);

/* The rectangle of the map around the images of places that are 5 degrees apart all over the
 * ellipsoid. False where too few of them have an image to say how far the map reaches. */
bool dg_projection_bounds(dg_projection *projection, double min[2], double max[2]);

/* The latitude in radians of the map position (x, y), and the projection's derivatives there:
 * jacobian = { dX/d(metres east), dX/d(metres north), dY/d(metres east), dY/d(metres north) } along
 * the ellipsoid. `tolerance` is the distance, in map units, within which the way to the ellipsoid
 * and back must return. False where (x, y) is outside the projection's domain. */
bool dg_projection_jacobian(dg_projection *projection, double x, double y, double tolerance,
                            double *latitude, double jacobian[4]);

#endif
