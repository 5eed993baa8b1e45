/* GDAL's names of what flows. */
#ifndef DG_GDAL_TYPE_H
#define DG_GDAL_TYPE_H

#include "block.h"

#include <gdal.h>

static inline GDALDataType dg_gdal_type(dg_type type) {
    static const GDALDataType types[] = {
        [DG_FLOAT] = GDT_Float32, [DG_DOUBLE] = GDT_Float64, [DG_BYTE] = GDT_Byte};
    return types[type];
}

#endif
