#include "output_window.h"

#include "reader.h"

#include <math.h>

static bool has_window(const demgrad_raster_options *o) {
    const int *w = o->output_window;
    return w[0] != 0 || w[1] != 0 || w[2] != 0 || w[3] != 0;
}

static bool has_box(const demgrad_raster_options *o) {
    const double *b = o->output_bbox;
    return b[0] != 0 || b[1] != 0 || b[2] != 0 || b[3] != 0;
}

bool dg_output_window_is_given(const demgrad_raster_options *options) {
    return has_window(options) || has_box(options);
}

demgrad_status dg_output_window_check(const demgrad_raster_options *o, demgrad_error *error) {
    const double *b = o->output_bbox;
    if (has_window(o) && has_box(o))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the output's part is given in pixels and as a box; leave one out");
    if (has_box(o) && (!isfinite(b[0] + b[1] + b[2] + b[3]) || b[0] == b[2] || b[1] == b[3]))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the box %g,%g,%g,%g is none; it needs two opposite corners", b[0], b[1],
                       b[2], b[3]);
    return DEMGRAD_OK;
}

demgrad_status dg_output_window_find(const dg_source *source, const demgrad_raster_options *o,
                                     dg_window *window, demgrad_error *error) {
    const dg_source_info *info = dg_source_describe(source);
    const int *w = o->output_window;
    demgrad_error problem;
    demgrad_status status = DEMGRAD_OK;
    *window = dg_grid_window(&info->grid);
    if (has_window(o)) {
        *window = (dg_window){w[0], w[1], w[2], w[3]};
        if (!dg_window_is_inside(*window, dg_grid_window(&info->grid)))
            status = dg_fail(&problem, DEMGRAD_INVALID_ARGUMENT,
                             "the window %d,%d,%d,%d reaches outside its %d x %d pixels", w[0],
                             w[1], w[2], w[3], info->grid.width, info->grid.height);
    } else if (has_box(o)) {
        status = dg_source_find_box(info, o->output_bbox, o->output_bbox_crs, window, &problem);
    }
    return status ? dg_fail(error, status, "%s: %s", dg_source_name(source), problem.message)
                  : DEMGRAD_OK;
}
