#include "format.h"

#include "gdal_errors.h"
#include "integers.h"
#include "needs.h"
#include "path.h"
#include "suggest.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Whether the format takes values of `type`; unknown counts as yes. GDAL would round them silently.
 */
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
           dg_format_keeps_values(driver, options);
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

static void set_default(dg_list *options, const char *name, const char *value) {
    if (!CSLFetchNameValue(options->items, name))
        dg_list_set(options, name, value);
}

static void set_default_number(dg_list *options, const char *name, int value) {
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    set_default(options, name, text);
}

/* The block, of a size near GDAL's usual 256 pixels, that pads the raster least: small ones would come
 * to up to four times their size. TIFF wants multiples of 16. */
static int fit_block(int size) {
    enum { STEP = 16, USUAL = 256, LEAST = 128, MOST = 384 };
    int best = dg_ceil_divide(size, STEP) * STEP;
    for (int block = LEAST; block <= MOST && size > LEAST; block += STEP) {
        const int padded = dg_ceil_divide(size, block) * block;
        const int least = dg_ceil_divide(size, best) * best;
        if (best > MOST || padded < least ||
            (padded == least && abs(block - USUAL) < abs(best - USUAL)))
            best = block;
    }
    return best;
}

static void set_block(dg_list *options, const char *name, int size) {
    enum { LARGE = 4096 };
    if (size < LARGE)
        set_default_number(options, name, fit_block(size));
}

static bool knows_option(GDALDriverH driver, const char *name) {
    const char *list = GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, NULL);
    char quoted[64];
    snprintf(quoted, sizeof quoted, "name='%s'", name);
    return list && strstr(list, quoted);
}

/* The creation options that only choose a layout. Any other one may mean something to GDAL that an
 * opened file no longer knows of. */
static bool only_lay_out(char **options) {
    static const char *const layout[] = {"TILED",      "BLOCKXSIZE", "BLOCKYSIZE",
                                         "INTERLEAVE", "BIGTIFF",    "NUM_THREADS"};
    for (; *options; options++) {
        bool is_layout = EQUAL(*options, "COMPRESS=NONE");
        for (size_t i = 0; i < sizeof layout / sizeof *layout; i++) {
            const size_t length = strlen(layout[i]);
            is_layout |= EQUALN(*options, layout[i], length) && (*options)[length] == '=';
        }
        if (!is_layout)
            return false;
    }
    return true;
}

enum {
    LEAST_BLOCK = 1 << 16, /* bytes; lower ones are better off in GDAL's pieces */
    LEAST_FILE = 1 << 25   /* bytes; opening again takes about 1 ms */
};

/* GDAL takes some paths for more than a path when it opens them; and lays a last, lower strip out as
 * a whole one. */
bool dg_format_can_be_laid_out(const dg_output *output, GDALDriverH driver, char **options) {
    if (!dg_format_is_gtiff(driver) || STARTS_WITH(output->target.path, "/vsi") ||
        STARTS_WITH_CI(output->target.path, "GTIFF_") || !only_lay_out(options))
        return false;
    const dg_file_block b = dg_needs_block(output, options);
    const int64_t pixels = (int64_t)output->grid.width * output->grid.height * output->band_count;
    const int64_t bytes = pixels * (int64_t)dg_type_size(output->type);
    const bool is_whole = b.width < output->grid.width || output->grid.height % b.height == 0;
    return is_whole && b.bytes >= LEAST_BLOCK && bytes >= LEAST_FILE;
}

/* One is GDAL's own default, but for what its configuration says. */
static void set_threads(dg_list *options, int threads) {
    char text[16];
    snprintf(text, sizeof text, "%d", threads);
    if (threads > 1 || CSLFetchNameValue(options->items, "NUM_THREADS") ||
        CPLGetConfigOption("GDAL_NUM_THREADS", NULL))
        dg_list_set(options, "NUM_THREADS", text);
}

dg_list dg_format_options(const dg_output *output, GDALDriverH driver) {
    dg_list options = {0};
    dg_list_add_all(&options, output->creation_options);
    if (dg_format_is_gtiff(driver)) {
        set_default(&options, "TILED", "YES");
        set_default(&options, "INTERLEAVE", "BAND");
        if (CPLTestBool(CSLFetchNameValueDef(options.items, "TILED", "YES"))) {
            set_block(&options, "BLOCKXSIZE", output->grid.width);
            set_block(&options, "BLOCKYSIZE", output->grid.height);
        }
    }
    if (knows_option(driver, "BIGTIFF"))
        set_default(&options, "BIGTIFF", "IF_SAFER");
    if (knows_option(driver, "WRITE_GDAL_HISTORY")) /* which has the temporary name */
        set_default(&options, "WRITE_GDAL_HISTORY", "NO");
    if (knows_option(driver, "NUM_THREADS"))
        set_threads(&options, dg_needs_threads(output, driver, options.items));
    return options;
}

