#include "cf.h"

#include <cpl_string.h>
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

size_t dg_cf_add_missing(GDALRasterBandH band, double *values, size_t count, size_t most) {
    const char *text = GDALGetMetadataItem(band, "missing_value", NULL);
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

bool dg_cf_counts_down(GDALRasterBandH band) {
    const char *positive = GDALGetMetadataItem(band, "positive", NULL);
    return positive && EQUAL(positive, "down");
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
