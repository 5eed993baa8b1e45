#include "mask.h"

#include "gdal_driver.h"
#include "hidden.h"
#include "memory.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

static GDALRasterBandH find_alpha(GDALDatasetH dataset) {
    for (int i = 1; i <= GDALGetRasterCount(dataset); i++) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, i);
        if (GDALGetRasterColorInterpretation(band) == GCI_AlphaBand)
            return band;
    }
    return NULL;
}

/* A nodata value of a dataset's bands together (NODATA_VALUES) is no band's own: GDAL makes a mask of it. */
static bool has_own_mask(int flags) {
    const bool is_of_band = (flags & GMF_NODATA) && !(flags & GMF_PER_DATASET);
    return !(flags & (GMF_ALL_VALID | GMF_ALPHA)) && !is_of_band;
}

/* GDAL overlooks an alpha band where there is a nodata value or a mask too. */
dg_mask dg_find_mask(GDALDatasetH dataset, GDALRasterBandH band, GDALRasterBandH masks[2]) {
    const bool has_mask = has_own_mask(GDALGetMaskFlags(band));
    GDALRasterBandH alpha = find_alpha(dataset);
    if (alpha == band)
        alpha = NULL;
    masks[0] = has_mask ? GDALGetMaskBand(band) : alpha;
    masks[1] = has_mask ? alpha : NULL;
    if (has_mask)
        return alpha ? DG_MASK_BOTH : DG_MASK_BAND;
    return alpha ? DG_MASK_ALPHA : DG_MASK_NONE;
}

bool dg_note_mask_of(GDALDatasetH dataset, const char *name, dg_notes *notes) {
    if (dg_hides_mask() || has_own_mask(GDALGetMaskFlags(GDALGetRasterBand(dataset, 1))))
        return true;
    char *path = dg_format(NULL, "%s.msk", GDALGetDescription(dataset));
    VSIStatBufL found;
    if (path && VSIStatExL(path, &found, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) == 0 &&
        VSI_ISREG(found.st_mode))
        dg_note(notes, name,
                "GDAL takes no mask from %s, so that pixels which are no data may count: it is "
                "damaged, of another size, or not for %s files; remove it, or make it anew",
                path, dg_driver_name(dataset));
    const bool has_memory = path != NULL;
    free(path);
    return has_memory;
}

bool dg_is_plain_gtiff(GDALDatasetH dataset) {
    GDALRasterBandH masks[2];
    return dg_has_driver(dataset, "GTiff") && !strstr(GDALGetDescription(dataset), "/vsi") &&
           GDALGetRasterCount(dataset) == 1 &&
           dg_find_mask(dataset, GDALGetRasterBand(dataset, 1), masks) == DG_MASK_NONE;
}
