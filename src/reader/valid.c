#include "valid.h"

#include <float.h>
#include <math.h>

void dg_make_signed(dg_window w, bool as_double, void *out, ptrdiff_t stride) {
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

static float to_float(double value) {
    return (float)fmax(fmin(value, (double)FLT_MAX), -(double)FLT_MAX);
}

static void drop_range_float(float *z, int n, float low, float high) {
    for (int i = 0; i < n; i++)
        z[i] = ((z[i] >= low) & (z[i] <= high)) ? NAN : z[i];
}

static void drop_range_double(double *z, int n, double low, double high) {
    for (int i = 0; i < n; i++)
        z[i] = ((z[i] >= low) & (z[i] <= high)) ? (double)NAN : z[i];
}

void dg_drop_nodata(const dg_nodata *nodata, dg_window w, bool as_double, void *out,
                    ptrdiff_t stride) {
    for (int i = 0; i < w.height; i++) {
        void *row = dg_element(out, as_double, i * stride);
        for (int j = 0; j < nodata->count; j++) {
            const double low = nodata->ranges[j].low, high = nodata->ranges[j].high;
            if (as_double)
                drop_range_double(row, w.width, low, high);
            else
                drop_range_float(row, w.width, to_float(low), to_float(high));
        }
    }
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
