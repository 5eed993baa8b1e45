/* The kernels of one CPU tier. Compiled once per tier, with that tier's flags and DG_TIER naming
 * it: the loops are plain C, written so that the compiler turns them into vector code. */
#include "kernel.h"

#include <float.h>
#include <math.h>

#define DG_JOIN_(a, b) a##_##b
#define DG_JOIN(a, b)  DG_JOIN_(a, b)
#define DG_STRING_(a)  #a
#define DG_STRING(a)   DG_STRING_(a)

/* Columns worked on at a time: differences and factors then stay in the first-level cache. */
enum { STRIP = 512 };

#define REAL       float
#define REAL_MAX   FLT_MAX
#define REAL_ABS   fabsf
#define NAME(stem) DG_JOIN(stem, float)
#include "kernel_row.inc"
#undef REAL
#undef REAL_MAX
#undef REAL_ABS
#undef NAME

#define REAL       double
#define REAL_MAX   DBL_MAX
#define REAL_ABS   fabs
#define NAME(stem) DG_JOIN(stem, double)
#include "kernel_row.inc"

extern const dg_kernel DG_JOIN(dg_kernel, DG_TIER);
const dg_kernel DG_JOIN(dg_kernel, DG_TIER) = {DG_TIER_NAME, row_float, row_double};
