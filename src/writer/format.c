#include "format.h"

#include "gdal_errors.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdlib.h>
#include <string.h>

/* Whether the format takes values of `type`; unknown counts as yes. GDAL would round them silently.
 */
static bool takes_type(GDALDriverH driver, GDALDataType type) {
    const char *list = GDALGetMetadataItem(driver, GDAL_DMD_CREATIONDATATYPES, NULL);
    char **types = list ? CSLTokenizeString2(list, " ", 0) : NULL;
    const bool takes = !list || CSLFindString(types, GDALGetDataTypeName(type)) >= 0;
    CSLDestroy(types);
    return takes;
}

demgrad_status dg_format_find(const char *format, GDALDataType type, GDALDriverH *driver,
                              demgrad_error *error) {
    *driver = GDALGetDriverByName(format);
    if (!*driver)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: is no format of this GDAL; gdalinfo --formats lists them", format);
    const bool can = GDALGetMetadataItem(*driver, GDAL_DCAP_RASTER, NULL) &&
                     (GDALGetMetadataItem(*driver, GDAL_DCAP_CREATE, NULL) ||
                      GDALGetMetadataItem(*driver, GDAL_DCAP_CREATECOPY, NULL));
    if (!can)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: is a format that GDAL cannot write rasters in; try GTiff", format);
    if (!takes_type(*driver, type))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: is a format that cannot hold %s values; try GTiff", format,
                       GDALGetDataTypeName(type));
    return DEMGRAD_OK;
}

bool dg_format_can_create(GDALDriverH driver) {
    return GDALGetMetadataItem(driver, GDAL_DCAP_CREATE, NULL) != NULL;
}

bool dg_format_is_gtiff(GDALDriverH driver) {
    return EQUAL(GDALGetDriverShortName(driver), "GTiff");
}

/* A COG is one, made by way of another. */
bool dg_format_keeps_values(GDALDriverH driver) {
    return dg_format_is_gtiff(driver) || EQUAL(GDALGetDriverShortName(driver), "COG");
}

static char **set_default(char **options, const char *name, const char *value) {
    return CSLFetchNameValue(options, name) ? options : CSLSetNameValue(options, name, value);
}

/* A raster smaller than GDAL's usual block of 256 pixels need not be padded to it. TIFF wants
 * multiples of 16. */
static char **fit_block(char **options, const char *name, int size) {
    return size < 240 ? set_default(options, name, CPLSPrintf("%d", (size + 15) / 16 * 16))
                      : options;
}

static bool knows_option(GDALDriverH driver, const char *name) {
    const char *list = GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, NULL);
    return list && strstr(list, CPLSPrintf("name='%s'", name));
}

/* Of a GTiff's block; 0 for other formats, whose options differ. */
static int64_t block_bytes(const dg_output *output, GDALDriverH driver, char **options) {
    if (!dg_format_is_gtiff(driver))
        return 0;
    const bool is_tiled = CPLTestBool(CSLFetchNameValueDef(options, "TILED", "NO"));
    const int width =
        is_tiled ? atoi(CSLFetchNameValueDef(options, "BLOCKXSIZE", "256")) : output->grid.width;
    const int height = atoi(CSLFetchNameValueDef(options, "BLOCKYSIZE", is_tiled ? "256" : "1"));
    const bool is_by_pixel = EQUAL(CSLFetchNameValueDef(options, "INTERLEAVE", ""), "PIXEL");
    return (int64_t)width * height * (is_by_pixel ? output->band_count : 1) *
           (int64_t)(output->is_double ? sizeof(double) : sizeof(float));
}

/* What each of GDAL's codec threads holds: a block that waits, one at work and the predictor's, and what
 * became of them. */
enum { BLOCKS_PER_THREAD = 5 };

static int codec_threads(const dg_output *output, int64_t bytes) {
    if (bytes == 0 || output->codec_memory == 0)
        return output->threads;
    const int64_t fit = output->codec_memory / BLOCKS_PER_THREAD / bytes;
    return fit < output->threads ? (int)fit : output->threads;
}

int64_t dg_format_codec_memory(const dg_output *output, GDALDriverH driver, char **options) {
    const bool is_packed = !EQUAL(CSLFetchNameValueDef(options, "COMPRESS", "NONE"), "NONE");
    const int threads = atoi(CSLFetchNameValueDef(options, "NUM_THREADS", "1"));
    return is_packed ? BLOCKS_PER_THREAD * block_bytes(output, driver, options) * threads : 0;
}

char **dg_format_options(const dg_output *output, GDALDriverH driver) {
    char **options = CSLDuplicate((char **)output->creation_options);
    if (dg_format_is_gtiff(driver)) {
        options = set_default(options, "TILED", "YES");
        options = set_default(options, "INTERLEAVE", "BAND");
        if (CPLTestBool(CSLFetchNameValue(options, "TILED"))) {
            options = fit_block(options, "BLOCKXSIZE", output->grid.width);
            options = fit_block(options, "BLOCKYSIZE", output->grid.height);
        }
    }
    if (knows_option(driver, "BIGTIFF"))
        options = set_default(options, "BIGTIFF", "IF_SAFER");
    const int threads = codec_threads(output, block_bytes(output, driver, options));
    if (threads > 1 && knows_option(driver, "NUM_THREADS"))
        options = set_default(options, "NUM_THREADS", CPLSPrintf("%d", threads));
    return options;
}

/* Whether a GTiff would have the bytes of its values turned round. GDAL 3.6 then writes other values
 * with some codecs and predictors, and in blocks that are all nodata. */
static bool turns_bytes(GDALDriverH driver, char **options) {
    const char *order = CSLFetchNameValueDef(options, "ENDIANNESS", "NATIVE");
    return dg_format_is_gtiff(driver) && !EQUAL(order, "NATIVE") &&
           !EQUAL(order, CPL_IS_LSB ? "LITTLE" : "BIG");
}

/* GDAL only warns of an option it does not know, and goes on without it. */
demgrad_status dg_format_check_options(GDALDriverH driver, char **options, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const bool valid = GDALValidateCreationOptions(driver, options);
    dg_gdal_errors_end(&errors);
    if (valid && turns_bytes(driver, options))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "--co ENDIANNESS=%s: GDAL writes wrong values in this order; leave it out",
                       CSLFetchNameValue(options, "ENDIANNESS"));
    if (valid)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "--co: %s; gdalinfo --format %s lists the creation options", errors.warning,
                   GDALGetDriverShortName(driver));
}
