/* Bands of components that are there already; private to the api and to preview. */
#ifndef DG_COMPONENT_BANDS_H
#define DG_COMPONENT_BANDS_H

#include <demgrad/raster.h>
#include <stdbool.h>

/* Whether the band `name`, which there must be, can be made of the two components alone. */
bool dg_band_is_of_components(const char *name);

/* Makes such a band of `count` pixels as a run with the options does; NaN: no data. */
void dg_band_make(const char *name, const demgrad_raster_options *options, const float *dzdx,
                  const float *dzdy, int64_t count, float *out);

#endif
