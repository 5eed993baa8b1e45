#include "gdal_errors.h"
#include "publish.h"
#include "unfinished.h"
#include "writer.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <gdal_utils.h>

#include <errno.h>
#include <string.h>

const char *dg_writer_extension(const char *format) {
    GDALDriverH driver = GDALGetDriverByName(format ? format : "GTiff");
    const char *extension = driver ? GDALGetMetadataItem(driver, GDAL_DMD_EXTENSION, NULL) : NULL;
    return extension ? extension : "";
}

/* GDALBuildVRT leaves out what the bands are. The fingerprint is one file's only. */
static void describe_like(GDALDatasetH vrt, const char *file) {
    GDALDatasetH like = GDALOpenEx(file, GDAL_OF_RASTER, NULL, NULL, NULL);
    if (!like)
        return;
    char **items = CSLDuplicate(GDALGetMetadata(like, NULL));
    items = CSLSetNameValue(items, "DEMGRAD_FINGERPRINT", NULL);
    GDALSetMetadata(vrt, items, NULL);
    CSLDestroy(items);
    for (int i = 1; i <= GDALGetRasterCount(vrt) && i <= GDALGetRasterCount(like); i++) {
        GDALRasterBandH from = GDALGetRasterBand(like, i), to = GDALGetRasterBand(vrt, i);
        GDALSetDescription(to, GDALGetDescription(from));
        GDALSetRasterUnitType(to, GDALGetRasterUnitType(from));
    }
    GDALClose(like);
}

demgrad_status dg_writer_mosaic(const char *path, const char *const *files, int count,
                                demgrad_error *error) {
    /* In the same folder, as the paths inside are relative to it. */
    char *temporary = dg_publish_name(path);
    demgrad_status status = dg_unfinished_add(temporary, error);
    if (status) {
        CPLFree(temporary);
        return status;
    }
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    int usage_error = FALSE;
    GDALDatasetH vrt = GDALBuildVRT(temporary, count, NULL, files, NULL, &usage_error);
    if (vrt)
        describe_like(vrt, files[0]);
    dg_unfinished_begin();
    if (vrt)
        GDALClose(vrt); /* writes it */
    dg_gdal_errors_end(&errors);
    if (!vrt || errors.failed)
        status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be written: %s", path,
                         dg_gdal_errors_text(&errors, "GDAL gives no reason"));
    else if (VSIRename(temporary, path) != 0)
        status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be put in place: %s", path,
                         strerror(errno));
    if (status)
        VSIUnlink(temporary);
    dg_unfinished_drop(temporary);
    dg_unfinished_end();
    CPLFree(temporary);
    return status;
}
