#include "format.h"

#include "path.h"
#include "suggest.h"

#include <cpl_string.h>
#include <string.h>

/* Whether a list of words with blanks between has this one, in whatever letters. */
static bool has_word(const char *list, const char *wanted) {
    bool has = false;
    for (const char *word = list + strspn(list, " "); *word && !has; word += strspn(word, " ")) {
        const size_t length = strcspn(word, " ");
        has = length == strlen(wanted) && EQUALN(word, wanted, length);
        word += length;
    }
    return has;
}

/* Whether the format takes values of `type`; unknown counts as yes. GDAL would round them in silence. */
static bool takes_type(GDALDriverH driver, GDALDataType type) {
    const char *list = GDALGetMetadataItem(driver, GDAL_DMD_CREATIONDATATYPES, NULL);
    return !list || has_word(list, GDALGetDataTypeName(type));
}

static const char *driver_name(size_t index, void *user) {
    (void)user;
    return index < (size_t)GDALGetDriverCount() ? GDALGetDriverShortName(GDALGetDriver((int)index))
                                                : NULL;
}

static demgrad_status fail_for_format(const char *format, demgrad_error *error) {
    const char *meant = dg_suggest(format, driver_name, NULL);
    if (meant)
        return dg_fail(error, DEMGRAD_INVALID_OPTION,
                       "%s: is no format of this GDAL; did you mean %s?", format, meant);
    return dg_fail(error, DEMGRAD_INVALID_OPTION,
                   "%s: is no format of this GDAL; gdalinfo --formats lists them", format);
}

bool dg_format_is_gtiff(GDALDriverH driver) {
    return EQUAL(GDALGetDriverShortName(driver), "GTiff");
}

bool dg_format_is_tiff(GDALDriverH driver) {
    return dg_format_is_gtiff(driver) || EQUAL(GDALGetDriverShortName(driver), "COG");
}

static bool can_write(GDALDriverH driver) {
    return GDALGetMetadataItem(driver, GDAL_DCAP_RASTER, NULL) &&
           (GDALGetMetadataItem(driver, GDAL_DCAP_CREATE, NULL) ||
            GDALGetMetadataItem(driver, GDAL_DCAP_CREATECOPY, NULL));
}

static demgrad_status find_named(const char *format, GDALDriverH *driver, demgrad_error *error) {
    *driver = GDALGetDriverByName(format);
    if (!*driver)
        return fail_for_format(format, error);
    return can_write(*driver)
               ? DEMGRAD_OK
               : dg_fail(error, DEMGRAD_INVALID_OPTION,
                         "%s: is a format that GDAL cannot write rasters in; try GTiff", format);
}

static bool has_suffix(GDALDriverH driver, const char *suffix) {
    const char *list = GDALGetMetadataItem(driver, GDAL_DMD_EXTENSIONS, NULL);
    return list && has_word(list, suffix);
}

/* The first of several formats with one suffix, as in GDAL's own tools: COGs end as GTiffs do, GMT's
 * grids as all of netCDF, and rasters of MiraMon as those of Erdas. */
static bool is_preferred(GDALDriverH driver) {
    const char *name = GDALGetDriverShortName(driver);
    return EQUAL(name, "GTiff") || EQUAL(name, "netCDF") || EQUAL(name, "HFA");
}

/* How many formats are written under such a suffix, and the first two of them. */
static int find_formats(const char *suffix, GDALDriverH found[2]) {
    int count = 0;
    for (int i = 0; i < GDALGetDriverCount(); i++) {
        GDALDriverH driver = GDALGetDriver(i);
        if (!can_write(driver) || !has_suffix(driver, suffix))
            continue;
        if (count < 2)
            found[count] = driver;
        count++;
        if (is_preferred(driver)) {
            found[0] = driver;
            return 1;
        }
    }
    return count;
}

static demgrad_status find_by_suffix(const char *path, GDALDriverH *driver, demgrad_error *error) {
    const char *dot = strrchr(dg_path_name(path), '.');
    if (!dot || dot == dg_path_name(path) || !dot[1])
        return find_named("GTiff", driver, error);
    GDALDriverH found[2];
    const int count = find_formats(dot + 1, found);
    if (count == 0)
        return dg_fail(error, DEMGRAD_INVALID_OPTION,
                       "%s: \"%s\" is the suffix of no format that GDAL writes rasters in; give a "
                       "format, such as -f GTiff",
                       path, dot);
    if (count > 1)
        return dg_fail(error, DEMGRAD_INVALID_OPTION,
                       "%s: several formats have the suffix \"%s\"; give one, such as -f %s or -f "
                       "%s",
                       path, dot, GDALGetDriverShortName(found[0]),
                       GDALGetDriverShortName(found[1]));
    *driver = found[0];
    return DEMGRAD_OK;
}

demgrad_status dg_format_find(const char *format, const char *path, GDALDataType type,
                              GDALDriverH *driver, demgrad_error *error) {
    const demgrad_status status =
        format ? find_named(format, driver, error) : find_by_suffix(path, driver, error);
    if (status)
        return status;
    if (!takes_type(*driver, type))
        return dg_fail(error, DEMGRAD_INVALID_OPTION,
                       "%s: is a format that cannot hold %s values; try GTiff",
                       GDALGetDriverShortName(*driver), GDALGetDataTypeName(type));
    return DEMGRAD_OK;
}

/* One that opens no files, such as COG, makes its own from a copy at the end, whatever it offers to
 * create. */
bool dg_format_takes_blocks(GDALDriverH driver) {
    return GDALGetMetadataItem(driver, GDAL_DCAP_CREATE, NULL) &&
           GDALGetMetadataItem(driver, GDAL_DCAP_OPEN, NULL);
}

bool dg_format_can_copy(GDALDriverH driver) {
    return GDALGetMetadataItem(driver, GDAL_DCAP_CREATECOPY, NULL) != NULL;
}

bool dg_format_keeps_all(GDALDriverH driver, char **options) {
    return dg_format_is_tiff(driver) && !CSLFetchNameValue(options, "PROFILE") &&
           !CSLFetchNameValue(options, "ALPHA") && dg_format_keeps_values(driver, options);
}

bool dg_format_keeps_values(GDALDriverH driver, char **options) {
    static const char *const lossy[] = {"NBITS", "DISCARD_LSB", "MAX_Z_ERROR"};
    const char *codec = CSLFetchNameValueDef(options, "COMPRESS", "NONE");
    bool keeps =
        dg_format_is_tiff(driver) && !STARTS_WITH_CI(codec, "LERC") && !EQUAL(codec, "JXL");
    for (size_t i = 0; i < sizeof lossy / sizeof *lossy; i++)
        keeps &= CSLFetchNameValue(options, lossy[i]) == NULL;
    return keeps;
}
