/* What is valid among values that were read: the rest becomes NaN; private to the reader. Arrays are of
 * doubles or floats, `stride` elements from row to row. */
#ifndef DG_VALID_H
#define DG_VALID_H

#include "reader.h"

/* Gives stored values of a window their meaning: signed bytes their sign, and NaN in place of nodata. */
void dg_interpret(const dg_source_info *info, dg_window window, bool as_double, void *out,
                  ptrdiff_t stride);

/* Puts NaN where the mask, an array [row][column] of the window, is 0. */
void dg_drop_masked(const unsigned char *mask, dg_window window, bool as_double, void *out,
                    ptrdiff_t stride);

/* The element `index` of an array. */
void *dg_element(void *array, bool as_double, ptrdiff_t index);

#endif
