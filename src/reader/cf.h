/* What the CF conventions' attributes say that GDAL keeps as metadata only. Private to the reader. */
#ifndef DG_CF_H
#define DG_CF_H

#include <gdal.h>
#include <ogr_srs_api.h>
#include <stdbool.h>
#include <stddef.h>

/* Puts the numbers of the band's `missing_value` (2.5.1 has a vector of them) that are not among the `count`
 * values into values[count] and so on, up to `most`. The count that there is then. */
size_t dg_cf_add_missing(GDALRasterBandH band, double *values, size_t count, size_t most);

/* Whether the band's values grow downwards: 4.3, `positive`. */
bool dg_cf_counts_down(GDALRasterBandH band);

/* Whether the CRS is given as WKT too, beside its parameters. */
bool dg_cf_has_wkt(GDALDatasetH dataset);

/* The unit of the axes of a projected CRS, which 4 wants to be the unit of its coordinates; NULL: not told. */
const char *dg_cf_axis_unit(GDALDatasetH dataset);

#endif
