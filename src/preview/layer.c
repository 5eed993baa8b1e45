#include "layer.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const dg_band *find_band(const char *name) {
    const dg_band *band = dg_kernel_band(dg_kernel_select(NULL), name);
    assert(band);
    return band;
}

bool dg_layer_is_of_components(const char *name) {
    return (find_band(name)->needs & ~DG_NEEDS_BOTH) == 0;
}

/* The kernel counts columns in ints. */
static void make(const dg_band *band, const dg_field *f, int64_t count,
                 const dg_band_settings *settings, float *out) {
    enum { RUN = 1 << 20 };
    for (int64_t i = 0; i < count; i += RUN) {
        const dg_band_input in = {
            .dzdx = f->dzdx + i, .dzdy = f->dzdy + i, .settings = settings, .nodata = (double)NAN};
        band->of_floats(&in, (int)(count - i < RUN ? count - i : RUN), out + i);
    }
}

float *dg_layer_make(const dg_field *field, int64_t count, const char *name,
                     const dg_band_settings *settings) {
    const dg_band *band = find_band(name);
    float *out = malloc((size_t)count * sizeof *out);
    if (!out)
        return NULL;
    if (!dg_layer_is_of_components(name))
        memcpy(out, field->extra, (size_t)count * sizeof *out);
    else if (band->of_floats)
        make(band, field, count, settings, out);
    else
        memcpy(out, band->needs == DG_NEEDS_DZDX ? field->dzdx : field->dzdy,
               (size_t)count * sizeof *out);
    return out;
}

static int compare_floats(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

bool dg_layer_quantile(const float *layer, int64_t count, double share, double *quantile) {
    enum { MOST = 200000 };
    const int64_t step = count / MOST + 1;
    float *values = malloc((size_t)(count / step + 1) * sizeof *values);
    size_t n = 0;
    if (!values)
        return false;
    for (int64_t i = 0; i < count; i += step) {
        if (isfinite(layer[i]))
            values[n++] = fabsf(layer[i]);
    }
    qsort(values, n, sizeof *values, compare_floats);
    *quantile = n > 0 ? (double)values[(size_t)((double)(n - 1) * share + 0.5)] : 0;
    free(values);
    return true;
}
