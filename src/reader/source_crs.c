#include "source_crs.h"

#include "below.h"
#include "cf.h"
#include "gdal_driver.h"
#include "gdal_errors.h"

#include <demgrad/raster.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <stdlib.h>
#include <string.h>

/* Whether GDAL has the CRS from a Zarr, by way of VRTs too. */
static bool is_of_zarr(GDALDatasetH dataset, int depth) {
    int band = 1;
    bool is_as_it_is;
    if (dg_has_driver(dataset, "Zarr"))
        return true;
    GDALDatasetH below = dg_has_driver(dataset, "VRT") && depth > 0
                             ? dg_open_first_source(dataset, &band, &is_as_it_is)
                             : NULL;
    const bool is = below && is_of_zarr(below, depth - 1);
    if (below)
        GDALClose(below);
    return is;
}

/* A VRT may say that its x is latitude. Zarr counts the dimensions of its array, of which rows come first;
 * its geotransform is that of columns and rows all the same. */
static demgrad_status find_own_axes(OGRSpatialReferenceH crs, dg_source_info *info,
                                    demgrad_error *error) {
    OGRSpatialReferenceH usual = OSRClone(crs);
    if (!usual)
        return dg_fail_memory(error, "the CRS");
    OSRSetAxisMappingStrategy(usual, OAMS_TRADITIONAL_GIS_ORDER);
    int count = 0, usual_count = 0;
    const int *own = OSRGetDataAxisToSRSAxisMapping(crs, &count);
    const int *order = OSRGetDataAxisToSRSAxisMapping(usual, &usual_count);
    const bool differ =
        count >= 2 && usual_count >= 2 && (own[0] != order[0] || own[1] != order[1]);
    for (int i = 0; differ && i < 2; i++) {
        const int from = abs(own[0]) == abs(order[i]) ? 0 : 1;
        info->own_axes[i] = (own[from] < 0) == (order[i] < 0) ? from + 1 : -(from + 1);
    }
    OSRDestroySpatialReference(usual);
    return DEMGRAD_OK;
}

/* Fills in the CRS, of which `crs` is what GDAL read of it. */
static demgrad_status export_crs(OGRSpatialReferenceH crs, const char *name, dg_source_info *info,
                                 demgrad_error *error) {
    const char *const options[] = {"FORMAT=WKT2_2019", NULL};
    if (OSRExportToWktEx(crs, &info->crs, options) != OGRERR_NONE || !info->crs) {
        CPLFree(info->crs);
        info->crs = NULL;
        return dg_fail(error, DEMGRAD_UNSUPPORTED,
                       "%s: GDAL cannot write its CRS as WKT; give the right one with --crs", name);
    }
    info->crs_is_geographic = OSRIsGeographic(crs);
    info->crs_unit =
        info->crs_is_geographic ? OSRGetAngularUnits(crs, NULL) : OSRGetLinearUnits(crs, NULL);
    info->crs_vertical_m = OSRGetTargetLinearUnits(crs, "VERT_CS", NULL);
    return find_own_axes(crs, info, error);
}

static bool is_axis_unit(char **metadata, const char *suffix) {
    for (int i = 0; metadata && metadata[i]; i++) {
        static const char key[] = "#units=";
        const size_t length = strcspn(metadata[i], "=") + 1; /* of the key, with the "=" */
        if (metadata[i][length - 1] != '=' || length < strlen(key))
            continue;
        const char *value = metadata[i] + length;
        if (EQUALN(value - strlen(key), key, strlen(key)) && STARTS_WITH_CI(value, "degree") &&
            strstr(value, suffix))
            return true;
    }
    return false;
}

/* CF conventions 4.1 and 4.2: latitude is in degrees_north, longitude in degrees_east. */
static bool has_cf_degrees(GDALDatasetH dataset) {
    char **metadata = GDALGetMetadata(dataset, NULL);
    return is_axis_unit(metadata, "_north") && is_axis_unit(metadata, "_east");
}

/* Fills in a CRS by its text. */
static demgrad_status import_crs(const char *text, const char *name, dg_source_info *info,
                                 demgrad_error *error) {
    OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
    if (!crs)
        return dg_fail_memory(error, "the CRS");
    OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
    const demgrad_status status =
        OSRSetFromUserInput(crs, text) == OGRERR_NONE
            ? export_crs(crs, name, info, error)
            : dg_fail(error, DEMGRAD_UNSUPPORTED,
                      "%s: its CRS, \"%.100s\", is none that GDAL knows; give the right one with "
                      "--crs",
                      name, text);
    OSRDestroySpatialReference(crs);
    return status;
}

