/* The inside of a metric; private to this part. */
#ifndef DG_METRIC_PRIVATE_H
#define DG_METRIC_PRIVATE_H

#include "ground.h"
#include "metric.h"

#include <stdatomic.h>

struct dg_metric {
    dg_grid grid;       /* in easting and northing, whatever the axes of the CRS */
    double position[2]; /* of its first pixel: see dg_grid_position */
    dg_metric_options options;
    dg_metric_kind kind; /* the one in force */
    dg_crs_facts crs;
    char *crs_text;
    double constant[4]; /* the factors, unless kind is DG_METRIC_GROUND */
    /* A projection that no thread uses, or NULL. The one part of a metric that changes. */
    _Atomic(dg_projection *) spare;
};

/* Fills *ground for a metric of kind DG_METRIC_GROUND. */
demgrad_status dg_metric_open_ground(const dg_metric *metric, dg_ground *ground,
                                     demgrad_error *error);

/* Takes the projection back. */
void dg_metric_close_ground(const dg_metric *metric, dg_ground *ground);

#endif
