/* The inside of a metric; private to this part. */
#ifndef DG_METRIC_PRIVATE_H
#define DG_METRIC_PRIVATE_H

#include "ground.h"
#include "metric.h"

struct dg_metric {
    dg_grid grid;
    dg_metric_options options;
    dg_metric_kind kind; /* the one in force */
    dg_crs_facts crs;
    char *crs_text;
    double constant[4]; /* the factors, unless kind is DG_METRIC_GROUND */
};

/* Fills *ground for a metric of kind DG_METRIC_GROUND; its projection is then the caller's. */
demgrad_status dg_metric_open_ground(const dg_metric *metric, dg_ground *ground,
                                     demgrad_error *error);

#endif
