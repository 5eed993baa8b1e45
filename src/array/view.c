#include "view.h"

#include "fail.h"

#include <stdint.h>
#include <stdio.h>

static const struct {
    const char *name;
    size_t size;
} dtypes[DEMGRAD_DTYPE_END] = {
    [DEMGRAD_DTYPE_INT8] = {"int8", 1},   [DEMGRAD_DTYPE_UINT8] = {"uint8", 1},
    [DEMGRAD_DTYPE_INT16] = {"int16", 2}, [DEMGRAD_DTYPE_UINT16] = {"uint16", 2},
    [DEMGRAD_DTYPE_INT32] = {"int32", 4}, [DEMGRAD_DTYPE_UINT32] = {"uint32", 4},
    [DEMGRAD_DTYPE_INT64] = {"int64", 8}, [DEMGRAD_DTYPE_UINT64] = {"uint64", 8},
    [DEMGRAD_DTYPE_FLOAT] = {"float", 4}, [DEMGRAD_DTYPE_DOUBLE] = {"double", 8},
};

size_t demgrad_dtype_size(demgrad_dtype dtype) {
    bool known = (int)dtype > 0 && dtype < DEMGRAD_DTYPE_END;
    return known ? dtypes[dtype].size : 0;
}

demgrad_array demgrad_array_contiguous(const void *data, demgrad_dtype dtype, int ndim,
                                       const ptrdiff_t *shape) {
    demgrad_array array = {.data = (void *)data, .dtype = dtype, .ndim = ndim};
    if (ndim > 0 && !shape)
        array.ndim = -1;
    if (array.ndim < 0 || ndim > DEMGRAD_MAX_NDIM)
        return array; /* the call that takes it will refuse it */
    size_t stride = 1;
    for (int d = ndim - 1; d >= 0; d--) {
        array.shape[d] = shape[d];
        array.strides[d] = (ptrdiff_t)stride;
        /* Unsigned, so that a shape too large for memory is only wrong, not undefined. */
        stride *= shape[d] > 0 ? (size_t)shape[d] : 1;
    }
    return array;
}

size_t demgrad_array_count(const demgrad_array *array) {
    size_t count = array ? 1 : 0;
    for (int d = 0; array && d < array->ndim; d++)
        count *= (size_t)array->shape[d];
    return count;
}

const char *dg_shape_text(const demgrad_array *array, char *text, size_t size) {
    size_t used = (size_t)snprintf(text, size, "(");
    for (int d = 0; d < array->ndim && used < size; d++)
        used += (size_t)snprintf(text + used, size - used, "%s%td", d ? ", " : "", array->shape[d]);
    if (used < size)
        snprintf(text + used, size - used, array->ndim == 1 ? ",)" : ")");
    return text;
}

double dg_element_double(const void *element, demgrad_dtype dtype) {
    switch (dtype) {
    case DEMGRAD_DTYPE_INT8:
        return *(const int8_t *)element;
    case DEMGRAD_DTYPE_UINT8:
        return *(const uint8_t *)element;
    case DEMGRAD_DTYPE_INT16:
        return *(const int16_t *)element;
    case DEMGRAD_DTYPE_UINT16:
        return *(const uint16_t *)element;
    case DEMGRAD_DTYPE_INT32:
        return *(const int32_t *)element;
    case DEMGRAD_DTYPE_UINT32:
        return *(const uint32_t *)element;
    case DEMGRAD_DTYPE_INT64:
        return (double)*(const int64_t *)element;
    case DEMGRAD_DTYPE_UINT64:
        return (double)*(const uint64_t *)element;
    case DEMGRAD_DTYPE_FLOAT:
        return (double)*(const float *)element;
    default:
        return *(const double *)element;
    }
}

static ptrdiff_t distance(ptrdiff_t stride) {
    return stride < 0 ? -stride : stride;
}

/* The lowest and the highest offset of an element, in elements from data. False if one of them is
 * farther in bytes than memory can be, or the number of elements is. */
