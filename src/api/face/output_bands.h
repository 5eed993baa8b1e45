/* The bands of an output, and all that there are, by their names; private to the api and to what is built on
 * it. */
#ifndef DG_OUTPUT_BANDS_H
#define DG_OUTPUT_BANDS_H

#include <demgrad/raster.h>

/* The names of the output's bands, in their order, NULL-terminated. */
const char *const *dg_output_bands(const demgrad_raster_options *options);
int dg_output_band_count(const demgrad_raster_options *options);

/* Fills *band with the band of that name; false where there is none. */
bool dg_band_find(const char *name, demgrad_band *band);

#endif
