#include "describe_output.h"

#include "gdal_errors.h"
#include "integers.h"
#include "memory.h"
#include "raster_place.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy of a text that may be NULL. */
static const char *copy_text(const char *text, bool *is_short) {
    char *copy = text ? strdup(text) : NULL;
    *is_short |= text && !copy;
    return copy;
}

static const char *const *copy_list(const char *const *items, bool *is_short) {
    dg_list list = {0};
    dg_list_add_all(&list, items);
    *is_short |= list.is_short;
    return dg_list_items(&list);
}

dg_output *dg_output_copy(const dg_output *output) {
    dg_output *copy = calloc(1, sizeof *copy);
    dg_output_band *bands = calloc((size_t)output->band_count + 1, sizeof *bands);
    if (!copy || !bands) {
        free(copy);
        free(bands);
        return NULL;
    }
    bool is_short = false;
    *copy = *output;
    for (int i = 0; i < output->band_count; i++)
        bands[i] = (dg_output_band){copy_text(output->bands[i].description, &is_short),
                                    copy_text(output->bands[i].unit, &is_short)};
    copy->target.path = copy_text(output->target.path, &is_short);
    copy->format = copy_text(output->format, &is_short);
    copy->creation_options = copy_list(output->creation_options, &is_short);
    copy->metadata = copy_list(output->metadata, &is_short);
    copy->crs = copy_text(output->crs, &is_short);
    copy->bands = bands;
    if (!is_short)
        return copy;
    dg_output_free(copy);
    return NULL;
}

void dg_output_free(dg_output *output) {
    if (!output)
        return;
    for (int i = 0; i < output->band_count; i++) {
        free((char *)output->bands[i].description);
        free((char *)output->bands[i].unit);
    }
    free((dg_output_band *)output->bands);
    free((char *)output->target.path);
    free((char *)output->format);
    dg_texts_free((char **)output->creation_options);
    dg_texts_free((char **)output->metadata);
    free((char *)output->crs);
    free(output);
}

/* The value of an item "KEY=VALUE", and its key. Ours are short. */
static const char *split(const char *item, char key[64]) {
    const size_t length = strcspn(item, "=");
    snprintf(key, 64, "%.*s", (int)length, item);
    return item[length] ? item + length + 1 : "";
}

static OGRSpatialReferenceH make_crs(const char *wkt) {
    OGRSpatialReferenceH crs = wkt ? OSRNewSpatialReference(wkt) : NULL;
    if (crs)
        OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
    return crs;
}

bool dg_describe(GDALDatasetH dataset, const dg_output *output) {
    OGRSpatialReferenceH crs = make_crs(output->crs);
    if (output->crs && !crs) {
        CPLError(CE_Failure, CPLE_AppDefined, "GDAL cannot take its CRS");
        return false;
    }
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    if (output->grid.has_geotransform)
        GDALSetGeoTransform(dataset, (double *)output->grid.geotransform);
    if (crs)
        GDALSetSpatialRef(dataset, crs);
    OSRDestroySpatialReference(crs);
    for (int i = 0; output->metadata && output->metadata[i]; i++) {
        char key[64];
        const char *value = split(output->metadata[i], key);
        GDALSetMetadataItem(dataset, key, value, NULL);
    }
    if (output->is_point)
        GDALSetMetadataItem(dataset, "AREA_OR_POINT", "Point", NULL);
    for (int i = 0; i < dg_min(output->band_count, GDALGetRasterCount(dataset)); i++) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, i + 1);
        GDALSetDescription(band, output->bands[i].description);
        GDALSetRasterUnitType(band, output->bands[i].unit);
    }
    dg_gdal_errors_end(&ignored);
    return true;
}

void dg_describe_nodata(GDALDatasetH dataset, const dg_output *output) {
    for (int i = 0; i < dg_min(output->band_count, GDALGetRasterCount(dataset)); i++)
        GDALSetRasterNoDataValue(GDALGetRasterBand(dataset, i + 1), output->nodata);
}

enum { FIGURES = 5 };

/* As GDAL names and writes them itself. */
typedef struct figure {
    const char *name;
    char text[32];
} figure;

static void list_figures(const dg_statistics *s, const dg_grid *grid, figure figures[FIGURES]) {
    const double values[FIGURES] = {s->min, s->max, dg_statistics_mean(s),
                                    dg_statistics_deviation(s),
                                    100 * (double)s->valid / grid->width / grid->height};
    static const char *const names[FIGURES] = {"STATISTICS_MINIMUM", "STATISTICS_MAXIMUM",
                                               "STATISTICS_MEAN", "STATISTICS_STDDEV",
                                               "STATISTICS_VALID_PERCENT"};
    for (int i = 0; i < FIGURES; i++) {
        figures[i].name = names[i];
        figures[i].text[0] = '\0';
        if (isfinite(values[i]))
            CPLsnprintf(figures[i].text, sizeof figures[i].text, i == 4 ? "%.4g" : "%.14g",
                        values[i]);
    }
}

