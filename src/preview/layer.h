/* Bands of a field, as they would be written; private to the preview. */
#ifndef DG_LAYER_H
#define DG_LAYER_H

#include "field.h"

/* The band `name` of `count` pixels: the field's own, or made of its components with `options`, in an
 * array that is to be freed; NULL where there is no memory. Not finite: no data. */
float *dg_layer_make(const dg_field *field, int64_t count, const char *name,
                     const demgrad_raster_options *options);

/* *quantile: the value that `share` of the layer's pixels do not exceed, sign aside, by some 200,000 of
 * them; 0 where none is valid. False where there is no memory. */
bool dg_layer_quantile(const float *layer, int64_t count, double share, double *quantile);

#endif
