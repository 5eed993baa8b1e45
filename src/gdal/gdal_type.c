#include "gdal_type.h"

#include <cpl_string.h>

bool dg_is_signed_byte(GDALRasterBandH band) {
    /* From the list of all: from 3.7 on GDAL warns of whoever asks for this one, as it has Int8. */
    const char *type = CSLFetchNameValue(GDALGetMetadata(band, "IMAGE_STRUCTURE"), "PIXELTYPE");
    return GDALGetRasterDataType(band) == GDT_Byte && type && EQUAL(type, "SIGNEDBYTE");
}
