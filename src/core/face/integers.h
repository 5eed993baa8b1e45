/* Arithmetic on ints that C leaves out. */
#ifndef DG_INTEGERS_H
#define DG_INTEGERS_H

#include <stdbool.h>
#include <stdint.h>

static inline int dg_min(int a, int b) {
    return a < b ? a : b;
}

static inline int dg_max(int a, int b) {
    return a > b ? a : b;
}

/* -1, 0 or 1: as a is below, at or above b. */
static inline int dg_compare(int64_t a, int64_t b) {
    return a < b ? -1 : a > b;
}

/* a / b rounded up, for a >= 0 and b > 0. */
static inline int dg_ceil_divide(int a, int b) {
    return a / b + (a % b != 0);
}

/* Whether a range begins where a block does, and ends where one or the whole does. */
static inline bool dg_is_whole_blocks(int begin, int length, int block, int whole) {
    return begin % block == 0 && (length % block == 0 || begin + length == whole);
}

/* From `begin` to the next multiple of `step`, or to `end` where that is nearer. */
static inline int dg_length_to_next(int begin, int step, int end) {
    return dg_min(step - begin % step, end - begin);
}

#endif
