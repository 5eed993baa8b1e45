#include "cf.h"

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

static const char *find_of_band(GDALRasterBandH band, const char *name) {
    return dg_cf_find(GDALGetMetadata(band, NULL), name);
}

static bool is_of_driver(GDALRasterBandH band, const char *name) {
    GDALDatasetH dataset = GDALGetBandDataset(band);
    return EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), name);
}

size_t dg_cf_add_missing(GDALRasterBandH band, double *values, size_t count, size_t most) {
    const char *text = find_of_band(band, "missing_value");
    for (char *end; text && *text; text = end) { /* such as -1 or {-1,-2} */
        text += strspn(text, "{, ");
        const double value = CPLStrtod(text, &end);
        if (end == text)
            break;
        if (count < most && !has_value(values, count, value))
            values[count++] = value;
    }
    return count;
}

/* Puts the numbers of an attribute in values[0] and so on, `count` of them. False where there are fewer. */
static bool read_numbers(GDALRasterBandH band, const char *name, double *values, size_t count) {
    const char *text = find_of_band(band, name);
    size_t done = 0;
    for (char *end; text && done < count; text = end) {
        text += strspn(text, "{, ");
        const double value = CPLStrtod(text, &end);
        if (end == text)
            break;
        values[done++] = value;
    }
    return done == count;
}

void dg_cf_scale(GDALRasterBandH band, double *scale, double *offset) {
    if (!is_of_driver(band, "HDF5Image"))
        return;
    read_numbers(band, "scale_factor", scale, 1);
    read_numbers(band, "add_offset", offset, 1);
}

bool dg_cf_valid_range(GDALRasterBandH band, double *least, double *most) {
    double both[2] = {-(double)INFINITY, (double)INFINITY};
    const bool is_byte = GDALGetRasterDataType(band) == GDT_Byte; /* whose sign is another's say */
    if (is_byte || !(is_of_driver(band, "netCDF") || is_of_driver(band, "HDF5Image")))
        return false;
    bool has = read_numbers(band, "valid_range", both, 2);
    has |= read_numbers(band, "valid_min", &both[0], 1);
    has |= read_numbers(band, "valid_max", &both[1], 1);
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
    return is_of_driver(band, "S102") && EQUAL(GDALGetDescription(band), "depth");
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
