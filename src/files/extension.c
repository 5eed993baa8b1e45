#include "output_file.h"

#include <cpl_string.h>
#include <gdal.h>

/* Without one, all that follows the first dot of a name would be taken for it: two outputs would have one
 * header. */
static const char *make_up(GDALDriverH driver) {
    const char *name = driver ? GDALGetDriverShortName(driver) : "";
    return EQUAL(name, "GTiff") || EQUAL(name, "COG") ? "tif" : "dat";
}

const char *dg_output_extension(const char *format) {
    GDALDriverH driver = GDALGetDriverByName(format ? format : "GTiff");
    const char *extension = driver ? GDALGetMetadataItem(driver, GDAL_DMD_EXTENSION, NULL) : NULL;
    return extension && *extension ? extension : make_up(driver);
}
