/* Colour ramps; private to the preview. They are laid out in Oklab (Björn Ottosson, 2020), where equal
 * distances look equal, and with lightness that rises or falls all along, so that they can be told apart
 * without seeing hues, and in grey print. */
#ifndef DG_RAMP_H
#define DG_RAMP_H

#include "fail.h"

typedef struct dg_colour {
    unsigned char red, green, blue, alpha;
} dg_colour;

/* How a ramp is laid over values. */
typedef enum dg_ramp_kind {
    DG_RAMP_SEQUENTIAL, /* from the range's low end to its high end */
    DG_RAMP_DIVERGING,  /* its middle is the range's: 0, unless it is given */
    DG_RAMP_CYCLIC,     /* both ends are one colour */
    DG_RAMP_ABSOLUTE    /* of a file: its values are its own */
} dg_ramp_kind;

enum { DG_RAMP_STEPS = 1024 };

typedef struct dg_ramp {
    dg_ramp_kind kind;
    double low, high;                 /* values of the first and the last colour */
    dg_colour colours[DG_RAMP_STEPS]; /* evenly spaced from low to high */
} dg_ramp;

/* The ramp that goes by `name`, over 0 to 1; or the one in the text file `name`, which is in the form
 * that gdaldem color-relief reads: lines of a value and red, green, blue (0 to 255), "#" for comments.
 * DEMGRAD_INVALID_ARGUMENT where it is neither. */
demgrad_status dg_ramp_find(const char *name, dg_ramp *ramp, demgrad_error *error);

/* Lays a ramp over other values. Does nothing to one of a file. */
void dg_ramp_set_range(dg_ramp *ramp, double low, double high);

/* The colour of a value: those outside the range have its ends' colours. NaN is transparent. */
dg_colour dg_ramp_at(const dg_ramp *ramp, double value);

/* `colour` darkened or lightened: `light` 1 leaves it, 0 is black. */
dg_colour dg_colour_shade(dg_colour colour, double light);

#endif
