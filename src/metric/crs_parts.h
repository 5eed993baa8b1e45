/* A CRS taken apart with PROJ; private to the metric. */
#ifndef DG_CRS_PARTS_H
#define DG_CRS_PARTS_H

#include "crs.h"
#include "fail.h"

#include <proj.h>
#include <stdbool.h>

typedef struct dg_crs_parts {
    PJ_CONTEXT *context;
    PJ *horizontal;
    PJ *vertical; /* NULL where the CRS has no vertical part of its own */
    PJ *base;     /* the CRS that `horizontal` is derived from in the end, or a copy of it */
    bool is_derived;
    bool is_ocentric; /* the base's latitude is the angle at the ellipsoid's centre */
} dg_crs_parts;

/* Unit of an axis of `crs`, and the compass direction it counts in, such as "north"; NULL where not
 * wanted. False where there is no such axis. */
bool dg_crs_axis(PJ_CONTEXT *context, const PJ *crs, int index, double *unit, char unit_name[32],
                 char direction[16]);

/* Whether `crs` has longitude and latitude. */
bool dg_crs_is_geographic(PJ_CONTEXT *context, const PJ *crs);

/* Builds the CRS `text` in a PROJ context of its own. */
demgrad_status dg_crs_parts_open(const char *text, dg_crs_parts *parts, demgrad_error *error);
void dg_crs_parts_close(dg_crs_parts *parts);

/* The facts of an open CRS. */
dg_crs_facts dg_crs_parts_facts(const dg_crs_parts *parts);

/* The projection of an open CRS, which then belongs to it, or is closed on failure: with
 * DEMGRAD_UNSUPPORTED where PROJ has no projection. */
demgrad_status dg_crs_parts_project(dg_crs_parts *parts, dg_projection **projection,
                                    demgrad_error *error);

#endif
