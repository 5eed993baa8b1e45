/* What a setup consists of: the parts' own settings; private to the api. */
#ifndef DG_SETUP_INSIDE_H
#define DG_SETUP_INSIDE_H

#include "kernel.h"
#include "metric.h"
#include "reader.h"
#include "setup.h"

struct dg_setup {
    const demgrad_raster_options *options;
    const dg_messages *messages; /* the caller's */
    dg_source *source;
    dg_metric *metric;
    dg_axis_weights *column_weights, *row_weights; /* NULL: uniform */
    const dg_kernel *kernel;
    dg_recipe recipe;
    const dg_band **bands; /* of the recipe */
    double z_unit_m;
    char z_unit[32];
    const char *z_unit_by;
    double rise_m; /* of a stored unit */
    double gap;    /* in stored units: see gap.h */
    int wrap;
    /* Nobody was told that all of it lies outside its CRS's domain, or beyond a pole. */
    bool has_ground;
    dg_window window; /* of the source's grid: what the output covers */
};

/* How the options want the inputs to be read. */
dg_source_options dg_setup_source_options(const demgrad_raster_options *options,
                                          const dg_messages *messages);

/* As dg_setup_open, for a source that is open already; it becomes the setup's, also on failure. */
demgrad_status dg_setup_take(dg_source *source, const demgrad_raster_options *options,
                             const dg_messages *messages, dg_setup **setup, demgrad_error *error);

/* What `setup` assumes, for the user. */
demgrad_status dg_setup_describe(const dg_setup *setup, demgrad_raster_info *info,
                                 demgrad_error *error);

#endif
