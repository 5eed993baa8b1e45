/* What a coordinate reference system says about distances. */
#ifndef DG_CRS_FACTS_H
#define DG_CRS_FACTS_H

#include <stdbool.h>

typedef enum dg_crs_kind {
    DG_CRS_NONE,       /* no CRS at all */
    DG_CRS_LOCAL,      /* a plane with a unit, but no place on an ellipsoid */
    DG_CRS_GEOGRAPHIC, /* longitude and latitude themselves */
    DG_CRS_PROJECTED   /* reached from longitude and latitude by a projection, or by other poles */
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
    char code[64];              /* authority and code, such as "EPSG:32632"; "" where it has none */
    char axis_direction[2][24]; /* of its axes, such as "north", "west" */
    dg_axis_use compass[2];     /* which axes are easting and northing (longitude, latitude) */
    dg_axis_use raster[2];      /* which axes a raster's x and y are along, as GIS have it */
    char ellipsoid[64];
    double semi_major_m;
    double semi_minor_m;
    double linear_unit_m;    /* metres per unit of the plane; 1 for geographic CRSs */
    double angular_unit_rad; /* radians per unit of longitude and latitude */
    bool is_angular;   /* coordinates are angles: geographic, or derived from that by other poles */
    bool is_ocentric;  /* geographic, and latitude is the angle at the ellipsoid's centre */
    bool has_vertical; /* the CRS has a vertical part */
    char vertical_name[128]; /* ... whose name this is */
    bool vertical_is_down;   /* ... that counts downwards (depths) */
    double vertical_unit_m;
    char vertical_unit[32];
} dg_crs_facts;

#endif
