/* What a raster's file has beside the pixels that are asked for. */
#ifndef DG_RASTER_FILE_H
#define DG_RASTER_FILE_H

#include "fail.h"

#include <stdbool.h>

/* How it is opened. */
typedef struct dg_raster_file {
    const char *path;
    const char *const *drivers;      /* the only ones to try, NULL-terminated, or NULL */
    const char *const *open_options; /* "K=V", NULL-terminated, or NULL */
} dg_raster_file;

/* What demgrad said of a gradient that it wrote. */
typedef struct dg_gradient_marks {
    int dzdx, dzdy; /* its bands, from 1; both 0: it is no gradient, or cannot be opened */
    bool is_frame_true;
    char metric[16];
} dg_gradient_marks;

/* Fails where demgrad wrote other bands alone. */
demgrad_status dg_raster_file_marks(const dg_raster_file *file, dg_gradient_marks *marks,
                                    demgrad_error *error);

/* The band's overview with the fewest pixels that still has enough of them, or -1; and how many it has. */
int dg_raster_file_overview(const dg_raster_file *file, int band, double least_width,
                            double least_height, double *pixels);

#endif