static bool extent(const demgrad_array *array, ptrdiff_t *lowest, ptrdiff_t *highest) {
    const ptrdiff_t limit = PTRDIFF_MAX / (ptrdiff_t)demgrad_dtype_size(array->dtype);
    ptrdiff_t reach[2] = {0, 0}, count = 1;
    for (int d = 0; d < array->ndim; d++) {
        ptrdiff_t steps = array->shape[d] - 1, stride = array->strides[d];
        if (array->shape[d] > limit / count)
            return false;
        count *= array->shape[d];
        if (steps == 0)
            continue;
        bool down = stride < 0;
        ptrdiff_t room = limit / 2 - (down ? -reach[0] : reach[1]);
        if (stride < -limit || stride > limit || (down ? -stride : stride) > room / steps)
            return false;
        reach[down ? 0 : 1] += steps * stride;
    }
    *lowest = reach[0];
    *highest = reach[1];
    return true;
}

static bool is_empty(const demgrad_array *array) {
    for (int d = 0; d < array->ndim; d++) {
        if (array->shape[d] == 0)
            return true;
    }
    return false;
}

demgrad_array dg_view(const demgrad_array *array) {
    demgrad_array view = *array;
    const bool has_none = is_empty(array);
    for (int d = 0; d < view.ndim; d++) {
        if (has_none || view.shape[d] == 1)
            view.strides[d] = 0;
    }
    return view;
}

/* Whether all elements of `size` bytes, from the lowest to the highest, have an address. */
static bool is_addressable(const void *data, ptrdiff_t lowest, ptrdiff_t highest, size_t size) {
    const uintptr_t at = (uintptr_t)data;
    return at >= (uintptr_t)(-lowest) * size && at <= UINTPTR_MAX - ((uintptr_t)highest + 1) * size;
}

static demgrad_status check_memory(const demgrad_array *array, const char *name,
                                   demgrad_error *error) {
    const size_t size = demgrad_dtype_size(array->dtype);
    ptrdiff_t lowest, highest;
    if (is_empty(array))
        return DEMGRAD_OK;
    if (!extent(array, &lowest, &highest) ||
        (array->data && !is_addressable(array->data, lowest, highest, size))) {
        char shape[256];
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the shape %s and strides of %s reach farther than memory can",
                       dg_shape_text(array, shape, sizeof shape), name);
    }
    if (!array->data)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s has no data, but %zu elements", name,
                       demgrad_array_count(array));
    if ((uintptr_t)array->data % size)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the data of %s is not aligned: a %s needs an address that %zu divides",
                       name, dtypes[array->dtype].name, size);
    return DEMGRAD_OK;
}

demgrad_status dg_check_given(const demgrad_array *array, const char *name, demgrad_error *error) {
    return array
               ? DEMGRAD_OK
               : dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s is NULL: it must be an array", name);
}

demgrad_status dg_check_array(const demgrad_array *array, const char *name, demgrad_error *error) {
    const demgrad_status status = dg_check_given(array, name, error);
    if (status)
        return status;
    if (!demgrad_dtype_size(array->dtype))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s has the unknown dtype %d: it must be one of demgrad_dtype", name,
                       (int)array->dtype);
    if (array->ndim < 0 || array->ndim > DEMGRAD_MAX_NDIM)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s has %d dimensions: there can be 0 to %d", name, array->ndim,
                       DEMGRAD_MAX_NDIM);
    for (int d = 0; d < array->ndim; d++) {
        if (array->shape[d] < 0)
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                           "%s has the length %td along axis %d: it must be 0 or more", name,
                           array->shape[d], d);
    }
    return check_memory(array, name, error);
}

static bool same_shape(const demgrad_array *one, const demgrad_array *other) {
    if (one->ndim != other->ndim)
        return false;
    for (int d = 0; d < one->ndim; d++) {
        if (one->shape[d] != other->shape[d])
            return false;
    }
    return true;
}

