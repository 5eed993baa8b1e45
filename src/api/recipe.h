/* From options to what the kernel makes of the elevations; private to the api. */
#ifndef DG_RECIPE_H
#define DG_RECIPE_H

#include "fail.h"
#include "kernel.h"

#include <demgrad/raster.h>

/* Whether what the options say of it makes sense. */
demgrad_status dg_recipe_check(const demgrad_raster_options *options, demgrad_error *error);

/* The stencil that the options choose; NULL where there is none of that name. */
const dg_stencil *dg_recipe_stencil(const demgrad_raster_options *options);

/* All that the bands need which the options choose: a set of bits as in band.h. */
int dg_recipe_band_needs(const demgrad_raster_options *options);

/* What the options choose about the bands, with z_error in metres. */
dg_band_settings dg_recipe_settings(const demgrad_raster_options *options);

/* Fills *recipe from checked options, with uniform coordinates and z_error in metres. *bands is what it
 * points at, to be freed. */
demgrad_status dg_recipe_make(const demgrad_raster_options *options, const dg_kernel *kernel,
                              dg_recipe *recipe, const dg_band ***bands, demgrad_error *error);

#endif
