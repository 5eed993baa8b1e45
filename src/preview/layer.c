#include "layer.h"

#include "component_bands.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

float *dg_layer_make(const dg_field *field, int64_t count, const char *name,
                     const demgrad_raster_options *options) {
    float *out = malloc((size_t)count * sizeof *out);
    if (!out)
        return NULL;
    if (dg_band_is_of_components(name))
        dg_band_make(name, options, field->dzdx, field->dzdy, count, out);
    else
        memcpy(out, field->extra, (size_t)count * sizeof *out);
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
