/* What a surface's pixels come to: its gradient; private to the preview. */
#ifndef DG_FIELD_H
#define DG_FIELD_H

#include "surface.h"

/* Arrays of the surface's size, [row][column]; NaN: no data. */
typedef struct dg_field {
    float *dzdx, *dzdy; /* m/m */
    bool is_owned;      /* the arrays are the field's, not the surface's */
} dg_field;

/* The gradient of a surface: its own bands, or what demgrad makes of its elevations with `options`, as
 * for a raster of any other origin. */
demgrad_status dg_field_make(const dg_surface *surface, const demgrad_raster_options *options,
                             dg_field *field, demgrad_error *error);
void dg_field_free(dg_field *field);

#endif
