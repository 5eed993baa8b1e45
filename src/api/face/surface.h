/* The surface of a picture: the inputs, reduced to a raster that is no larger than the picture's map;
 * private to the api and to preview. */
#ifndef DG_SURFACE_H
#define DG_SURFACE_H

#include "compass.h"
#include "fail.h"
#include "file_set.h"
#include "grid.h"
#include "messages.h"
#include "raster_file.h"
#include "setup.h"

#include <demgrad/raster.h>

/* What the values of a surface are. */
typedef enum dg_surface_kind {
    DG_SURFACE_ELEVATION, /* one band, metres */
    DG_SURFACE_GRADIENT   /* two bands: dz/dx and dz/dy as demgrad wrote them */
} dg_surface_kind;

/* How its pixels came from those of the inputs. */
typedef enum dg_reduction {
    DG_REDUCTION_NONE,      /* they are the same */
    DG_REDUCTION_MEAN,      /* each is the mean of those in its place */
    DG_REDUCTION_OVERVIEWS, /* likewise, of the inputs' overviews */
    DG_REDUCTION_SPARSE     /* each is the mean of one block: to read all would take too long */
} dg_reduction;

typedef struct dg_surface {
    dg_surface_kind kind;
    dg_reduction reduction;
    demgrad_raster_info info; /* of the inputs */
    dg_window part; /* of the inputs' pixels: what is drawn; `info` has its size and place */
    int whole_width, whole_height;          /* pixels of the inputs */
    int halo;                               /* pixels that a gradient takes around one */
    dg_compass compass;                     /* of its middle */
    bool last_row_first, last_column_first; /* how it is drawn where its grid is a mirror image */
    dg_grid grid;                           /* of the surface */
    /* Of the surface's pixels; those around it are just for the gradient at its rim. */
    dg_window drawn;
    char *crs;               /* WKT, or NULL */
    dg_gradient_marks marks; /* of a gradient */
    float *values;           /* [band][row][column]; NaN: no data */
    dg_setup *setup;         /* of elevations, until they are read; else NULL */
} dg_surface;

/* Told before each row of blocks is read; returns false to cancel. */
typedef bool (*dg_surface_continue)(double share, void *user);

/* The inputs' kind, size and meaning, without their pixels: `values` and the size of `grid` are left to
 * dg_surface_read, which options and messages must outlive. `files` gets the files that the inputs are made of.
 * On failure there is nothing to free. */
demgrad_status dg_surface_open(const char *const *inputs, size_t count,
                               const demgrad_raster_options *options, const dg_messages *messages,
                               dg_file_set *files, dg_surface *surface, demgrad_error *error);

/* Reads the values, reduced to `width` x `height` pixels, or fewer where that many cannot be had; warns of
 * what a run would warn of. */
demgrad_status dg_surface_read(dg_surface *surface, const char *const *inputs, size_t count,
                               const demgrad_raster_options *options, const dg_messages *messages,
                               int width, int height, dg_surface_continue go_on, void *user,
                               demgrad_error *error);

/* Leaves what is drawn. */
void dg_surface_crop(dg_surface *surface);

void dg_surface_free(dg_surface *surface);

/* The values of a band. */
static inline float *dg_surface_band(const dg_surface *s, int band) {
    return s->values + (size_t)band * (size_t)s->grid.width * (size_t)s->grid.height;
}

#endif
