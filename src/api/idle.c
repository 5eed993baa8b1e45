#include "idle.h"

#include "recipe.h"

#include <demgrad/raster.h>

const char *dg_idle_frame(const void *options) {
    const demgrad_raster_options *o = options;
    return o->frame != DEMGRAD_FRAME_GRID && o->metric != DEMGRAD_METRIC_GROUND
               ? "as only --metric ground has another frame than the grid's"
               : NULL;
}

const char *dg_idle_window_size(const void *options) {
    const dg_stencil *stencil = dg_recipe_stencil(options);
    return stencil && stencil->pairs > 0 ? "as the method has no window" : NULL;
}

const char *dg_idle_edge_order(const void *options) {
    const demgrad_raster_options *o = options;
    return o->edge_order != 1 && o->edges == DEMGRAD_EDGES_PROPAGATE
               ? "as --nodata-edges propagate takes no one-sided differences"
               : NULL;
}

const char *dg_idle_aspect(const void *options) {
    return dg_recipe_band_needs(options) & DG_NEEDS_FLAT ? NULL : "as --bands has no aspect";
}

const char *dg_idle_light(const void *options) {
    return dg_recipe_band_needs(options) & DG_NEEDS_LIGHT ? NULL : "as --bands has no hillshade";
}

const char *dg_idle_azimuth(const void *options) {
    const demgrad_raster_options *o = options;
    const bool has_own = o->hillshade == DEMGRAD_HILLSHADE_MULTIDIRECTIONAL;
    const char *why = dg_idle_light(o);
    return !why && has_own ? "as --hillshade multidirectional has lights of its own" : why;
}

const char *dg_idle_z_error(const void *options) {
    return dg_recipe_band_needs(options) & DG_NEEDS_NOISE ? NULL : "as --bands has no error-...";
}
