#include "valid.h"

#include <math.h>

static void make_signed(dg_window w, bool as_double, void *out, ptrdiff_t stride) {
    for (int i = 0; i < w.height; i++) {
        for (int j = 0; j < w.width; j++) {
            if (as_double) {
                double *z = (double *)out + i * stride + j;
                *z -= *z > 127 ? 256 : 0;
            } else {
                float *z = (float *)out + i * stride + j;
                *z -= *z > 127 ? 256.0F : 0.0F;
            }
        }
    }
}

/* Declared values beyond any elevation come rounded to a few digits. */
static const double HUGE_NODATA = 1e30;
static const double HUGE_NODATA_SLACK = 1e-5;

static void drop_nodata_float(float *z, int n, double nodata) {
    const float value = (float)nodata;
    if (fabs(nodata) >= HUGE_NODATA) {
        const float slack = (float)(fabs(nodata) * HUGE_NODATA_SLACK);
        for (int i = 0; i < n; i++)
            z[i] = fabsf(z[i] - value) <= slack ? NAN : z[i];
        return;
    }
    for (int i = 0; i < n; i++)
        z[i] = z[i] == value ? NAN : z[i];
}

/* Doubles may hold a nodata value that went through a float. */
static void drop_nodata_double(double *z, int n, double nodata) {
    const double rounded = (double)(float)nodata;
    const double slack = fabs(nodata) >= HUGE_NODATA ? fabs(nodata) * HUGE_NODATA_SLACK : 0;
    for (int i = 0; i < n; i++)
        z[i] = fabs(z[i] - nodata) <= slack || z[i] == rounded ? (double)NAN : z[i];
}

/* NaN needs no dropping, and an infinite value is no data already. */
static void drop_nodata(const dg_source_info *info, dg_window w, bool as_double, void *out,
                        ptrdiff_t stride) {
    if (!info->has_nodata || !isfinite(info->nodata))
        return;
    for (int i = 0; i < w.height; i++) {
        if (as_double)
            drop_nodata_double((double *)out + i * stride, w.width, info->nodata);
        else
            drop_nodata_float((float *)out + i * stride, w.width, info->nodata);
    }
}

void dg_interpret(const dg_source_info *info, dg_window w, bool as_double, void *out,
                  ptrdiff_t stride) {
    if (info->is_signed_byte)
        make_signed(w, as_double, out, stride);
    drop_nodata(info, w, as_double, out, stride);
}

static void drop_masked_row(const unsigned char *mask, int n, bool as_double, void *out) {
    for (int i = 0; i < n; i++) {
        if (mask[i])
            continue;
        if (as_double)
            ((double *)out)[i] = (double)NAN;
        else
            ((float *)out)[i] = NAN;
    }
}

void dg_drop_masked(const unsigned char *mask, dg_window w, bool as_double, void *out,
                    ptrdiff_t stride) {
    for (int i = 0; i < w.height; i++)
        drop_masked_row(mask + (size_t)i * (size_t)w.width, w.width, as_double,
                        dg_element(out, as_double, i * stride));
}

void *dg_element(void *array, bool as_double, ptrdiff_t index) {
    return (char *)array + index * (ptrdiff_t)(as_double ? sizeof(double) : sizeof(float));
}
