/* Checks on array views that gradient and diff share. Each names what it looks at by `name`. */
#ifndef DG_VIEW_H
#define DG_VIEW_H

#include <demgrad/array.h>
#include <stdbool.h>

/* Not NULL. */
demgrad_status dg_check_given(const demgrad_array *array, const char *name, demgrad_error *error);

/* A readable array: known dtype, ndim, lengths, alignment, and a size that memory can have. */
demgrad_status dg_check_array(const demgrad_array *array, const char *name, demgrad_error *error);

/* A valid array of the dtype and shape of `wanted`, in which no two indices share an element. */
demgrad_status dg_check_result(const demgrad_array *array, const demgrad_array *wanted,
                               const char *name, demgrad_error *error);

/* Two views that do not overlap, as far as that shows without trying every element. */
demgrad_status dg_check_disjoint(const demgrad_array *one, const char *one_name,
                                 const demgrad_array *other, const char *other_name,
                                 demgrad_error *error);

/* A checked array, with stride 0 along axes on which no step is taken: there a caller may have any
 * number, also one that cannot be multiplied. */
demgrad_array dg_view(const demgrad_array *array);

/* The axis counted from 0; *normal is set only on success. */
demgrad_status dg_normalize_axis(int axis, int ndim, int *normal, demgrad_error *error);

/* "(3, 4)" in a caller's buffer, cut where it would not fit. */
const char *dg_shape_text(const demgrad_array *array, char *text, size_t size);

/* An element's value as double, rounded where it has more than 53 bits. */
double dg_element_double(const void *element, demgrad_dtype dtype);

/* The axis, other than `not_this` (-1: any), along which `array` is best walked in the innermost
 * loop; -1 if there is none. */
int dg_inner_axis(const demgrad_array *array, int not_this);

#endif
