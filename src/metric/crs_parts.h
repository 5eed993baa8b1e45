/* A CRS taken apart with PROJ; private to the metric. */
#ifndef DG_CRS_PARTS_H
#define DG_CRS_PARTS_H

#include "axes.h"
#include "crs_facts.h"
#include "fail.h"

#include <proj.h>
#include <stdbool.h>

typedef struct dg_crs_parts {
    PJ_CONTEXT *context;
    PJ *horizontal;
    PJ *vertical; /* NULL where the CRS has no vertical part of its own */
    PJ *base;     /* the CRS that `horizontal` is derived from in the end, or a copy of it */
    bool is_derived;
    bool is_geographic;        /* `horizontal` has longitude and latitude */
    bool is_on_ellipsoid;      /* `base` has */
    dg_axes axes;              /* of `horizontal` */
    dg_axes base_axes;         /* of `base` */
    dg_axes vertical_axes;     /* of `vertical` */
    dg_axis_use compass[2];    /* easting and northing of `horizontal` */
    dg_axis_use geographic[2]; /* longitude and latitude of `base` */
} dg_crs_parts;

/* Builds the CRS `text` in a PROJ context of its own. */
demgrad_status dg_crs_parts_open(const char *text, dg_crs_parts *parts, demgrad_error *error);
void dg_crs_parts_close(dg_crs_parts *parts);

#endif
