/* The row functions for one dtype of f. Included by rows.c several times, without a guard, with
 *   ROWS(name)  the name of a function in this set
 *   IN          the type of f
 *   OUT         the type of the result
 *   DIFFERENCE  the type in which elements are subtracted
 *   WORK        the type of all other arithmetic
 * defined, of which all but the first two default to double. Leaves them undefined.
 *
 * Each loop is written once, with strides, and compiled twice: with unit strides, which the
 * compiler turns into vector code, and with any. */

#ifndef OUT
#define OUT        double
#define DIFFERENCE double
#define WORK       double
#endif
#define quotient_loop     ROWS(quotient_loop)
#define combine_loop      ROWS(combine_loop)
#define combine_each_loop ROWS(combine_each_loop)

DG_INLINE void quotient_loop(OUT *restrict out, ptrdiff_t out_stride, const IN *low, const IN *high,
                             ptrdiff_t stride, ptrdiff_t count, WORK divisor) {
    for (ptrdiff_t j = 0; j < count; j++) {
        DIFFERENCE rise = (DIFFERENCE)high[j * stride] - (DIFFERENCE)low[j * stride];
        out[j * out_stride] = (OUT)((WORK)rise / divisor);
    }
}

DG_TIERS static void ROWS(quotient)(const dg_run *run, double divisor) {
    if (run->in_stride == 1 && run->out_stride == 1)
        quotient_loop(run->out, 1, run->in[0], run->in[1], 1, run->count, (WORK)divisor);
    else
        quotient_loop(run->out, run->out_stride, run->in[0], run->in[1], run->in_stride, run->count,
                      (WORK)divisor);
}

DG_INLINE void combine_loop(OUT *restrict out, ptrdiff_t out_stride, const IN *f0, const IN *f1,
                            const IN *f2, ptrdiff_t stride, ptrdiff_t count,
                            const double weights[3]) {
    const WORK a = (WORK)weights[0], b = (WORK)weights[1], c = (WORK)weights[2];
    for (ptrdiff_t j = 0; j < count; j++)
        out[j * out_stride] =
            (OUT)(a * (WORK)f0[j * stride] + b * (WORK)f1[j * stride] + c * (WORK)f2[j * stride]);
}

DG_TIERS static void ROWS(combine)(const dg_run *run, const double weights[3]) {
    const IN *f0 = run->in[0], *f1 = run->in[1], *f2 = run->in[2];
    if (run->in_stride == 1 && run->out_stride == 1)
        combine_loop(run->out, 1, f0, f1, f2, 1, run->count, weights);
    else
        combine_loop(run->out, run->out_stride, f0, f1, f2, run->in_stride, run->count, weights);
}

DG_INLINE void combine_each_loop(OUT *restrict out, ptrdiff_t out_stride, const IN *f0,
                                 const IN *f1, const IN *f2, ptrdiff_t stride, ptrdiff_t count,
                                 const double *a, const double *b, const double *c) {
    for (ptrdiff_t j = 0; j < count; j++)
        out[j * out_stride] =
            (OUT)((WORK)a[j] * (WORK)f0[j * stride] + (WORK)b[j] * (WORK)f1[j * stride] +
                  (WORK)c[j] * (WORK)f2[j * stride]);
}

DG_TIERS static void ROWS(combine_each)(const dg_run *run, const double *const weights[3]) {
    const IN *f0 = run->in[0], *f1 = run->in[1], *f2 = run->in[2];
    if (run->in_stride == 1 && run->out_stride == 1)
        combine_each_loop(run->out, 1, f0, f1, f2, 1, run->count, weights[0], weights[1],
                          weights[2]);
    else
        combine_each_loop(run->out, run->out_stride, f0, f1, f2, run->in_stride, run->count,
                          weights[0], weights[1], weights[2]);
}

#undef quotient_loop
#undef combine_loop
#undef combine_each_loop
#undef ROWS
#undef IN
#undef OUT
#undef DIFFERENCE
#undef WORK
