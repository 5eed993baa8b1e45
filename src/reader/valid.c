#include "valid.h"

#include <float.h>
#include <math.h>

static void make_signed_floats(float *z, int n) {
    for (int i = 0; i < n; i++)
        z[i] -= z[i] > 127 ? 256.0F : 0.0F;
}

static void make_signed_doubles(double *z, int n) {
    for (int i = 0; i < n; i++)
        z[i] -= z[i] > 127 ? 256 : 0;
}

void dg_make_signed(const dg_block *z) {
    for (int i = 0; i < z->window.height; i++) {
        void *row = dg_block_row(z, 0, i);
        if (z->type == DG_DOUBLE)
            make_signed_doubles(row, z->window.width);
        else
            make_signed_floats(row, z->window.width);
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

static void drop_range(const dg_block *z, double low, double high) {
    const float low_float = to_float(low), high_float = to_float(high);
    for (int i = 0; i < z->window.height; i++) {
        void *row = dg_block_row(z, 0, i);
        if (z->type == DG_DOUBLE)
            drop_range_double(row, z->window.width, low, high);
        else
            drop_range_float(row, z->window.width, low_float, high_float);
    }
}

void dg_drop_nodata(const dg_nodata *nodata, const dg_block *z) {
    for (int i = 0; i < nodata->count; i++)
        drop_range(z, nodata->ranges[i].low, nodata->ranges[i].high);
}

bool dg_reaches(const dg_block *z, double size) {
    bool reaches = false;
    for (int i = 0; i < z->window.height && z->type == DG_DOUBLE; i++) {
        const double *row = dg_block_row(z, 0, i);
        for (int j = 0; j < z->window.width; j++)
            reaches |= fabs(row[j]) >= size;
    }
    return reaches;
}

static void drop_masked_floats(const unsigned char *mask, int n, float *z) {
    for (int i = 0; i < n; i++)
        z[i] = mask[i] ? z[i] : NAN;
}

static void drop_masked_doubles(const unsigned char *mask, int n, double *z) {
    for (int i = 0; i < n; i++)
        z[i] = mask[i] ? z[i] : (double)NAN;
}

void dg_drop_masked(const dg_block *mask, const dg_block *z) {
    for (int i = 0; i < z->window.height; i++) {
        const unsigned char *mask_row = dg_block_row(mask, 0, i);
        void *row = dg_block_row(z, 0, i);
        if (z->type == DG_DOUBLE)
            drop_masked_doubles(mask_row, z->window.width, row);
        else
            drop_masked_floats(mask_row, z->window.width, row);
    }
}
