#include "creation_options.h"

#include "format.h"
#include "gdal_errors.h"
#include "integers.h"
#include "needs.h"
#include "suggest.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_default(dg_list *options, const char *name, const char *value) {
    if (!CSLFetchNameValue(options->items, name))
        dg_list_set(options, name, value);
}

static void set_default_number(dg_list *options, const char *name, int value) {
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    set_default(options, name, text);
}

/* What blocks of so many columns cost over `size` of them: what they hold, and for each as much as some more
 * columns would. That is about what ZSTD takes to get ready for each. */
static int cost_of_blocks(int size, int block) {
    enum { OF_EACH = 16 };
    return dg_ceil_divide(size, block) * (block + OF_EACH);
}

/* The block, of a size near GDAL's usual 256 pixels, that costs least: small rasters would come to up to four
 * times their size. TIFF wants multiples of 16. */
static int fit_block(int size) {
    enum { STEP = 16, USUAL = 256, LEAST = 128, MOST = 384 };
    if (size <= LEAST)
        return dg_ceil_divide(size, STEP) * STEP;
    int best = USUAL;
    for (int block = LEAST; block <= MOST; block += STEP) {
        const int cost = cost_of_blocks(size, block), least = cost_of_blocks(size, best);
        if (cost < least || (cost == least && abs(block - USUAL) < abs(best - USUAL)))
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
bool dg_options_can_be_laid_out(const dg_output *output, GDALDriverH driver, char **options) {
    if (!dg_format_is_gtiff(driver) || STARTS_WITH(output->target.path, "/vsi") ||
        STARTS_WITH_CI(output->target.path, "GTIFF_") || !only_lay_out(options))
        return false;
    const dg_file_block b = dg_needs_block(output, options);
    const int64_t pixels = (int64_t)output->grid.width * output->grid.height * output->band_count;
    const int64_t bytes = pixels * (int64_t)dg_type_size(output->type);
    const bool is_whole = b.width < output->grid.width || output->grid.height % b.height == 0;
    return is_whole && b.bytes >= LEAST_BLOCK && bytes >= LEAST_FILE;
}

/* Until the gate is open. */
static void *wait_at(void *gate) {
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

/* Whether the system lets us have so many more now (ulimit -u, a container's limit). GDAL waits for ever for the
 * blocks of threads that it did not get; it asks late, when ours that compute are there too. */
static bool can_have_threads(int wanted) {
    enum { MOST = 256 };
    pthread_t threads[MOST];
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    int count = 0;
    pthread_mutex_lock(&gate);
    while (count < wanted && count < MOST &&
           pthread_create(&threads[count], NULL, wait_at, &gate) == 0)
        count++;
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return count == wanted || count == MOST;
}

/* One is GDAL's own default, but for what its configuration says. */
static void set_threads(dg_list *options, int threads) {
    char text[16];
    snprintf(text, sizeof text, "%d", threads);
    if (threads > 1 || CSLFetchNameValue(options->items, "NUM_THREADS") ||
        CPLGetConfigOption("GDAL_NUM_THREADS", NULL))
        dg_list_set(options, "NUM_THREADS", text);
}

dg_list dg_options_make(const dg_output *output, GDALDriverH driver) {
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
    if (knows_option(driver, "NUM_THREADS")) {
        const int threads = dg_needs_threads(output, driver, options.items);
        set_threads(&options, threads > 1 && can_have_threads(2 * threads) ? threads : 1);
    }
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
demgrad_status dg_options_check(GDALDriverH driver, char **options, demgrad_error *error) {
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
