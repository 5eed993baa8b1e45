#include "mask.h"

#include <cpl_string.h>
#include <string.h>

static GDALRasterBandH find_alpha(GDALDatasetH dataset) {
    for (int i = 1; i <= GDALGetRasterCount(dataset); i++) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, i);
        if (GDALGetRasterColorInterpretation(band) == GCI_AlphaBand)
            return band;
    }
    return NULL;
}

/* GDAL overlooks an alpha band where there is a nodata value too. */
dg_mask dg_find_mask(GDALDatasetH dataset, GDALRasterBandH band, GDALRasterBandH *mask) {
    const int flags = GDALGetMaskFlags(band);
    if (flags == GMF_ALL_VALID || flags == GMF_NODATA) {
        GDALRasterBandH alpha = find_alpha(dataset);
        *mask = alpha == band ? NULL : alpha;
        return *mask ? DG_MASK_ALPHA : DG_MASK_NONE;
    }
    *mask = GDALGetMaskBand(band);
    return flags & GMF_ALPHA ? DG_MASK_ALPHA : DG_MASK_BAND;
}

bool dg_is_plain_gtiff(GDALDatasetH dataset) {
    GDALRasterBandH mask;
    return EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "GTiff") &&
           !strstr(GDALGetDescription(dataset), "/vsi") && GDALGetRasterCount(dataset) == 1 &&
           dg_find_mask(dataset, GDALGetRasterBand(dataset, 1), &mask) == DG_MASK_NONE;
}
