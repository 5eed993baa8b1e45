/* A closed output, opened again as anybody would; private to the writer. */
#ifndef DG_REOPEN_H
#define DG_REOPEN_H

#include "grid.h"
#include "memory.h"

#include <gdal.h>

/* Its bands are one dataset's, or, as netCDF has them, each a subdataset's. */
typedef struct dg_reopened {
    GDALDatasetH dataset; /* NULL where GDAL cannot open it */
    GDALDatasetH *parts;  /* of each band; NULL where they are the dataset's */
    int band_count;       /* of what was found */
    dg_list files;        /* the names in its folder, all of which are its own */
} dg_reopened;

/* Subdatasets of another size than the grid's are left out: they are axes. */
dg_reopened dg_reopen(const char *path, const dg_grid *grid);
void dg_reopened_close(dg_reopened *opened);

/* Band number `band` (0: first), and the dataset that it is in. */
GDALDatasetH dg_reopened_dataset(const dg_reopened *opened, int band);
GDALRasterBandH dg_reopened_band(const dg_reopened *opened, int band);

#endif
