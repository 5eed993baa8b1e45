/* From options to the parts' own settings; private to the api. */
#ifndef DG_SETUP_H
#define DG_SETUP_H

#include "block.h"
#include "fail.h"
#include "kernel.h"
#include "messages.h"
#include "metric.h"
#include "reader.h"

#include <demgrad/raster.h>

/* Everything that is known before pixels are read. */
typedef struct dg_setup {
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
    double gap;    /* in stored units: see findings.h */
    int wrap;
    dg_window window; /* of the source's grid: what the output covers */
} dg_setup;

/* Of the values that are written. */
dg_type dg_output_type(const demgrad_raster_options *options);

/* The options' receivers; to be closed with dg_messages_close. */
demgrad_status dg_setup_messages(const demgrad_raster_options *options, dg_messages *messages,
                                 demgrad_error *error);

/* Whether the options make sense by themselves. */
demgrad_status dg_setup_check(const demgrad_raster_options *options, demgrad_error *error);

/* How the options want the inputs to be read. */
dg_source_options dg_setup_source_options(const demgrad_raster_options *options,
                                          const dg_messages *messages);

/* Opens and checks. `files` (or NULL) gets the files that the inputs are made of. On failure nothing is left
 * to close. */
demgrad_status dg_setup_open(const char *const *inputs, size_t count,
                             const demgrad_raster_options *options, const dg_messages *messages,
                             dg_file_set *files, dg_setup *setup, demgrad_error *error);
void dg_setup_close(dg_setup *setup);

/* The same for a source that is open already; it becomes the setup's, also on failure. */
demgrad_status dg_setup_take(dg_source *source, const demgrad_raster_options *options,
                             const dg_messages *messages, dg_setup *setup, demgrad_error *error);

/* What `setup` assumes, for the user. */
demgrad_status dg_setup_describe(const dg_setup *setup, demgrad_raster_info *info,
                                 demgrad_error *error);

#endif
