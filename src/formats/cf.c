#include "cf.h"

#include "gdal_driver.h"
#include "gdal_type.h"

#include <cpl_string.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_value(const double *values, size_t count, double value) {
    for (size_t i = 0; i < count; i++) {
        if (values[i] == value)
            return true;
    }
    return false;
}

const char *dg_cf_find(char **metadata, const char *name) {
    const char *found = CSLFetchNameValue(metadata, name);
    const size_t length = strlen(name);
    for (int i = 0; metadata && metadata[i] && !found; i++) {
        const char *equals = strchr(metadata[i], '=');
        if (equals && (size_t)(equals - metadata[i]) > length &&
            equals[-(ptrdiff_t)length - 1] == '_' && EQUALN(equals - length, name, length))
            found = equals + 1;
    }
    return found;
}

/* The drivers that hand on what CF says of an array, without heeding all of it. */
typedef struct cf_driver {
    const char *name;
    bool is_of_dataset; /* as metadata of the dataset, and not of the band */
    bool heeds_fill;    /* `_FillValue` is what it declares as nodata */
} cf_driver;

static const cf_driver CF_DRIVERS[] = {
    {"netCDF", false, true},
    {"HDF5Image", false, true},
    {"HDF4Image", true, true},
    {"Zarr", true, false},
};

/* NULL: it is none of them. */
static const cf_driver *find_driver(GDALRasterBandH band) {
    for (size_t i = 0; i < sizeof CF_DRIVERS / sizeof *CF_DRIVERS; i++) {
        if (dg_has_driver(GDALGetBandDataset(band), CF_DRIVERS[i].name))
            return &CF_DRIVERS[i];
    }
    return NULL;
}

static const char *find_of_band(GDALRasterBandH band, const char *name) {
    const cf_driver *driver = find_driver(band);
    if (driver && driver->is_of_dataset)
        return GDALGetMetadataItem(GDALGetBandDataset(band), name, NULL);
    return dg_cf_find(GDALGetMetadata(band, NULL), name);
}

/* A number of an attribute, and where it ends; NULL: there is none. */
static const char *read_number(const char *text, double *number) {
    char *end;
    text += strspn(text, "{, ");
    *number = CPLStrtod(text, &end);
    return end == text ? NULL : end;
}

/* Adds those of an attribute to the `count` values. The count that there is then. */
static size_t add_numbers(const char *text, double *values, size_t count, size_t most) {
    double value; /* of such as -1 or {-1,-2} */
    while (text && *text && (text = read_number(text, &value))) {
        if (count < most && !has_value(values, count, value))
            values[count++] = value;
    }
    return count;
}

/* Whether a text is a number and no more; Zarr packs some into base64. */
static bool is_number(const char *text) {
    double number;
    const char *end = text ? read_number(text, &number) : NULL;
    return end && end[strspn(end, "} ")] == '\0';
}

size_t dg_cf_add_missing(GDALRasterBandH band, double *values, size_t count, size_t most) {
    const cf_driver *driver = find_driver(band);
    const char *fill = driver && !driver->heeds_fill ? find_of_band(band, "_FillValue") : NULL;
    if (is_number(fill))
        count = add_numbers(fill, values, count, most);
    return add_numbers(find_of_band(band, "missing_value"), values, count, most);
}

/* Puts the numbers of an attribute in values[0] and so on, `count` of them. False where there are fewer. */
static bool read_numbers(GDALRasterBandH band, const char *name, double *values, size_t count) {
    const char *text = find_of_band(band, name);
    size_t done = 0;
    while (text && done < count && (text = read_number(text, &values[done])))
        done++;
    return done == count;
}

static const char SCALE[] = "scale_factor", OFFSET[] = "add_offset";

/* What GDAL makes of a number that is stored as text is none. */
void dg_cf_scale(GDALRasterBandH band, double *scale, double *offset) {
    if (!find_driver(band))
        return;
    if (*scale == 1 && is_number(find_of_band(band, SCALE)))
        read_numbers(band, SCALE, scale, 1);
    if (*offset == 0 && is_number(find_of_band(band, OFFSET)))
        read_numbers(band, OFFSET, offset, 1);
}

const char *dg_cf_odd_scale(GDALRasterBandH band, const char **name) {
    const char *names[] = {SCALE, OFFSET};
    for (size_t i = 0; i < 2 && find_driver(band); i++) {
        const char *text = find_of_band(band, names[i]);
        *name = names[i];
        if (text && !is_number(text))
            return text;
    }
    return NULL;
}

/* An end of a range of signed bytes stands for the unsigned one that their values are read as. */
static void read_as_bytes(GDALRasterBandH band, double both[2]) {
    if (GDALGetRasterDataType(band) != GDT_Byte || dg_is_signed_byte(band))
        return;
    for (int i = 0; i < 2; i++)
        both[i] += both[i] < 0 && both[i] >= -128 ? 256 : 0;
}

bool dg_cf_valid_range(GDALRasterBandH band, double *least, double *most) {
    double both[2] = {-(double)INFINITY, (double)INFINITY};
    if (!find_driver(band))
        return false;
    bool has = read_numbers(band, "valid_range", both, 2);
    has |= read_numbers(band, "valid_min", &both[0], 1);
    has |= read_numbers(band, "valid_max", &both[1], 1);
    read_as_bytes(band, both);
    *least = both[0];
    *most = both[1];
    return has && both[0] < both[1];
}

bool dg_cf_counts_down(GDALRasterBandH band) {
    const char *positive = find_of_band(band, "positive");
    if (positive)
        return EQUAL(positive, "down");
    const char *standard = find_of_band(band, "standard_name");
    if (standard && (EQUAL(standard, "depth") || STARTS_WITH_CI(standard, "sea_floor_depth")))
        return true;
    return dg_has_driver(GDALGetBandDataset(band), "S102") &&
           EQUAL(GDALGetDescription(band), "depth");
}

/* The first of the metadata, such as x#axis=X, whose attribute begins like this; NULL: none does. */
static const char *find_attribute(char **metadata, const char *attribute) {
    for (int i = 0; metadata && metadata[i]; i++) {
        const char *hash = strchr(metadata[i], '#');
        if (hash && STARTS_WITH_CI(hash + 1, attribute))
            return metadata[i];
    }
    return NULL;
}

bool dg_cf_has_wkt(GDALDatasetH dataset) {
    char **metadata = GDALGetMetadata(dataset, NULL);
    return find_attribute(metadata, "spatial_ref=") || find_attribute(metadata, "crs_wkt=");
}

const char *dg_cf_axis_unit(GDALDatasetH dataset) {
    char **metadata = GDALGetMetadata(dataset, NULL);
    const char *axis = find_attribute(metadata, "standard_name=projection_x_coordinate");
    if (!axis)
        axis = find_attribute(metadata, "axis=X");
    char key[512]; /* netCDF's names have at most 256 */
    snprintf(key, sizeof key, "%.*s#units", axis ? (int)(strchr(axis, '#') - axis) : 0,
             axis ? axis : "");
    return axis ? CSLFetchNameValue(metadata, key) : NULL;
}
