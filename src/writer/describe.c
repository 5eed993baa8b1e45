#include "describe.h"

#include "gdal_errors.h"
#include "integers.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <string.h>

static char *copy_text(const char *text) {
    return text ? CPLStrdup(text) : NULL;
}

dg_output *dg_output_copy(const dg_output *output) {
    dg_output *copy = CPLMalloc(sizeof *copy);
    *copy = *output;
    dg_output_band *bands = CPLCalloc((size_t)output->band_count, sizeof *bands);
    for (int i = 0; i < output->band_count; i++)
        bands[i] = (dg_output_band){copy_text(output->bands[i].description),
                                    copy_text(output->bands[i].unit)};
    copy->path = copy_text(output->path);
    copy->format = copy_text(output->format);
    copy->creation_options = (const char *const *)CSLDuplicate((char **)output->creation_options);
    copy->metadata = (const char *const *)CSLDuplicate((char **)output->metadata);
    copy->crs = copy_text(output->crs);
    copy->bands = bands;
    return copy;
}

void dg_output_free(dg_output *output) {
    if (!output)
        return;
    for (int i = 0; i < output->band_count; i++) {
        CPLFree((char *)output->bands[i].description);
        CPLFree((char *)output->bands[i].unit);
    }
    CPLFree((dg_output_band *)output->bands);
    CPLFree((char *)output->path);
    CPLFree((char *)output->format);
    CSLDestroy((char **)output->creation_options);
    CSLDestroy((char **)output->metadata);
    CPLFree((char *)output->crs);
    CPLFree(output);
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
        char *key = NULL;
        const char *value = CPLParseNameValue(output->metadata[i], &key);
        if (key)
            GDALSetMetadataItem(dataset, key, value, NULL);
        CPLFree(key);
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

/* Share of a pixel by which a corner may move: some formats write few digits. */
static const double SLACK = 0.01;

/* Whether the corner at (col, row) of one grid is there in the other, whose inverse is given. */
static bool is_in_place(const double found[6], const double inverse[6], int col, int row) {
    double x, y, back_col, back_row;
    GDALApplyGeoTransform((double *)found, col, row, &x, &y);
    GDALApplyGeoTransform((double *)inverse, x, y, &back_col, &back_row);
    return fabs(back_col - col) <= SLACK && fabs(back_row - row) <= SLACK;
}

static char *placement_fault(GDALDatasetH dataset, const dg_grid *grid) {
    const int width = GDALGetRasterXSize(dataset), height = GDALGetRasterYSize(dataset);
    if (width != grid->width || height != grid->height)
        return CPLStrdup(CPLSPrintf("its %d x %d pixels became %d x %d", grid->width, grid->height,
                                    width, height));
    if (!grid->has_geotransform)
        return NULL;
    const double *g = grid->geotransform;
    double f[6], inverse[6];
    if (GDALGetGeoTransform(dataset, f) != CE_None)
        return CPLStrdup("it keeps no geotransform");
    if (!GDALInvGeoTransform((double *)g, inverse))
        return NULL;
    if (is_in_place(f, inverse, 0, 0) && is_in_place(f, inverse, width, 0) &&
        is_in_place(f, inverse, 0, height) && is_in_place(f, inverse, width, height))
        return NULL;
    return CPLStrdup(
        CPLSPrintf("its geotransform (%.12g, %.12g, %.12g, %.12g, %.12g, %.12g) became "
                   "(%.12g, %.12g, %.12g, %.12g, %.12g, %.12g)",
                   g[0], g[1], g[2], g[3], g[4], g[5], f[0], f[1], f[2], f[3], f[4], f[5]));
}

char *dg_describe_placement_fault(const dg_reopened *opened, const dg_output *output) {
    char *fault = NULL;
    for (int i = 0; i < output->band_count && !fault; i++)
        fault = placement_fault(dg_reopened_dataset(opened, i), &output->grid);
    return fault;
}

static bool keeps_metadata(GDALDatasetH dataset, const dg_output *output) {
    bool keeps = true;
    for (int i = 0; output->metadata && output->metadata[i] && keeps; i++) {
        char *key = NULL;
        const char *value = CPLParseNameValue(output->metadata[i], &key);
        const char *found = key ? GDALGetMetadataItem(dataset, key, NULL) : value;
        keeps = found && strcmp(found, value) == 0;
        CPLFree(key);
    }
    return keeps;
}

dg_kept dg_describe_kept(const dg_reopened *opened, const dg_output *output) {
    dg_kept kept = {true, true, true, true};
    for (int i = 0; i < output->band_count; i++) {
        GDALDatasetH dataset = dg_reopened_dataset(opened, i);
        GDALRasterBandH band = dg_reopened_band(opened, i);
        kept.crs &= !output->crs || GDALGetSpatialRef(dataset);
        kept.names &= strcmp(GDALGetDescription(band), output->bands[i].description) == 0;
        kept.units &= strcmp(GDALGetRasterUnitType(band), output->bands[i].unit) == 0;
        kept.metadata &= keeps_metadata(dataset, output);
    }
    return kept;
}

bool dg_describe_keeps_crs(const dg_reopened *opened, const dg_output *output) {
    static const char *const options[] = {"CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS",
                                          "IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", NULL};
    if (!output->crs)
        return true;
    OGRSpatialReferenceH wanted = make_crs(output->crs);
    OGRSpatialReferenceH found = GDALGetSpatialRef(dg_reopened_dataset(opened, 0));
    const bool keeps = wanted && found && OSRIsSameEx(found, wanted, options);
    OSRDestroySpatialReference(wanted);
    return keeps;
}
