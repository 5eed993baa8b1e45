#include "preview_options.h"

#include "options.h"

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
