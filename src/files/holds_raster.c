#include "holds_raster.h"

#include "opened.h"
#include "real_path.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>

bool dg_is_there(const char *path) {
    VSIStatBufL found;
    return VSIStatExL(path, &found, VSI_STAT_EXISTS_FLAG) == 0;
}

bool dg_is_folder(const char *path) {
    VSIStatBufL found;
    return VSIStatExL(path, &found, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) == 0 &&
           VSI_ISDIR(found.st_mode);
}

static bool opens_as(const char *path, unsigned flags) {
    GDALDatasetH dataset = GDALOpenEx(path, flags, NULL, NULL, NULL);
    const bool holds_rasters =
        dataset && (GDALGetRasterCount(dataset) > 0 || GDALGetMetadata(dataset, "SUBDATASETS"));
    const bool opens = flags & GDAL_OF_RASTER ? holds_rasters : dataset != NULL;
    if (dataset)
        GDALClose(dataset);
    return opens;
}

bool dg_holds_raster(const char *path) {
    dg_opened opened;
    dg_opened_begin(&opened, path);
    const char *name = opened.name;
    GDALDriverH driver = GDALIdentifyDriverEx(name, GDAL_OF_RASTER, NULL, NULL);
    /* Some formats hold rasters, or vector data alone, or both. */
    const bool is = driver && (!GDALGetMetadataItem(driver, GDAL_DCAP_VECTOR, NULL) ||
                               opens_as(name, GDAL_OF_RASTER) || !opens_as(name, GDAL_OF_VECTOR));
    dg_opened_end(&opened);
    return is;
}

bool dg_holds_text_grid(const char *path) {
    static const char *const drivers[] = {"AAIGrid", "GRASSASCIIGrid", "GSAG", "ISG", "ZMap", NULL};
    dg_opened opened;
    dg_opened_begin(&opened, path);
    const bool is = GDALIdentifyDriverEx(opened.name, GDAL_OF_RASTER, drivers, NULL);
    dg_opened_end(&opened);
    return is;
}

dg_list dg_raster_places(const char *raster) {
    dg_opened opened;
    dg_opened_raster(&opened, raster);
    char **files = opened.dataset ? GDALGetFileList(opened.dataset) : NULL;
    dg_list places = {0};
    for (int i = 0; files && files[i]; i++) {
        char *place = dg_real_path(files[i]);
        dg_list_add(&places, place);
        free(place);
    }
    CSLDestroy(files);
    dg_opened_end(&opened);
    return places;
}
