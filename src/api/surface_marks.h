/* Whether an input of a picture is a gradient; private to the api. */
#ifndef DG_SURFACE_MARKS_H
#define DG_SURFACE_MARKS_H

#include "raster_file.h"

#include <demgrad/raster.h>

static inline dg_raster_file dg_surface_file(const char *path, const demgrad_raster_options *o) {
    return (dg_raster_file){path, o->input_drivers, o->open_options};
}

static inline demgrad_status dg_surface_marks(const char *path, const demgrad_raster_options *o,
                                              dg_gradient_marks *marks, demgrad_error *error) {
    const dg_raster_file file = dg_surface_file(path, o);
    return dg_raster_file_marks(&file, marks, error);
}

#endif