void dg_describe_figures(GDALDatasetH dataset, const dg_output *output,
                         const dg_statistics *figures) {
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    for (int i = 0; i < dg_min(output->band_count, GDALGetRasterCount(dataset)); i++) {
        figure list[FIGURES];
        list_figures(&figures[i], &output->grid, list);
        for (int j = 0; j < FIGURES; j++) {
            if (list[j].text[0])
                GDALSetMetadataItem(GDALGetRasterBand(dataset, i + 1), list[j].name, list[j].text,
                                    NULL);
        }
    }
    dg_gdal_errors_end(&ignored);
}

static bool keeps_figures(GDALRasterBandH band, const dg_grid *grid, const dg_statistics *s) {
    figure list[FIGURES];
    bool keeps = true;
    list_figures(s, grid, list);
    for (int i = 0; i < FIGURES; i++) {
        const char *found = GDALGetMetadataItem(band, list[i].name, NULL);
        keeps &= !list[i].text[0] || (found && CPLAtof(found) == CPLAtof(list[i].text));
    }
    return keeps;
}

char *dg_describe_placement_fault(const dg_reopened *opened, const dg_output *output) {
    char *fault = NULL;
    for (int i = 0; i < output->band_count && !fault; i++)
        fault = dg_place_fault(dg_reopened_dataset(opened, i), &output->grid);
    return fault;
}

char *dg_describe_alpha_fault(const dg_reopened *opened, const dg_output *output) {
    for (int i = 0; i < output->band_count; i++) {
        if (GDALGetRasterColorInterpretation(dg_reopened_band(opened, i)) == GCI_AlphaBand)
            return dg_fault("one of its bands becomes an alpha band, by which pixels of the others "
                            "are no data");
    }
    return NULL;
}

static bool keeps_metadata(GDALDatasetH dataset, const dg_output *output) {
    bool keeps = true;
    for (int i = 0; output->metadata && output->metadata[i] && keeps; i++) {
        char key[64];
        const char *value = split(output->metadata[i], key);
        const char *found = GDALGetMetadataItem(dataset, key, NULL);
        keeps = found && strcmp(found, value) == 0;
    }
    return keeps;
}

dg_kept dg_describe_kept(const dg_reopened *opened, const dg_output *output,
                         const dg_statistics *figures) {
    dg_kept kept = {false, true, true, true, true};
    for (int i = 0; i < output->band_count; i++) {
        GDALDatasetH dataset = dg_reopened_dataset(opened, i);
        GDALRasterBandH band = dg_reopened_band(opened, i);
        kept.names &= strcmp(GDALGetDescription(band), output->bands[i].description) == 0;
        kept.units &= strcmp(GDALGetRasterUnitType(band), output->bands[i].unit) == 0;
        kept.metadata &= keeps_metadata(dataset, output);
        kept.figures &= !figures || keeps_figures(band, &output->grid, &figures[i]);
    }
    return kept;
}

bool dg_describe_has_crs(const dg_reopened *opened, const dg_output *output) {
    bool has = true;
    for (int i = 0; i < output->band_count && has && output->crs; i++)
        has = GDALGetSpatialRef(dg_reopened_dataset(opened, i));
    return has;
}

static bool is_same_crs(OGRSpatialReferenceH a, OGRSpatialReferenceH b) {
    static const char *const options[] = {"CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS",
                                          "IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", NULL};
    return a && b && OSRIsSameEx(a, b, options);
}

/* Takes the way to WGS 84 out of a CRS, which is no part of where it is; GTiff leaves it out beside an EPSG
 * code. NULL: this cannot be done, or there is none. */
static OGRSpatialReferenceH without_shift(OGRSpatialReferenceH crs) {
    static const char SHIFT[] = ",TOWGS84[";
    static const char *const options[] = {"FORMAT=WKT1_GDAL", NULL};
    char *text = NULL;
    const bool is_written = OSRExportToWktEx(crs, &text, options) == OGRERR_NONE;
    char *begin = is_written && text ? strstr(text, SHIFT) : NULL;
    char *end = begin ? strchr(begin, ']') : NULL;
    OGRSpatialReferenceH without = NULL;
    if (end) {
        memmove(begin, end + 1, strlen(end + 1) + 1);
        without = make_crs(text);
    }
    CPLFree(text);
    return without;
}

static bool is_wanted(OGRSpatialReferenceH found, const dg_output *output) {
    OGRSpatialReferenceH wanted = make_crs(output->crs);
    bool keeps = is_same_crs(found, wanted);
    OGRSpatialReferenceH unshifted = wanted && !keeps ? without_shift(wanted) : NULL;
    if (unshifted) {
        keeps = is_same_crs(found, unshifted);
        OSRDestroySpatialReference(unshifted);
    }
    OSRDestroySpatialReference(wanted);
    return keeps;
}

bool dg_describe_keeps_crs(const dg_reopened *opened, const dg_output *output) {
    return !output->crs || is_wanted(GDALGetSpatialRef(dg_reopened_dataset(opened, 0)), output);
}

bool dg_describe_is_crs(const char *crs, const dg_output *output) {
    OGRSpatialReferenceH found = *crs ? make_crs(crs) : NULL;
    const bool is = is_wanted(found, output);
    OSRDestroySpatialReference(found);
    return is;
}
