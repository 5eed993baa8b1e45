/* The options of a run over rasters, as a table; what the fingerprint, the metadata, the report and the
 * command line know of them is here. */
#ifndef DG_RASTER_OPTIONS_H
#define DG_RASTER_OPTIONS_H

#include "fail.h"
#include "option.h"

#include <demgrad/raster.h>

/* Fields are those of demgrad_raster_options. */
extern const dg_option dg_raster_options[];
extern const size_t dg_raster_option_count;

/* The option called `name`, which there must be. */
const dg_option *dg_raster_option(const char *name);

/* Takes distances that are given in place of the metric. */
void dg_raster_options_settle(demgrad_raster_options *options);

/* Whether each value of an enum is one, and each number within its limits. */
demgrad_status dg_raster_options_check(const demgrad_raster_options *options, demgrad_error *error);

/* Whether the value is other than the default. */
bool dg_raster_option_is_set(const dg_option *option, const demgrad_raster_options *options);

#endif
