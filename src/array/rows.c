#include "rows.h"

#include <stdint.h>

#if defined(__GNUC__)
#define DG_INLINE static inline __attribute__((always_inline))
#else
#define DG_INLINE static inline
#endif

/* One source, compiled twice for x86-64, and one of the two chosen when the program is loaded,
 * where compiler and C library can do that. Wider vectors divide faster; the bytes are the same.
 * Not under the thread sanitizer, which is not ready yet at the time of that choice. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__SANITIZE_THREAD__)
#define DG_TIERS __attribute__((target_clones("avx2", "default")))
#else
#define DG_TIERS
#endif

#define ROWS(name) name##_float
#define IN         float
#define OUT        float
#define DIFFERENCE float
#define WORK       float
#include "rows_template.h"

#define ROWS(name) name##_float_wide
#define IN         float
#define OUT        float
#define DIFFERENCE float
#define WORK       double
#include "rows_template.h"

#define ROWS(name) name##_double
#define IN         double
#include "rows_template.h"

#define ROWS(name) name##_int8
#define IN         int8_t
#include "rows_template.h"

#define ROWS(name) name##_uint8
#define IN         uint8_t
#include "rows_template.h"

#define ROWS(name) name##_int16
#define IN         int16_t
#include "rows_template.h"

#define ROWS(name) name##_uint16
#define IN         uint16_t
#include "rows_template.h"

#define ROWS(name) name##_int32
#define IN         int32_t
#include "rows_template.h"

#define ROWS(name) name##_uint32
#define IN         uint32_t
#include "rows_template.h"

#define ROWS(name) name##_int64
#define IN         int64_t
#include "rows_template.h"

#define ROWS(name) name##_uint64
#define IN         uint64_t
#include "rows_template.h"

/* A double or integer dtype, whose wide functions are its only ones. */
#define DOUBLE_ROWS(type)                                                                          \
    {                                                                                              \
        {quotient_##type, quotient_##type}, {combine_##type, combine_##type}, {                    \
            combine_each_##type, combine_each_##type                                               \
        }                                                                                          \
    }

const dg_rows *dg_rows_for(demgrad_dtype dtype) {
    static const dg_rows rows[DEMGRAD_DTYPE_END] = {
        [DEMGRAD_DTYPE_INT8] = DOUBLE_ROWS(int8),
        [DEMGRAD_DTYPE_UINT8] = DOUBLE_ROWS(uint8),
        [DEMGRAD_DTYPE_INT16] = DOUBLE_ROWS(int16),
        [DEMGRAD_DTYPE_UINT16] = DOUBLE_ROWS(uint16),
        [DEMGRAD_DTYPE_INT32] = DOUBLE_ROWS(int32),
        [DEMGRAD_DTYPE_UINT32] = DOUBLE_ROWS(uint32),
        [DEMGRAD_DTYPE_INT64] = DOUBLE_ROWS(int64),
        [DEMGRAD_DTYPE_UINT64] = DOUBLE_ROWS(uint64),
        [DEMGRAD_DTYPE_DOUBLE] = DOUBLE_ROWS(double),
        [DEMGRAD_DTYPE_FLOAT] = {{quotient_float, quotient_float_wide},
                                 {combine_float, combine_float_wide},
                                 {combine_each_float, combine_each_float_wide}},
    };
    return &rows[dtype];
}

/* value * element, and sum + term, as numpy's types have it. */
static dg_factor product(dg_factor weight, float element) {
    if (weight.wide)
        return (dg_factor){weight.value * (double)element, true};
    return (dg_factor){(double)((float)weight.value * element), false};
}

static dg_factor sum(dg_factor one, dg_factor other) {
    if (one.wide || other.wide)
        return (dg_factor){one.value + other.value, true};
    return (dg_factor){(double)((float)one.value + (float)other.value), false};
}

void dg_combine_mixed(const dg_run *run, const dg_factor weights[3]) {
    const float *f0 = run->in[0], *f1 = run->in[1], *f2 = run->in[2];
    float *out = run->out;
    for (ptrdiff_t j = 0; j < run->count; j++) {
        ptrdiff_t i = j * run->in_stride;
        dg_factor two = sum(product(weights[0], f0[i]), product(weights[1], f1[i]));
        out[j * run->out_stride] = (float)sum(two, product(weights[2], f2[i])).value;
    }
}
