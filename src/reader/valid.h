/* What is valid among values that were read: the rest becomes NaN; private to the reader. Arrays are of
 * doubles or floats, `stride` elements from row to row. */
#ifndef DG_VALID_H
#define DG_VALID_H

#include "grid.h"
#include "nodata.h"

#include <stddef.h>

/* Takes bytes, 0 to 255, for signed ones. */
void dg_make_signed(dg_window window, bool as_double, void *out, ptrdiff_t stride);

/* Puts NaN where a value is nodata. */
void dg_drop_nodata(const dg_nodata *nodata, dg_window window, bool as_double, void *out,
                    ptrdiff_t stride);

/* Puts NaN where the mask, an array [row][column] of the window, is 0. */
void dg_drop_masked(const unsigned char *mask, dg_window window, bool as_double, void *out,
                    ptrdiff_t stride);

/* The element `index` of an array. */
void *dg_element(void *array, bool as_double, ptrdiff_t index);

#endif
