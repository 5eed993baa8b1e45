/* Arithmetic on ints that C leaves out. */
#ifndef DG_INTEGERS_H
#define DG_INTEGERS_H

static inline int dg_min(int a, int b) {
    return a < b ? a : b;
}

static inline int dg_max(int a, int b) {
    return a > b ? a : b;
}

/* a / b rounded up, for a >= 0 and b > 0. */
static inline int dg_ceil_divide(int a, int b) {
    return a / b + (a % b != 0);
}

#endif
