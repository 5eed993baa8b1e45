/* The metric: how differences per pixel become metres of rise per metre on the ground. */
#ifndef DG_METRIC_H
#define DG_METRIC_H

#include "compass.h"
#include "crs.h"
#include "fail.h"
#include "grid.h"

#include <stddef.h>

typedef enum dg_metric_kind {
    DG_METRIC_GROUND, /* along the CRS's own ellipsoid */
    DG_METRIC_MAP,    /* the CRS's plane taken as true */
    DG_METRIC_PIXEL   /* given distances between columns and rows, whatever the CRS */
} dg_metric_kind;

typedef struct dg_metric_options {
    dg_metric_kind kind;
    bool true_frame;       /* east and north instead of the grid's directions */
    double column_m;       /* DG_METRIC_PIXEL: distance from column to column in metres, ... */
    double row_m;          /* ... and from row to row; towards grid east and north all the same */
    bool columns_as_given; /* ... but x is the way columns follow one another, */
    bool rows_as_given;    /* ... y the way rows do */
    double rise_m;         /* metres of rise per stored unit of elevation */
    /* Uneven columns [0] or rows [1]: where their centres lie, in columns or rows of the geotransform,
     * whose own are at 0, 1, ...; differences are then per column or row of it. NULL: even. They must
     * outlive the metric. */
    const double *places[2];
} dg_metric_options;

/* Immutable once made: several threads may share it. */
typedef struct dg_metric dg_metric;

/* `crs` is what dg_crs_read takes. DG_METRIC_GROUND without a place on an ellipsoid works as
 * DG_METRIC_MAP; DG_METRIC_MAP on a geographic CRS is refused. */
demgrad_status dg_metric_create(const dg_grid *grid, const char *crs,
                                const dg_metric_options *options, dg_metric **metric,
                                demgrad_error *error);
void dg_metric_destroy(dg_metric *metric);

/* Multiplies the rise by `factor`. Only before the metric is shared: the unit of elevation can
 * depend on the CRS, which is known once the metric is made. */
void dg_metric_scale_rise(dg_metric *metric, double factor);

const dg_crs_facts *dg_metric_crs(const dg_metric *metric);

/* The direction of the grid's x (0) or y (1), in the words of PROJ: "east", "south", ... */
const char *dg_metric_axis_direction(const dg_metric *metric, int axis);

/* The kind that is in force, after the rules of dg_metric_create. */
dg_metric_kind dg_metric_kind_in_force(const dg_metric *metric);

/* Whether dz/dx depends on the differences along rows and columns both (rotation, skew, true frame,
 * a projection that is not conformal). */
bool dg_metric_mixes_axes(const dg_metric *metric);

/* The columns after which a geographic grid comes round to the same meridian, or 0. */
int dg_metric_wrap_columns(const dg_metric *metric);

/* A thread's own view of the metric, window by window. */
typedef struct dg_metric_rows dg_metric_rows;

demgrad_status dg_metric_rows_create(const dg_metric *metric, dg_metric_rows **rows,
                                     demgrad_error *error);
void dg_metric_rows_destroy(dg_metric_rows *rows);

/* Makes the factors of `window` ready. */
demgrad_status dg_metric_rows_prepare(dg_metric_rows *rows, dg_window window, demgrad_error *error);

/* The factors of `width` columns of one row, from `col` on, inside the prepared window: *count spans
 * that cover them in their order. *spans is owned by `rows` and valid until the next call. */
demgrad_status dg_metric_rows_get(dg_metric_rows *rows, int row, int col, int width,
                                  const dg_span **spans, size_t *count, demgrad_error *error);

/* What the ground is like under a part of the grid, from 9 x 9 points of it, or where these have none from
 * one of the grid that has. */
typedef struct dg_metric_survey {
    /* Pixel width and height on the ground in metres, along the column and row directions: centre,
     * then the corners top left, top right, bottom left, bottom right. NaN outside the domain; 0 wide
     * at a pole in degrees. */
    double pixel_m[5][2];
    /* Map length per ground length (the root of the ratio of areas), and degrees clockwise from
     * true north to the grid's y. A minimum above its maximum says that there is none. */
    double scale_min, scale_max;
    double convergence_min, convergence_max;
} dg_metric_survey;

demgrad_status dg_metric_make_survey(const dg_metric *metric, dg_window part,
                                     dg_metric_survey *survey, demgrad_error *error);

/* The survey's pixel_m alone. */
demgrad_status dg_metric_size_pixels(const dg_metric *metric, dg_window part, double pixel_m[5][2],
                                     demgrad_error *error);

/* The compass of the middle of a part of the grid. */
demgrad_status dg_metric_find_compass(const dg_metric *metric, dg_window part, dg_compass *compass,
                                      demgrad_error *error);

/* What shows whether the CRS is the grid's own. */
typedef struct dg_metric_sample {
    bool has_ground;   /* the CRS is defined somewhere in the grid, or has no ellipsoid */
    double pixel_m[2]; /* as in the survey, of a pixel where it is */
    /* The latitude of corners that have none, without its sign; 0: all have. */
    double beyond_pole_deg;
    double
        rows_to_pole; /* from the centre of the corner nearest to one in degrees; infinite: none is */
} dg_metric_sample;

demgrad_status dg_metric_take_sample(const dg_metric *metric, dg_metric_sample *sample,
                                     demgrad_error *error);

#endif
