#include "unit.h"

#include "gdal_errors.h"
#include "memory.h"

#include <demgrad/raster.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
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
static demgrad_status look_for_crs(GDALDatasetH dataset, const dg_source_options *options,
                                   bool *is_of_crs, demgrad_error *error) {
    *is_of_crs = false;
    if (!EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "GTiff"))
        return DEMGRAD_OK;
    dg_list open_options = {0};
    dg_list_add_all(&open_options, options->open_options);
    dg_list_set(&open_options, "GEOREF_SOURCES", "NONE");
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    GDALDatasetH bare = GDALOpenEx(GDALGetDescription(dataset), GDAL_OF_RASTER, options->drivers,
                                   dg_list_items(&open_options), NULL);
    GDALRasterBandH band = bare ? GDALGetRasterBand(bare, options->band) : NULL;
    *is_of_crs = band && !*GDALGetRasterUnitType(band);
    if (bare)
        GDALClose(bare);
    dg_gdal_errors_end(&errors);
    const demgrad_status status = dg_list_check(&open_options, error);
    dg_list_free(&open_options);
    return status;
}

demgrad_status dg_describe_unit(GDALDatasetH dataset, GDALRasterBandH band,
                                const dg_source_options *options, dg_source_info *info,
                                demgrad_error *error) {
    CPLStrlcpy(info->unit, find_unit(dataset, band), sizeof info->unit);
    if (!options->crs || !*GDALGetRasterUnitType(band))
        return DEMGRAD_OK;
    return look_for_crs(dataset, options, &info->unit_is_crs, error);
}

/* 0 for what is no length. Where nothing is declared, it is that of the CRS, or the metre. */
static double metres_of(const dg_source_info *info) {
    return *info->unit && !info->unit_is_crs ? demgrad_length_unit(info->unit)
                                             : info->crs_vertical_m;
}

bool dg_same_unit(const dg_source_info *a, const dg_source_info *b) {
    if (a->unit_is_crs == b->unit_is_crs && strcmp(a->unit, b->unit) == 0)
        return true;
    const double metres = metres_of(a);
    return metres != 0 && fabs(metres - metres_of(b)) <= 1e-9 * metres;
}