demgrad_status dg_check_result(const demgrad_array *array, const demgrad_array *wanted,
                               const char *name, demgrad_error *error) {
    demgrad_status status = dg_check_array(array, name, error);
    if (status != DEMGRAD_OK)
        return status;
    if (!same_shape(array, wanted)) {
        char given[256], needed[256];
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s has the shape %s: it must be %s", name,
                       dg_shape_text(array, given, sizeof given),
                       dg_shape_text(wanted, needed, sizeof needed));
    }
    if (array->dtype != wanted->dtype)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s has the dtype %s: it must be %s", name,
                       dtypes[array->dtype].name, dtypes[wanted->dtype].name);
    for (int d = 0; d < array->ndim; d++) {
        if (array->strides[d] == 0 && array->shape[d] > 1)
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                           "%s has the stride 0 along axis %d: each of its %td elements there "
                           "needs a place of its own",
                           name, d, array->shape[d]);
    }
    return DEMGRAD_OK;
}

/* The memory that an array spans. */
typedef struct span {
    uintptr_t low, high; /* addresses of its lowest and highest element */
    size_t size;         /* bytes per element */
    bool gapless;
} span;

/* Whether the array's elements follow each other without a gap, in whatever order of its axes.
 * Axes that only repeat elements (stride 0) do not matter. */
static bool is_gapless(const demgrad_array *array) {
    ptrdiff_t run = 1; /* elements passed without a gap by the axes found so far */
    for (int found = 0; found < array->ndim; found++) {
        int d = 0;
        while (d < array->ndim && (distance(array->strides[d]) != run || array->shape[d] == 1))
            d++;
        if (d == array->ndim)
            break;
        run *= array->shape[d];
    }
    ptrdiff_t lowest = 0, highest = 0;
    extent(array, &lowest, &highest);
    return highest - lowest + 1 == run;
}

static span span_of(const demgrad_array *array) {
    ptrdiff_t lowest = 0, highest = 0;
    extent(array, &lowest, &highest);
    size_t size = demgrad_dtype_size(array->dtype);
    uintptr_t data = (uintptr_t)array->data;
    return (span){.low = data - (uintptr_t)(-lowest) * size,
                  .high = data + (uintptr_t)highest * size,
                  .size = size,
                  .gapless = is_gapless(array)};
}

static bool in_gapless(span gapless, span other) {
    uintptr_t end = gapless.high + gapless.size;
    bool low_end = other.low + other.size > gapless.low && other.low < end;
    bool high_end = other.high + other.size > gapless.low && other.high < end;
    return gapless.gapless && (low_end || high_end);
}

demgrad_status dg_check_disjoint(const demgrad_array *one, const char *one_name,
                                 const demgrad_array *other, const char *other_name,
                                 demgrad_error *error) {
    if (is_empty(one) || is_empty(other))
        return DEMGRAD_OK;
    span a = span_of(one), b = span_of(other);
    if (one->data == other->data || in_gapless(a, b) || in_gapless(b, a))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s and %s overlap: each needs memory of its own", one_name, other_name);
    return DEMGRAD_OK;
}

demgrad_status dg_normalize_axis(int axis, int ndim, int *normal, demgrad_error *error) {
    if (axis < -ndim || axis >= ndim)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "axis %d is out of range: an array of %d dimensions has axes %d to %d", axis,
                       ndim, -ndim, ndim - 1);
    *normal = axis < 0 ? axis + ndim : axis;
    return DEMGRAD_OK;
}

int dg_inner_axis(const demgrad_array *array, int not_this) {
    enum { SHORT = 16 }; /* a loop of fewer turns costs more to enter than strided access does */
    int nearest = -1, longest = -1;
    for (int d = array->ndim - 1; d >= 0; d--) {
        if (d == not_this)
            continue;
        if (longest < 0 || array->shape[d] > array->shape[longest])
            longest = d;
        if (array->shape[d] > 1 &&
            (nearest < 0 || distance(array->strides[d]) < distance(array->strides[nearest])))
            nearest = d;
    }
    return nearest >= 0 && array->shape[nearest] >= SHORT ? nearest : longest;
}
