/* Gradients and differences of N-dimensional arrays in memory: numpy.gradient and numpy.diff for C.
 *
 *     float z[3][4] = {...};
 *     float rows[3][4], columns[3][4];
 *     const ptrdiff_t shape[2] = {3, 4};
 *     demgrad_array f = demgrad_array_contiguous(z, DEMGRAD_DTYPE_FLOAT, 2, shape);
 *     demgrad_array results[2] = {
 *         demgrad_array_contiguous(rows, DEMGRAD_DTYPE_FLOAT, 2, shape),
 *         demgrad_array_contiguous(columns, DEMGRAD_DTYPE_FLOAT, 2, shape)};
 *     demgrad_error error;
 *     if (demgrad_array_gradient(&f, NULL, results, 2, &error))
 *         fprintf(stderr, "%s\n", error.message);
 *
 * Rules that hold for every call here:
 *
 *   Memory     The caller owns every array, descriptor and option; nothing is kept after a call
 *              returns. Where a call allocates scratch memory, its comment says how much.
 *   Errors     A call that fails returns a status other than DEMGRAD_OK, fills *error (NULL is
 *              allowed) and has written to no result.
 *   Overlap    A result may not overlap an input or another result. Overlap is refused where it
 *              shows at once: same first element, or an end of one array inside a gapless other.
 *   Threads    Calls are safe from several threads at once, as long as their results differ.
 *   Numbers    NaN and infinities are values like any other and spread as in IEEE arithmetic.
 *              The operations and their order are those of numpy 1.24, so results are the same to
 *              the last bit (NaNs to their being NaN). */
#ifndef DEMGRAD_ARRAY_H
#define DEMGRAD_ARRAY_H

#include <demgrad/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Arrays ---------------------------------------------------------------------------------- */

/* The type of an element, in the machine's byte order. 0 is none of them. */
typedef enum demgrad_dtype {
    DEMGRAD_DTYPE_INT8 = 1,
    DEMGRAD_DTYPE_UINT8 = 2,
    DEMGRAD_DTYPE_INT16 = 3,
    DEMGRAD_DTYPE_UINT16 = 4,
    DEMGRAD_DTYPE_INT32 = 5,
    DEMGRAD_DTYPE_UINT32 = 6,
    DEMGRAD_DTYPE_INT64 = 7,
    DEMGRAD_DTYPE_UINT64 = 8,
    DEMGRAD_DTYPE_FLOAT = 9,   /* 32 bits */
    DEMGRAD_DTYPE_DOUBLE = 10, /* 64 bits */
    DEMGRAD_DTYPE_END
} demgrad_dtype;

/* The most dimensions that an array may have. */
#define DEMGRAD_MAX_NDIM 32

/* A view of elements in the caller's memory; numpy's ndarray without the ownership.
 *
 * Element [i0][i1]... lies i0 * strides[0] + i1 * strides[1] + ... elements (not bytes) after
 * `data`. A stride may be negative, so that `data` points at the element with all indices 0 and not
 * at the lowest address, or, in an input, 0, which repeats one element. That gives transposed,
 * reversed, stepped and pixel-interleaved views without a copy. */
typedef struct demgrad_array {
    void *data; /* aligned for dtype; NULL only if a length is 0; never written to in an input */
    demgrad_dtype dtype;
    int ndim;                            /* 0 (one element) to DEMGRAD_MAX_NDIM */
    ptrdiff_t shape[DEMGRAD_MAX_NDIM];   /* the first ndim entries: lengths, 0 or more */
    ptrdiff_t strides[DEMGRAD_MAX_NDIM]; /* the first ndim entries: in elements */
} demgrad_array;

/* Bytes per element; 0 for a value that is no dtype. numpy: dtype.itemsize. */
DEMGRAD_API size_t demgrad_dtype_size(demgrad_dtype dtype);

/* A view of `data` as an array without gaps, last index fastest (C order), of the `ndim` lengths in
 * `shape`. Cannot fail: what is wrong with the arguments, a NULL for a shape too, the call that takes the
 * view will tell.
 * numpy: data.reshape(shape). */
DEMGRAD_API demgrad_array demgrad_array_contiguous(const void *data, demgrad_dtype dtype, int ndim,
                                                   const ptrdiff_t *shape);

/* The number of elements, for an array with valid ndim and shape; 0 for NULL. numpy: array.size. */
DEMGRAD_API size_t demgrad_array_count(const demgrad_array *array);

/* ---- Gradient -------------------------------------------------------------------------------- */

/* How far neighbours along an axis are apart. The results are in units of f per unit of this. */
typedef enum demgrad_spacing_kind {
    DEMGRAD_SPACING_NONE = 0,       /* 1 */
    DEMGRAD_SPACING_UNIFORM = 1,    /* `value`, the same between all neighbours */
    DEMGRAD_SPACING_COORDINATES = 2 /* where each element is: `coordinates` */
} demgrad_spacing_kind;

typedef struct demgrad_spacing {
    demgrad_spacing_kind kind;
    double value; /* may be negative; 0 gives infinities with edge_order 1, an error with 2 */
    /* 1-D, one for each element along the axis, in any order, of any dtype (integers are taken as
     * double, float differences are made in float). Where all their differences are exactly equal,
     * that difference is taken as a uniform spacing. */
    const demgrad_array *coordinates;
} demgrad_spacing;

