/* The one place where vector code is written by hand: compilers never stream by themselves. */
#include "streaming.h"

#include <stddef.h>

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>
#include <stdint.h>

enum {
    VECTOR = 32, /* bytes, for AVX2 */
    LINE = 64,   /* bytes that are written at a time: a part of a cache line takes far longer */
    AHEAD = 8192 /* bytes from where `high` is read to where it is fetched: it is the new row */
};

/* Elements of `out` before its first whole cache line. */
static ptrdiff_t before_lines(const void *out, size_t size, ptrdiff_t count) {
    const ptrdiff_t n = (ptrdiff_t)((LINE - (uintptr_t)out % LINE) % LINE / size);
    return n < count ? n : count;
}

/* out = (high - low) / divisor; `suffix` is ps or pd in the names of the intrinsics. */
#define STREAMING_QUOTIENT(type, vector, suffix)                                                   \
    __attribute__((target("avx2"))) static void stream_##type(const dg_run *run, double divisor) { \
        const ptrdiff_t lanes = VECTOR / sizeof(type), line = LINE / sizeof(type);                 \
        const type *low = run->in[0], *high = run->in[1];                                          \
        const vector by = _mm256_set1_##suffix((type)divisor);                                     \
        type *out = run->out;                                                                      \
        const ptrdiff_t first = before_lines(out, sizeof(type), run->count);                       \
        ptrdiff_t j = 0;                                                                           \
        for (; j < first; j++)                                                                     \
            out[j] = (high[j] - low[j]) / (type)divisor;                                           \
        for (; j + line <= run->count; j += line) {                                                \
            _mm_prefetch((const char *)(high + j) + AHEAD, _MM_HINT_T0);                           \
            for (ptrdiff_t i = j; i < j + line; i += lanes) {                                      \
                const vector rise = _mm256_sub_##suffix(_mm256_loadu_##suffix(high + i),           \
                                                        _mm256_loadu_##suffix(low + i));           \
                _mm256_stream_##suffix(out + i, _mm256_div_##suffix(rise, by));                    \
            }                                                                                      \
        }                                                                                          \
        for (; j < run->count; j++)                                                                \
            out[j] = (high[j] - low[j]) / (type)divisor;                                           \
    }

STREAMING_QUOTIENT(float, __m256, ps)
STREAMING_QUOTIENT(double, __m256d, pd)

dg_quotient *dg_streaming_quotient(demgrad_dtype dtype) {
    if (!__builtin_cpu_supports("avx2"))
        return NULL;
    return dtype == DEMGRAD_DTYPE_FLOAT    ? stream_float
           : dtype == DEMGRAD_DTYPE_DOUBLE ? stream_double
                                           : NULL;
}

void dg_stream_end(void) {
    _mm_sfence();
}

#else

dg_quotient *dg_streaming_quotient(demgrad_dtype dtype) {
    (void)dtype;
    return NULL;
}

void dg_stream_end(void) {
}

#endif
