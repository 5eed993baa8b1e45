/* Moving and subtracting rows of elements of any dtype, for diff. */
#ifndef DG_SUBTRACT_H
#define DG_SUBTRACT_H

#include "rows.h"

/* out = in[1] - in[0], all of one dtype; integers wrap around. Where the rows are without gaps, out
 * may be in[0]. */
void dg_subtract(const dg_run *run, demgrad_dtype dtype);

/* out = in[0], from one dtype to the same or one that it promotes to. */
void dg_convert(const dg_run *run, demgrad_dtype from, demgrad_dtype to);

/* The dtype that numpy gives to an operation on arrays of these two. */
demgrad_dtype dg_promote(demgrad_dtype one, demgrad_dtype other);

#endif