/* What numpy.gradient takes by keyword and as varargs. */
typedef struct demgrad_array_gradient_options {
    const int *axes; /* axes to differentiate along, negative counts from the last; NULL: all */
    int n_axes;      /* length of `axes`; 0 if it is NULL */
    const demgrad_spacing *spacings; /* in the order of the axes */
    int n_spacings; /* 0: spacing 1; 1 (not coordinates): for all axes; else one per axis */
    int edge_order; /* of the one-sided differences at both ends of an axis: 1 or 2 */
    int threads;    /* the most to use, from 1; those past 64 are not started */
} demgrad_array_gradient_options;

/* Fills *options with: all axes, spacing 1, edge order 1, one thread (the calling one). */
DEMGRAD_API void demgrad_array_gradient_options_init(demgrad_array_gradient_options *options);

/* Describes in *result what a gradient of `f` needs for each axis: f's shape, dtype float for float
 * and double for all others, C order, data NULL. The caller then sets data, and strides at will.
 * Fails if f is no valid array of 1 to DEMGRAD_MAX_NDIM dimensions, and if result is NULL. */
DEMGRAD_API demgrad_status demgrad_array_gradient_result(const demgrad_array *f,
                                                         demgrad_array *result,
                                                         demgrad_error *error);

/* The derivative of `f` along each wanted axis. numpy: gradient(f, *spacings, axis=, edge_order=).
 *
 * results[k] is the array for the k-th axis of options->axes, of f's shape, dtype as above, any
 * strides but 0; n_results is the number of axes. With spacing h, inside:
 *     (f[i+1] - f[i-1]) / (2 h)
 * and for uneven coordinates, with h1 the distance to the neighbour before and h2 to the one after:
 *     -h2 / (h1 (h1 + h2)) f[i-1] + (h2 - h1) / (h1 h2) f[i] + h1 / (h2 (h1 + h2)) f[i+1].
 * Both are exact for a quadratic. At the ends, edge_order 1 takes the difference to the one
 * neighbour, and edge_order 2 the derivative of the parabola through the three nearest elements.
 *
 * options: NULL means the defaults. An axis needs edge_order + 1 elements or more.
 * Float f is computed in float, save for what numpy computes in double: sums with uneven double
 * coordinates, the ends of a 1-D array, and spacings or weights from 3.4e38 on.
 * The bytes of the results do not depend on `threads`. Where the system gives no more threads, the
 * call does with those it has.
 * Allocates 3 * (length - 2) doubles for each axis with uneven coordinates, else nothing.
 *
 * Refused, as by numpy: an axis out of range or given twice; too few elements along an axis; a
 * wrong number of spacings; coordinates that are not 1-D or not of the axis's length; edge_order
 * other than 1 and 2; spacing 0 with edge_order 2. Refused here, where numpy gives an empty list:
 * f of no dimension. */
DEMGRAD_API demgrad_status demgrad_array_gradient(const demgrad_array *f,
                                                  const demgrad_array_gradient_options *options,
                                                  const demgrad_array *results, int n_results,
                                                  demgrad_error *error);

/* ---- Differences ----------------------------------------------------------------------------- */

typedef struct demgrad_array_diff_options {
    ptrdiff_t n; /* how many times to difference, from 0 */
    int axis;    /* negative counts from the last */
    /* Put before and after the input along the axis; NULL: nothing. Either an array of the input's
     * shape but for its length along the axis, or of no dimension: one value, used all along. */
    const demgrad_array *prepend;
    const demgrad_array *append;
} demgrad_array_diff_options;

/* Fills *options with: n 1, the last axis, nothing to prepend or append. */
DEMGRAD_API void demgrad_array_diff_options_init(demgrad_array_diff_options *options);

/* Describes in *result what a difference needs: the shape, dtype, C order, data NULL. The caller
 * then sets data, and strides at will.
 *
 * The shape is that of `input`, but along the axis the length together with what is prepended and
 * appended, less n, 0 at least. The dtype is that of `input`, or with prepend or append of another
 * dtype the one that numpy promotes them to (int16 and uint16 to int32, ...; int64 with uint64 to
 * double). Fails on all that demgrad_array_diff refuses about inputs and options, and if
 * result is NULL. */
DEMGRAD_API demgrad_status demgrad_array_diff_result(const demgrad_array *input,
                                                     const demgrad_array_diff_options *options,
                                                     demgrad_array *result, demgrad_error *error);

/* The n-th difference along an axis, input[i+1] - input[i] done n times over.
 * numpy: diff(input, n=, axis=, prepend=, append=).
 *
 * result is as demgrad_array_diff_result describes it, with any strides but 0. Integers wrap
 * around. With n = 0 the result is a copy of the input, and the other options are not looked at.
 * options: NULL means the defaults. Runs on the calling thread.
 * With n 1 and nothing to prepend or append it allocates nothing; else up to 512 KiB, or where that
 * is more, 16 bytes for each element of one line along the axis.
 *
 * Refused, as by numpy: n below 0; no dimension; axis out of range; prepend or append that does not
 * fit the input's shape. */
DEMGRAD_API demgrad_status demgrad_array_diff(const demgrad_array *input,
                                              const demgrad_array_diff_options *options,
                                              const demgrad_array *result, demgrad_error *error);

#ifdef __cplusplus
}
#endif

#endif
