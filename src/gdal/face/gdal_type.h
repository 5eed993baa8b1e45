/* GDAL's types of values. */
#ifndef DG_GDAL_TYPE_H
#define DG_GDAL_TYPE_H

#include "block.h"

#include <gdal.h>
#include <stdbool.h>

static inline GDALDataType dg_gdal_type(dg_type type) {
    static const GDALDataType types[] = {
        [DG_FLOAT] = GDT_Float32, [DG_DOUBLE] = GDT_Float64, [DG_BYTE] = GDT_Byte};
    return types[type];
}

/* Whether GDAL's type for the band is a byte, and the values are signed all the same: so it is for GDAL
 * before 3.7. */
bool dg_is_signed_byte(GDALRasterBandH band);

#endif
