/* What files tell of their heights that GDAL's drivers leave out. */
#ifndef DG_LEFT_OUT_H
#define DG_LEFT_OUT_H

#include <demgrad/status.h>

#include <gdal.h>
#include <stdbool.h>

typedef struct dg_left_out {
    char unit[32];        /* "": none */
    double scale, offset; /* of the values that GDAL gives; 1, 0: none */
} dg_left_out;

/* Looks wherever a file of the dataset's driver may tell it. */
dg_left_out dg_left_out_find(GDALDatasetH dataset);

/* Whether GDAL has applied the scale of the values already that it tells: FITS's, in 3.6 as in 3.13. */
bool dg_left_out_is_applied(GDALDatasetH dataset);

/* Fails where GDAL takes other bytes for pixels, or makes others of them, than are meant. */
demgrad_status dg_left_out_check(GDALDatasetH dataset, demgrad_error *error);

#endif
