/* What a band's stored values are to be multiplied by, and what is added. */
#ifndef DG_SCALE_H
#define DG_SCALE_H

#include <gdal.h>
#include <stdbool.h>

typedef struct dg_scale {
    double scale, offset; /* 1, 0: none */
    bool is_left_out;     /* GDAL knows neither */
} dg_scale;

dg_scale dg_scale_of(GDALRasterBandH band);

#endif
