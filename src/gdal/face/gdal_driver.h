/* Which of GDAL's drivers reads a dataset. */
#ifndef DG_GDAL_DRIVER_H
#define DG_GDAL_DRIVER_H

#include <gdal.h>
#include <stdbool.h>

/* Its short name; "": of none, as a band of no dataset, NULL, has none either. */
const char *dg_driver_name(GDALDatasetH dataset);

bool dg_has_driver(GDALDatasetH dataset, const char *name);

#endif
