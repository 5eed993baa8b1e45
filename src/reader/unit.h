/* The unit of a band's values; private to the reader. */
#ifndef DG_UNIT_OF_BAND_H
#define DG_UNIT_OF_BAND_H

#include "notes.h"
#include "reader.h"

#include <gdal.h>

/* Fills in info->unit, from the band's own unit or from metadata that GDAL has in its place, and
 * unit_is_crs, which is asked for only where a CRS is given in the options. */
demgrad_status dg_describe_unit(GDALDatasetH dataset, GDALRasterBandH band,
                                const dg_source_options *options, dg_source_info *info,
                                demgrad_error *error);

/* Where a VRT or a tile index tells no unit, takes that which what its values are copied from declares, with a
 * note; notes a scale that it does not tell. After scale and CRS are described. */
void dg_take_from_below(GDALDatasetH dataset, const char *name, const dg_source_options *options,
                        dg_notes *notes, dg_source_info *info);

/* Whether two rasters' values, in CRSs that are the same, are in one unit. */
bool dg_same_unit(const dg_source_info *a, const dg_source_info *b);

#endif