static demgrad_status import_wanted(const char *text, dg_source_info *info, demgrad_error *error) {
    const demgrad_status status = import_crs(text, "--crs", info, NULL);
    if (status == DEMGRAD_OUT_OF_MEMORY)
        return dg_fail_memory(error, "the CRS");
    return status ? dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                            "--crs %s: is no CRS that GDAL knows; try EPSG:CODE, WKT or a PROJ "
                            "string",
                            text)
                  : DEMGRAD_OK;
}

demgrad_status dg_check_wanted_crs(const char *wanted, demgrad_error *error) {
    if (!wanted)
        return DEMGRAD_OK;
    dg_source_info info = {0};
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const demgrad_status status = import_wanted(wanted, &info, error);
    dg_gdal_errors_end(&errors);
    CPLFree(info.crs);
    return status;
}

/* Some drivers give one that says nothing, for a file that has none. */
static bool is_empty(OGRSpatialReferenceH crs) {
    return !OSRGetName(crs) && !OSRGetAuthorityCode(crs, NULL);
}

/* Whether GDAL's CRS is made of a projection's parameters, and its axes are lengths: of satellites it turns
 * angles into lengths itself. */
static bool is_of_parameters(GDALDatasetH dataset, OGRSpatialReferenceH crs) {
    const char *projection = OSRGetAttrValue(crs, "PROJECTION", 0);
    return OSRIsProjected(crs) && !dg_cf_has_wkt(dataset) &&
           !(projection && EQUAL(projection, SRS_PT_GEOSTATIONARY_SATELLITE));
}

/* GDAL knows metres, kilometres and US survey feet in netCDF, and takes all else for metres. The axes' unit
 * where it is another than the CRS's; else NULL. */
static const char *find_own_unit(GDALDatasetH dataset, OGRSpatialReferenceH crs) {
    const char *unit = crs && is_of_parameters(dataset, crs) ? dg_cf_axis_unit(dataset) : NULL;
    const double taken = unit ? OSRGetLinearUnits(crs, NULL) : 0;
    return unit && fabs(demgrad_length_unit(unit) - taken) > 1e-9 * taken ? unit : NULL;
}

static demgrad_status export_in_unit(OGRSpatialReferenceH crs, const char *unit, const char *name,
                                     dg_notes *notes, dg_source_info *info, demgrad_error *error) {
    const double metres = demgrad_length_unit(unit);
    if (metres == 0)
        dg_note(notes, name,
                "the axes of its projected CRS are in \"%s\", which is no unit of length: metres "
                "are taken (--crs says otherwise)",
                unit);
    OGRSpatialReferenceH own = OSRClone(crs);
    if (!own)
        return dg_fail_memory(error, "the CRS");
    demgrad_status status = DEMGRAD_OK;
    if (metres > 0 && OSRSetLinearUnits(own, unit, metres) != OGRERR_NONE)
        status = dg_fail(error, DEMGRAD_UNSUPPORTED,
                         "%s: the axes of its CRS are in \"%s\", which GDAL cannot give it; give "
                         "the right one with --crs",
                         name, unit);
    if (!status)
        status = export_crs(own, name, info, error);
    OSRDestroySpatialReference(own);
    return status;
}

static demgrad_status describe_crs(GDALDatasetH dataset, const char *name, const char *wanted,
                                   dg_notes *notes, dg_source_info *info, demgrad_error *error) {
    info->crs_unit = info->crs_vertical_m = 1;
    if (wanted && strstr(wanted, "+approx"))
        dg_note(notes, name,
                "--crs has +approx, for which WKT has no word: the exact projection is taken");
    if (wanted)
        return import_wanted(wanted, info, error);
    OGRSpatialReferenceH crs = GDALGetSpatialRef(dataset);
    const char *unit = find_own_unit(dataset, crs);
    if (unit)
        return export_in_unit(crs, unit, name, notes, info, error);
    if (crs && !is_empty(crs))
        return export_crs(crs, name, info, error);
    const char *of_arrays = GDALGetMetadataItem(dataset, "SRS", "GEOLOCATION");
    if (of_arrays)
        return import_crs(of_arrays, name, info, error);
    if (!has_cf_degrees(dataset))
        return DEMGRAD_OK;
    info->is_cf_degrees = true;
    dg_note(notes, name,
            "has no CRS, but axes in degrees east and north: taken as WGS 84 (--crs says "
            "otherwise)");
    return import_crs("EPSG:4326", name, info, error);
}

demgrad_status dg_describe_crs(GDALDatasetH dataset, const char *name, const char *wanted,
                               dg_notes *notes, dg_source_info *info, demgrad_error *error) {
    enum { DEEPEST = 8 };
    const demgrad_status status = describe_crs(dataset, name, wanted, notes, info, error);
    const bool turns = info->own_axes[0] != 0;
    if (!status && turns && is_of_zarr(dataset, DEEPEST))
        info->own_axes[0] = info->own_axes[1] = 0;
    return status;
}