/* Whether a GTiff would have the bytes of its values turned round. GDAL 3.6 then writes other values
 * with some codecs and predictors, and in blocks that are all nodata. */
static bool turns_bytes(GDALDriverH driver, char **options) {
    const char *order = CSLFetchNameValueDef(options, "ENDIANNESS", "NATIVE");
    return dg_format_is_gtiff(driver) && !EQUAL(order, "NATIVE") &&
           !EQUAL(order, CPL_IS_LSB ? "LITTLE" : "BIG");
}

/* Whether the driver would warp the finished bands to another grid: components would neither be turned nor
 * scaled with it. */
static const char *find_warp(char **options) {
    const char *scheme = CSLFetchNameValueDef(options, "TILING_SCHEME", "CUSTOM");
    return CSLFetchNameValue(options, "TARGET_SRS") ? "TARGET_SRS"
           : EQUAL(scheme, "CUSTOM")                ? NULL
                                                    : "TILING_SCHEME";
}

/* The name of the option number `index` in the driver's XML list, which is the user's. */
static const char *option_name(size_t index, void *user) {
    const dg_list *names = user;
    return index < names->count ? names->items[index] : NULL;
}

/* The format's creation options; or with `key`, its values. */
static dg_list option_names(GDALDriverH driver, const char *key) {
    const char *list = GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, NULL);
    CPLXMLNode *root = list ? CPLParseXMLString(list) : NULL;
    dg_list names = {0};
    for (CPLXMLNode *node = root ? root->psChild : NULL; node; node = node->psNext) {
        const char *name = CPLGetXMLValue(node, "name", NULL);
        if (name && !key)
            dg_list_add(&names, name);
        for (CPLXMLNode *value = node->psChild; value && name && key && EQUAL(name, key);
             value = value->psNext) {
            if (value->eType == CXT_Element && EQUAL(value->pszValue, "Value"))
                dg_list_add(&names, CPLGetXMLValue(value, "", ""));
        }
    }
    CPLDestroyXMLNode(root);
    return names;
}

/* What may be meant by the options, where one is unknown or has an unknown value; or "". */
static void find_meant_option(GDALDriverH driver, char **options, char *meant, size_t size) {
    dg_list names = option_names(driver, NULL);
    *meant = '\0';
    for (int i = 0; options && options[i] && !*meant; i++) {
        char key[64]; /* of a longer one nothing is near */
        const char *value = options[i] + strcspn(options[i], "=");
        snprintf(key, sizeof key, "%.*s", (int)(value - options[i]), options[i]);
        const bool is_known = CSLFindString((CSLConstList)names.items, key) >= 0;
        dg_list values = option_names(driver, is_known ? key : NULL);
        const char *near = is_known && *value ? value + 1 : key;
        const bool is_right =
            values.count == 0 || CSLFindString((CSLConstList)values.items, near) >= 0;
        const char *found = is_right ? NULL : dg_suggest(near, option_name, &values);
        snprintf(meant, size, "%s", found ? found : "");
        dg_list_free(&values);
    }
    dg_list_free(&names);
}

static demgrad_status fail_for_options(GDALDriverH driver, char **options, const char *reason,
                                       demgrad_error *error) {
    char meant[64];
    find_meant_option(driver, options, meant, sizeof meant);
    const int length = (int)strlen(reason) - (*reason && reason[strlen(reason) - 1] == '.');
    if (*meant)
        return dg_fail(error, DEMGRAD_INVALID_OPTION, "--co: %.*s; did you mean %s?", length,
                       reason, meant);
    return dg_fail(error, DEMGRAD_INVALID_OPTION,
                   "--co: %.*s; gdalinfo --format %s lists the creation options", length, reason,
                   GDALGetDriverShortName(driver));
}

/* GDAL only warns of an option it does not know, and goes on without it. */
demgrad_status dg_format_check_options(GDALDriverH driver, char **options, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const bool valid = GDALValidateCreationOptions(driver, options);
    dg_gdal_errors_end(&errors);
    if (valid && turns_bytes(driver, options))
        return dg_fail(error, DEMGRAD_INVALID_OPTION,
                       "--co ENDIANNESS=%s: GDAL writes wrong values in this order; leave it out",
                       CSLFetchNameValue(options, "ENDIANNESS"));
    const char *warp = valid ? find_warp(options) : NULL;
    if (warp)
        return dg_fail(error, DEMGRAD_INVALID_OPTION,
                       "--co %s=%s: would warp the gradient, which leaves its components as they "
                       "were; warp the elevations (gdalwarp), and give those",
                       warp, CSLFetchNameValue(options, warp));
    if (valid)
        return DEMGRAD_OK;
    return fail_for_options(driver, options, errors.warning, error);
}
