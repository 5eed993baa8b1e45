#include "unit.h"

#include "gdal_errors.h"

#include <demgrad/raster.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <string.h>

/* Metadata in which drivers keep a unit that they do not make the band's: GRIB, LCP, SNODAS, and what
 * others write for themselves. */
static const char *const ITEMS[] = {"GRIB_UNIT",
                                    "ELEVATION_UNIT_NAME",
                                    "CANOPY_HT_UNIT_NAME",
                                    "CBH_UNIT_NAME",
                                    "Data_Units",
                                    "units",
                                    "unit",
                                    "UNITTYPE"};

/* HDF5 puts an attribute's array before its name: dem_units. */
static const char *find_suffix(char **metadata, const char *suffix) {
    for (int i = 0; metadata && metadata[i]; i++) {
        const char *equals = strchr(metadata[i], '=');
        const size_t length = strlen(suffix);
        if (equals && (size_t)(equals - metadata[i]) > length &&
            EQUALN(equals - length, suffix, length))
            return equals + 1;
    }
    return NULL;
}

static const char *find_in_metadata(char **metadata) {
    const char *found = NULL;
    for (size_t i = 0; i < sizeof ITEMS / sizeof *ITEMS && !found; i++)
        found = CSLFetchNameValue(metadata, ITEMS[i]);
    return found;
}

static const char *find_unit(GDALDatasetH dataset, GDALRasterBandH band) {
    const char *unit = GDALGetRasterUnitType(band);
    if (*unit)
        return unit;
    char **metadata = GDALGetMetadata(band, NULL);
    const char *found = find_in_metadata(metadata);
    if (!found)
        found = find_suffix(metadata, "_units");
    if (!found)
        found = find_in_metadata(GDALGetMetadata(dataset, NULL));
    return found ? found : "";
}

/* GTiff makes the unit of a vertical CRS the band's where the band declares none; without its
 * georeferencing it gives what the band declares. */
static bool is_of_crs(GDALDatasetH dataset, const dg_source_options *options) {
    if (!EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "GTiff"))
        return false;
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    char **open_options = CSLDuplicate((char **)options->open_options);
    open_options = CSLSetNameValue(open_options, "GEOREF_SOURCES", "NONE");
    GDALDatasetH bare = GDALOpenEx(GDALGetDescription(dataset), GDAL_OF_RASTER, options->drivers,
                                   (const char *const *)open_options, NULL);
    GDALRasterBandH band = bare ? GDALGetRasterBand(bare, options->band) : NULL;
    const bool is_bare = band && !*GDALGetRasterUnitType(band);
    if (bare)
        GDALClose(bare);
    CSLDestroy(open_options);
    dg_gdal_errors_end(&errors);
    return is_bare;
}

void dg_describe_unit(GDALDatasetH dataset, GDALRasterBandH band, const dg_source_options *options,
                      dg_source_info *info) {
    CPLStrlcpy(info->unit, find_unit(dataset, band), sizeof info->unit);
    info->unit_is_crs = options->crs && *GDALGetRasterUnitType(band) && is_of_crs(dataset, options);
}

/* 0 for what is no length. Where nothing is declared, it is that of the CRS, or the metre. */
static double metres_of(const dg_source_info *info, const char *wkt) {
    if (*info->unit && !info->unit_is_crs)
        return demgrad_length_unit(info->unit);
    OGRSpatialReferenceH crs = wkt ? OSRNewSpatialReference(wkt) : NULL;
    const double metres = crs ? OSRGetTargetLinearUnits(crs, "VERT_CS", NULL) : 1;
    OSRDestroySpatialReference(crs);
    return metres;
}

bool dg_same_unit(const dg_source_info *a, const dg_source_info *b, const char *crs) {
    if (a->unit_is_crs == b->unit_is_crs && strcmp(a->unit, b->unit) == 0)
        return true;
    const double metres = metres_of(a, crs);
    return metres != 0 && fabs(metres - metres_of(b, crs)) <= 1e-9 * metres;
}
