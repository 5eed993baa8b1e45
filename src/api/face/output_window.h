/* The part of the input that the output covers; private to the api. */
#ifndef DG_OUTPUT_WINDOW_H
#define DG_OUTPUT_WINDOW_H

#include "fail.h"
#include "grid.h"

#include <demgrad/raster.h>
#include <stdbool.h>

typedef struct dg_source dg_source;

/* Whether a part is asked for, in pixels or as a box. */
bool dg_output_window_is_given(const demgrad_raster_options *options);

/* Whether what is asked for makes sense by itself. */
demgrad_status dg_output_window_check(const demgrad_raster_options *options, demgrad_error *error);

/* What the options ask for of the source; all of it where they do not. */
demgrad_status dg_output_window_find(const dg_source *source, const demgrad_raster_options *options,
                                     dg_window *window, demgrad_error *error);

#endif
