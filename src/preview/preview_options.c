#include "preview_options.h"

#include "options.h"

#include <math.h>

static const dg_form OWN = DG_OWN_FORM(demgrad_preview_options);

static demgrad_preview_options default_options(void) {
    return (demgrad_preview_options){.raster = dg_raster_options_default(), .density = 1};
}

void demgrad_preview_options_init_sized(demgrad_preview_options *options, size_t size,
                                        size_t raster_size) {
    const demgrad_preview_options defaults = default_options();
    dg_sized_init(options, (dg_form){size, OWN.inner, raster_size}, &defaults, OWN);
}

demgrad_status dg_preview_options_take(const demgrad_preview_options *options,
                                       demgrad_preview_options *own, demgrad_error *error) {
    *own = default_options();
    if (!options)
        return DEMGRAD_OK;
    return dg_sized_take(own, OWN, options, DG_FORM_OF(demgrad_preview_options, options), error);
}

demgrad_status dg_preview_options_check(const demgrad_preview_options *o, demgrad_error *error) {
    static const int MOST = 20000;
    if (o->style < 0 || o->style >= DEMGRAD_STYLE_END)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "there is no style number %d",
                       (int)o->style);
    if (o->width < 0 || o->height < 0 || (o->height > 0 && o->width == 0) ||
        !(o->density >= 0.1 && o->density <= 10) || o->width * o->density > MOST ||
        o->height * o->density > MOST)
        return dg_fail(
            error, DEMGRAD_INVALID_ARGUMENT,
            "a picture of %d x %d pixels at density %g cannot be; up to %d pixels a side "
            "can",
            o->width, o->height, o->density, MOST);
    if (o->style == DEMGRAD_STYLE_ERROR && o->raster.z_error == 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "a picture of errors needs those of the elevations (--z-error)");
    if (!isfinite(o->low) || !isfinite(o->high) || o->low > o->high)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the range is %g to %g; it must be two numbers, the lower one first", o->low,
                       o->high);
    return DEMGRAD_OK;
}
