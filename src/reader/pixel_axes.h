/* The axes that a file has for its columns and rows, as coordinates of their own; private to the
 * reader. */
#ifndef DG_PIXEL_AXES_H
#define DG_PIXEL_AXES_H

#include "fail.h"

#include <gdal.h>
#include <stdbool.h>

typedef struct dg_pixel_axis {
    double *values; /* one for each column or row of the raster */
    int count;
    char unit[32];
    bool is_float; /* stored as floats, so rounded to their 24 binary digits */
    /* The file says that it is the axis of the other: northings of columns, eastings of rows. */
    bool is_other;
} dg_pixel_axis;

/* Reads the axes of a band's columns (0) and rows (1), from geolocation arrays of one dimension, or from
 * the dimensions of a multidimensional array. *is_read is false where the file has none that fit the
 * raster. Fails for want of memory only. To be freed with dg_pixel_axes_free, also then. */
demgrad_status dg_pixel_axes_read(GDALDatasetH dataset, GDALRasterBandH band, dg_pixel_axis axes[2],
                                  bool *is_read, demgrad_error *error);
void dg_pixel_axes_free(dg_pixel_axis axes[2]);

/* Puts the values the other way round. */
void dg_pixel_axis_reverse(dg_pixel_axis *axis);

#endif
