#include "walk.h"

void dg_walk_init(dg_walk *walk, const demgrad_array *shape, int inner, int inner2) {
    walk->ndim = shape->ndim;
    walk->n_arrays = 0;
    walk->n_axes = 0;
    for (int d = 0; d < shape->ndim; d++) {
        walk->shape[d] = shape->shape[d];
        walk->index[d] = 0;
        if (d != inner && d != inner2)
            walk->axes[walk->n_axes++] = d;
    }
}

void dg_walk_add(dg_walk *walk, const demgrad_array *array) {
    walk->arrays[walk->n_arrays] = array;
    walk->sizes[walk->n_arrays] = (ptrdiff_t)demgrad_dtype_size(array->dtype);
    walk->rows[walk->n_arrays++] = array->data;
}

ptrdiff_t dg_walk_count(const dg_walk *walk) {
    ptrdiff_t count = 1;
    for (int k = 0; k < walk->n_axes; k++)
        count *= walk->shape[walk->axes[k]];
    return count;
}

/* Moves every row pointer by `steps` along `axis`. */
static void move(dg_walk *walk, int axis, ptrdiff_t steps) {
    walk->index[axis] += steps;
    for (int a = 0; a < walk->n_arrays; a++)
        walk->rows[a] += steps * walk->arrays[a]->strides[axis] * walk->sizes[a];
}

void dg_walk_seek(dg_walk *walk, ptrdiff_t row) {
    for (int k = walk->n_axes - 1; k >= 0; k--) {
        int axis = walk->axes[k];
        move(walk, axis, row % walk->shape[axis] - walk->index[axis]);
        row /= walk->shape[axis];
    }
}

void dg_walk_next(dg_walk *walk) {
    for (int k = walk->n_axes - 1; k >= 0; k--) {
        int axis = walk->axes[k];
        if (walk->index[axis] + 1 < walk->shape[axis]) {
            move(walk, axis, 1);
            return;
        }
        move(walk, axis, -walk->index[axis]);
    }
}
