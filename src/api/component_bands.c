#include "component_bands.h"

#include "recipe.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const dg_band *find_band(const char *name) {
    const dg_band *band = dg_kernel_band(dg_kernel_select(NULL), name);
    assert(band);
    return band;
}

bool dg_band_is_of_components(const char *name) {
    return (find_band(name)->needs & (DG_NEEDS_WHOLE | DG_NEEDS_NOISE)) == 0;
}

void dg_band_make(const char *name, const demgrad_raster_options *options, const float *dzdx,
                  const float *dzdy, int64_t count, float *out) {
    const dg_band *band = find_band(name);
    const dg_band_settings settings = dg_recipe_settings(options);
    enum { RUN = 1 << 20 }; /* the kernel counts columns in ints */
    if (!band->of_floats)
        memcpy(out, band->needs == DG_NEEDS_DZDX ? dzdx : dzdy, (size_t)count * sizeof *out);
    for (int64_t i = 0; i < count && band->of_floats; i += RUN) {
        const dg_band_input in = {
            .dzdx = dzdx + i, .dzdy = dzdy + i, .settings = &settings, .nodata = (double)NAN};
        band->of_floats(&in, (int)(count - i < RUN ? count - i : RUN), out + i);
    }
}
