/* The kernels of one CPU tier, and the table of bands. Compiled once per tier, with that tier's flags
 * and DG_TIER naming it: the loops are plain C, written so that the compiler turns them into vector
 * code. */
#include "angle.h"
#include "noise.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "beyond_count.inc"
#include "extremes_take.inc"
#include "statistics_add.inc"

#define DG_JOIN_(a, b) a##_##b
#define DG_JOIN(a, b)  DG_JOIN_(a, b)

/* Where a component's factors begin in a span. */
enum { DZDX = 0, DZDY = 2 };

enum {
    VECTOR = 16,    /* numbers that a loop may work on at a time */
    CACHE_LINE = 64 /* bytes that memory gives at a time */
};

/* So many of the next `most` numbers that loops over n have no rest. What they make of more than n is overwritten by
 * what makes those. */
static int whole_vectors(int n, int most) {
    const int whole = (n + VECTOR - 1) / VECTOR * VECTOR;
    return whole < most ? whole : most;
}

/* Where a span ends among the n columns of a strip that begins at column `col`. */
static int end_in_strip(const dg_span *span, int col, int n) {
    const int end = span->col + span->width - col;
    return end < n ? end : n;
}

/* The series that arctangents need; see bands.inc. */
static inline float atan_series_float(float z) {
    return (((-0.06451928F * z + 0.10743731F) * z - 0.14263956F) * z + 0.1999954F) * z - 0.3333333F;
}

static inline double atan_series_double(double z) {
    const double high =
        (((-0.019177013789827495 * z + 0.03923176667375998) * z - 0.05085453705764534) * z +
         0.058581497251273595) *
            z -
        0.06664511549316438;
    const double middle =
        ((high * z + 0.07692183198895347) * z - 0.09090904578521991) * z + 0.11111111015267905;
    return ((middle * z - 0.14285714284666715) * z + 0.1999999999999552) * z - 0.3333333333333333;
}

#define REAL       float
#define REAL_MAX   FLT_MAX
#define REAL_ABS   fabsf
#define REAL_SQRT  sqrtf
#define OF_REALS   of_floats
#define NAME(stem) DG_JOIN(stem, float)
#include "kernel_real.inc"
#undef REAL
#undef REAL_MAX
#undef REAL_ABS
#undef REAL_SQRT
#undef OF_REALS
#undef NAME

#define REAL       double
#define REAL_MAX   DBL_MAX
#define REAL_ABS   fabs
#define REAL_SQRT  sqrt
#define OF_REALS   of_doubles
#define NAME(stem) DG_JOIN(stem, double)
#include "kernel_real.inc"

#define BAND(function) function##_float, function##_double

static const dg_band BANDS[] = {
    {"dzdx", "dz/dx", "m/m", -HUGE_VAL, HUGE_VAL, DG_NEEDS_DZDX, NULL, NULL},
    {"dzdy", "dz/dy", "m/m", -HUGE_VAL, HUGE_VAL, DG_NEEDS_DZDY, NULL, NULL},
    {"slope", "slope", "m/m", 0, HUGE_VAL, DG_NEEDS_BOTH, BAND(slope)},
    {"slope-degrees", "slope-degrees", "degrees", 0, 90, DG_NEEDS_BOTH, BAND(slope_degrees)},
    {"slope-percent", "slope-percent", "%", 0, HUGE_VAL, DG_NEEDS_BOTH, BAND(slope_percent)},
    {"aspect", "aspect", "degrees", 0, 360, DG_NEEDS_BOTH | DG_NEEDS_FLAT, BAND(aspect)},
    {"hillshade", "hillshade", "", 1, 255, DG_NEEDS_BOTH | DG_NEEDS_LIGHT, BAND(hillshade)},
    {"quality", "quality", "", 0, 2, DG_NEEDS_BOTH | DG_NEEDS_WHOLE | DG_HAS_CLASSES,
     BAND(quality)},
    {"error-dzdx", "error-dzdx", "m/m", 0, HUGE_VAL, DG_NEEDS_DZDX | DG_NEEDS_NOISE,
     BAND(error_dzdx)},
    {"error-dzdy", "error-dzdy", "m/m", 0, HUGE_VAL, DG_NEEDS_DZDY | DG_NEEDS_NOISE,
     BAND(error_dzdy)},
    {"error-slope", "error-slope", "m/m", 0, HUGE_VAL, DG_NEEDS_BOTH | DG_NEEDS_NOISE,
     BAND(error_slope)},
};

extern const dg_kernel DG_JOIN(dg_kernel, DG_TIER);
const dg_kernel DG_JOIN(dg_kernel, DG_TIER) = {
    .tier = DG_TIER_NAME,
    .rows = {[DG_FLOAT] = row_float, [DG_DOUBLE] = row_double},
    .take_extremes = take_extremes,
    .add_statistics = add_statistics,
    .add_ends = add_ends,
    .count_beyond = count_beyond,
    .bands = BANDS,
    .band_count = sizeof BANDS / sizeof *BANDS,
};
