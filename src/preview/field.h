/* What a surface's pixels come to: its gradient; private to the preview. */
#ifndef DG_FIELD_H
#define DG_FIELD_H

#include "surface.h"

/* Arrays of the size of what is drawn of the surface, [row][column]; NaN: no data. */
typedef struct dg_field {
    float *dzdx, *dzdy; /* m/m */
    float *extra;       /* a band that cannot be made of these two; NULL: not wanted */
    bool is_owned;      /* the arrays are the field's, not the surface's */
} dg_field;

/* The gradient of a surface: its own bands, or what demgrad makes of its elevations with `options`, as
 * for a raster of any other origin. `extra` is the name of one more band, which only elevations have; or
 * NULL. */
demgrad_status dg_field_make(const dg_surface *surface, const demgrad_raster_options *options,
                             const char *extra, dg_field *field, demgrad_error *error);
void dg_field_free(dg_field *field);

#endif
