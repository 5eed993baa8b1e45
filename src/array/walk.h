/* Visits the rows of several arrays of one shape together. A row is what a loop along the inner
 * axis passes; the walk steps through all the other indices, the last one fastest. */
#ifndef DG_WALK_H
#define DG_WALK_H

#include <demgrad/array.h>

enum { DG_WALK_ARRAYS = DEMGRAD_MAX_NDIM + 1 }; /* f and a result for each axis */

typedef struct dg_walk {
    int ndim;
    int n_arrays;
    int n_axes;                 /* axes that are walked */
    int axes[DEMGRAD_MAX_NDIM]; /* which, in order */
    ptrdiff_t shape[DEMGRAD_MAX_NDIM];
    ptrdiff_t index[DEMGRAD_MAX_NDIM]; /* of the present row, 0 along the axes not walked */
    const demgrad_array *arrays[DG_WALK_ARRAYS]; /* borrowed */
    ptrdiff_t sizes[DG_WALK_ARRAYS];             /* bytes per element */
    char *rows[DG_WALK_ARRAYS];                  /* the present row's first element in each */
} dg_walk;

/* The rows of an array of `shape` without the axes `inner` and `inner2` (-1: none). */
void dg_walk_init(dg_walk *walk, const demgrad_array *shape, int inner, int inner2);

/* Adds an array that has the shape along all axes walked. */
void dg_walk_add(dg_walk *walk, const demgrad_array *array);

/* How many rows there are. */
ptrdiff_t dg_walk_count(const dg_walk *walk);

/* Goes to a row by its number. */
void dg_walk_seek(dg_walk *walk, ptrdiff_t row);

/* Goes to the next row; from the last one to the first. */
void dg_walk_next(dg_walk *walk);

#endif
