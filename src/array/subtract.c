#include "subtract.h"

#include "view.h"

#include <stdint.h>
#include <string.h>

/* Signed integers are subtracted as unsigned ones of their size: the bits are the same, and
 * wrapping around is defined. */
#define SUBTRACT(type)                                                                             \
    static void subtract_##type(const dg_run *run) {                                               \
        const type *low = run->in[0], *high = run->in[1];                                          \
        type *out = run->out;                                                                      \
        const ptrdiff_t stride = run->in_stride, out_stride = run->out_stride;                     \
        if (stride == 1 && out_stride == 1) {                                                      \
            for (ptrdiff_t j = 0; j < run->count; j++)                                             \
                out[j] = (type)(high[j] - low[j]);                                                 \
        } else {                                                                                   \
            for (ptrdiff_t j = 0; j < run->count; j++)                                             \
                out[j * out_stride] = (type)(high[j * stride] - low[j * stride]);                  \
        }                                                                                          \
    }
SUBTRACT(uint8_t)
SUBTRACT(uint16_t)
SUBTRACT(uint32_t)
SUBTRACT(uint64_t)
SUBTRACT(float)
SUBTRACT(double)

void dg_subtract(const dg_run *run, demgrad_dtype dtype) {
    static void (*const functions[DEMGRAD_DTYPE_END])(const dg_run *) = {
        [DEMGRAD_DTYPE_INT8] = subtract_uint8_t,   [DEMGRAD_DTYPE_UINT8] = subtract_uint8_t,
        [DEMGRAD_DTYPE_INT16] = subtract_uint16_t, [DEMGRAD_DTYPE_UINT16] = subtract_uint16_t,
        [DEMGRAD_DTYPE_INT32] = subtract_uint32_t, [DEMGRAD_DTYPE_UINT32] = subtract_uint32_t,
        [DEMGRAD_DTYPE_INT64] = subtract_uint64_t, [DEMGRAD_DTYPE_UINT64] = subtract_uint64_t,
        [DEMGRAD_DTYPE_FLOAT] = subtract_float,    [DEMGRAD_DTYPE_DOUBLE] = subtract_double,
    };
    functions[dtype](run);
}

/* Integers that fit int64: all but the large uint64, which promotes to itself or to double. */
static int64_t element_int64(const void *element, demgrad_dtype dtype) {
    switch (dtype) {
    case DEMGRAD_DTYPE_INT64:
        return *(const int64_t *)element;
    default:
        return (int64_t)dg_element_double(element, dtype); /* 32 bits or fewer: exact */
    }
}

static void put_int64(void *element, int64_t value, demgrad_dtype dtype) {
    switch (dtype) {
    case DEMGRAD_DTYPE_INT8:
    case DEMGRAD_DTYPE_UINT8:
        *(uint8_t *)element = (uint8_t)value;
        return;
    case DEMGRAD_DTYPE_INT16:
    case DEMGRAD_DTYPE_UINT16:
        *(uint16_t *)element = (uint16_t)value;
        return;
    case DEMGRAD_DTYPE_INT32:
    case DEMGRAD_DTYPE_UINT32:
        *(uint32_t *)element = (uint32_t)value;
        return;
    default:
        *(uint64_t *)element = (uint64_t)value;
    }
}

static void copy(const dg_run *run, size_t size) {
    const ptrdiff_t step = run->in_stride * (ptrdiff_t)size;
    const ptrdiff_t out_step = run->out_stride * (ptrdiff_t)size;
    const char *in = run->in[0];
    char *out = run->out;
    if (run->in_stride == 1 && run->out_stride == 1) {
        memcpy(out, in, (size_t)run->count * size);
        return;
    }
    for (ptrdiff_t j = 0; j < run->count; j++)
        memcpy(out + j * out_step, in + j * step, size);
}

void dg_convert(const dg_run *run, demgrad_dtype from, demgrad_dtype to) {
    const ptrdiff_t step = run->in_stride * (ptrdiff_t)demgrad_dtype_size(from);
    const ptrdiff_t out_step = run->out_stride * (ptrdiff_t)demgrad_dtype_size(to);
    const char *in = run->in[0];
    char *out = run->out;
    if (from == to) {
        copy(run, demgrad_dtype_size(from));
        return;
    }
    for (ptrdiff_t j = 0; j < run->count; j++, in += step, out += out_step) {
        if (to == DEMGRAD_DTYPE_DOUBLE)
            *(double *)(void *)out = dg_element_double(in, from);
        else if (to == DEMGRAD_DTYPE_FLOAT)
            *(float *)(void *)out = (float)dg_element_double(in, from);
        else
            put_int64(out, element_int64(in, from), to);
    }
}

static bool is_floating(demgrad_dtype dtype) {
    return dtype == DEMGRAD_DTYPE_FLOAT || dtype == DEMGRAD_DTYPE_DOUBLE;
}

static bool is_signed(demgrad_dtype dtype) {
    return dtype == DEMGRAD_DTYPE_INT8 || dtype == DEMGRAD_DTYPE_INT16 ||
           dtype == DEMGRAD_DTYPE_INT32 || dtype == DEMGRAD_DTYPE_INT64;
}

static demgrad_dtype signed_of_size(size_t size) {
    switch (size) {
    case 2:
        return DEMGRAD_DTYPE_INT16;
    case 4:
        return DEMGRAD_DTYPE_INT32;
    case 8:
        return DEMGRAD_DTYPE_INT64;
    default:
        return DEMGRAD_DTYPE_DOUBLE; /* no integer holds both int64 and uint64 */
    }
}

demgrad_dtype dg_promote(demgrad_dtype one, demgrad_dtype other) {
    const size_t size = demgrad_dtype_size(one), other_size = demgrad_dtype_size(other);
    if (is_floating(one) != is_floating(other)) {
        const demgrad_dtype floating = is_floating(one) ? one : other;
        const size_t integer_size = is_floating(one) ? other_size : size;
        return integer_size <= 2 ? floating : DEMGRAD_DTYPE_DOUBLE; /* float holds 24 bits */
    }
    if (is_floating(one) || is_signed(one) == is_signed(other))
        return size >= other_size ? one : other;
    const size_t signed_size = is_signed(one) ? size : other_size;
    const size_t unsigned_size = is_signed(one) ? other_size : size;
    if (signed_size > unsigned_size)
        return is_signed(one) ? one : other;
    return signed_of_size(2 * unsigned_size);
}
