/* What a numpy.diff comes to once its arguments are checked, and its computation; private to the array calls. */
#ifndef DG_DIFFER_H
#define DG_DIFFER_H

#include "fail.h"

#include <demgrad/array.h>
#include <stddef.h>

typedef struct dg_diff {
    demgrad_array parts[3]; /* what is to be prepended, the input, what is to be appended */
    int n_parts;
    int input; /* which of the parts that is */
    demgrad_array result;
    int axis;        /* of no meaning where n is 0 */
    ptrdiff_t total; /* elements of a line, over all parts */
    ptrdiff_t n;     /* 0: a copy of the input */
} dg_diff;

/* Fills the result, which has elements. Allocates where one subtraction is not all. */
demgrad_status dg_differ(const dg_diff *diff, demgrad_error *error);

#endif
