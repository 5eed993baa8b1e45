/* What is valid among values that were read: the rest becomes NaN; private to the reader. Blocks are of
 * floats or doubles. */
#ifndef DG_VALID_H
#define DG_VALID_H

#include "block.h"
#include "nodata.h"

/* Takes bytes, 0 to 255, for signed ones. */
void dg_make_signed(const dg_block *z);

/* Puts NaN where a value is nodata. */
void dg_drop_nodata(const dg_nodata *nodata, const dg_block *z);

/* Puts NaN where the mask, bytes of the same window, is 0. */
void dg_drop_masked(const dg_block *mask, const dg_block *z);

/* Whether a value of doubles is of that size or larger. */
bool dg_reaches(const dg_block *z, double size);

#endif
