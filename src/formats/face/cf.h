/* What the CF conventions' attributes say that GDAL keeps as metadata only. */
#ifndef DG_CF_H
#define DG_CF_H

#include <gdal.h>
#include <ogr_srs_api.h>
#include <stdbool.h>
#include <stddef.h>

/* The attribute of that name. HDF5 puts an array's name before it in GDAL before 3.10: dem_units. NULL: none. */
const char *dg_cf_find(char **metadata, const char *name);

/* Puts the numbers of the band's `missing_value` (2.5.1 has a vector of them) that are not among the `count`
 * values into values[count] and so on, up to `most`. The count that there is then. */
size_t dg_cf_add_missing(GDALRasterBandH band, double *values, size_t count, size_t most);

/* Puts the scale and the offset that an array has where GDAL knows none, 1 and 0: HDF5's, before 3.10, and such
 * as are stored as text. */
void dg_cf_scale(GDALRasterBandH band, double *scale, double *offset);

/* The one of them, and its `name`, that is no number; NULL: none. */
const char *dg_cf_odd_scale(GDALRasterBandH band, const char **name);

/* The least and the greatest of the stored values that are data: 2.5.1, of which GDAL heeds netCDF's where both
 * ends are told. False: no end is. */
bool dg_cf_valid_range(GDALRasterBandH band, double *least, double *most);

/* Whether the band's values grow downwards: 4.3, `positive`, or a depth by its standard name, or by S-102. */
bool dg_cf_counts_down(GDALRasterBandH band);

/* Whether the CRS is given as WKT too, beside its parameters. */
bool dg_cf_has_wkt(GDALDatasetH dataset);

/* The unit of the axes of a projected CRS, which 4 wants to be the unit of its coordinates; NULL: not told. */
const char *dg_cf_axis_unit(GDALDatasetH dataset);

#endif
