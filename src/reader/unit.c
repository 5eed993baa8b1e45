#include "unit.h"

#include "below.h"
#include "cf.h"
#include "gdal_driver.h"
#include "gdal_errors.h"
#include "left_out.h"
#include "memory.h"
#include "scale.h"

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

/* What formats that always have a unit write where there is none: Idrisi's, GRIB. */
static bool says_nothing(const char *unit) {
    static const char *const WORDS[] = {
        "", "unspecified", "not specified", "undefined", "unknown", "none", "n/a", "-", "[-]"};
    bool says = false;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        says |= EQUAL(unit, WORDS[i]);
    return says;
}

static const char *find_in_metadata(char **metadata) {
    const char *found = NULL;
    for (size_t i = 0; i < sizeof ITEMS / sizeof *ITEMS && !found; i++)
        found = CSLFetchNameValue(metadata, ITEMS[i]);
    return found;
}

/* By GDAL, as the band's or in metadata. "": nothing is. */
static const char *find_told(GDALDatasetH dataset, GDALRasterBandH band) {
    const char *unit = GDALGetRasterUnitType(band);
    if (!says_nothing(unit))
        return unit;
    char **metadata = GDALGetMetadata(band, NULL);
    const char *found = find_in_metadata(metadata);
    if (!found)
        found = dg_cf_find(metadata, "units");
    if (!found)
        found = find_in_metadata(GDALGetMetadata(dataset, NULL));
    return found && !says_nothing(found) ? found : "";
}

static void find_unit(GDALDatasetH dataset, GDALRasterBandH band, char *unit, size_t size) {
    CPLStrlcpy(unit, find_told(dataset, band), size);
    if (*unit)
        return;
    const dg_left_out left = dg_left_out_find(dataset);
    CPLStrlcpy(unit, says_nothing(left.unit) ? "" : left.unit, size);
}

/* GTiff makes the unit of a vertical CRS the band's where the band declares none; without its
 * georeferencing it gives what the band declares. */
static bool is_of_crs_in_gtiff(GDALDatasetH dataset, int number, const char *const *drivers,
                               dg_list *open_options) {
    dg_list_set(open_options, "GEOREF_SOURCES", "NONE");
    GDALDatasetH bare = GDALOpenEx(GDALGetDescription(dataset), GDAL_OF_RASTER, drivers,
                                   dg_list_items(open_options), NULL);
    GDALRasterBandH band = bare ? GDALGetRasterBand(bare, number) : NULL;
    const bool is = band && !*GDALGetRasterUnitType(band);
    if (bare)
        GDALClose(bare);
    return is;
}

/* The source that a VRT's band took its unit from: the first. NULL: there is none, or it has another.
 * *number is the band's, and becomes the source's. */
static GDALDatasetH open_copied(GDALDatasetH vrt, int *number) {
    const char *unit = GDALGetRasterUnitType(GDALGetRasterBand(vrt, *number));
    bool is_as_it_is;
    GDALDatasetH dataset = dg_open_first_source(vrt, number, &is_as_it_is);
    if (!dataset || EQUAL(GDALGetRasterUnitType(GDALGetRasterBand(dataset, *number)), unit))
        return dataset;
    GDALClose(dataset);
    return NULL;
}

/* Whether a GTiff's unit is its CRS's, or a VRT's is a copy of such a one. */
static bool is_of_crs(GDALDatasetH dataset, int number, const char *const *drivers,
                      dg_list *open_options) {
    enum { DEEPEST = 8 };
    GDALDatasetH opened = NULL;
    for (int depth = 0; dg_has_driver(dataset, "VRT") && depth < DEEPEST; depth++) {
        GDALDatasetH copied = open_copied(dataset, &number);
        if (opened)
            GDALClose(opened);
        dataset = opened = copied;
        if (!opened)
            return false;
    }
    dg_list none = {0};
    const bool is =
        dg_has_driver(dataset, "GTiff") &&
        is_of_crs_in_gtiff(dataset, number, opened ? NULL : drivers, opened ? &none : open_options);
    open_options->is_short |= none.is_short;
    dg_list_free(&none);
    if (opened)
        GDALClose(opened);
    return is;
}

static demgrad_status look_for_crs(GDALDatasetH dataset, const dg_source_options *options, bool *is,
                                   demgrad_error *error) {
    dg_list open_options = {0};
    dg_list_add_all(&open_options, options->open_options);
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    *is = is_of_crs(dataset, options->band, options->drivers, &open_options);
    dg_gdal_errors_end(&errors);
    const demgrad_status status = dg_list_check(&open_options, error);
    dg_list_free(&open_options);
    return status;
}

demgrad_status dg_describe_unit(GDALDatasetH dataset, GDALRasterBandH band,
                                const dg_source_options *options, dg_source_info *info,
                                demgrad_error *error) {
    find_unit(dataset, band, info->unit, sizeof info->unit);
    if (!options->crs || !*GDALGetRasterUnitType(band))
        return DEMGRAD_OK;
    return look_for_crs(dataset, options, &info->unit_is_crs, error);
}

typedef struct declared {
    char unit[32];
    dg_scale scale;
} declared;

/* What a GTiff's band declares itself, or the unit that any other has. */
static void find_declared(GDALDatasetH dataset, int number, declared *d) {
    dg_list none = {0};
    const bool is_of_crs =
        dg_has_driver(dataset, "GTiff") && is_of_crs_in_gtiff(dataset, number, NULL, &none);
    dg_list_free(&none);
    if (!is_of_crs)
        find_unit(dataset, GDALGetRasterBand(dataset, number), d->unit, sizeof d->unit);
}

/* What the first raster below declares that does, in VRTs of VRTs too. */
static void find_below(GDALDatasetH top, int number, declared *d) {
    enum { DEEPEST = 8 };
    GDALDatasetH at = top;
    for (int i = 0; i < DEEPEST && at; i++) {
        GDALDatasetH below = dg_open_below(at, &number);
        if (at != top)
            GDALClose(at);
        at = below;
        if (at && !*d->unit)
            find_declared(at, number, d);
        if (at && d->scale.scale == 1)
            d->scale = dg_scale_of(GDALGetRasterBand(at, number));
    }
    if (at && at != top)
        GDALClose(at);
}

static void take_unit(const declared *below, const char *name, dg_notes *notes,
                      dg_source_info *info) {
    const double metres = demgrad_length_unit(below->unit);
    if (metres == 0 || fabs(metres - info->crs_vertical_m) <= 1e-9 * metres)
        return;
    CPLStrlcpy(info->unit, below->unit, sizeof info->unit);
    dg_note(notes, name,
            "tells no unit of its values, and its first source has %s: that is taken, as "
            "gdalbuildvrt leaves units out (--z-unit says otherwise)",
            below->unit);
}

/* A VRT does not tell whether somebody meant its scale of 1, so that it stays. */
static void note_scale(const declared *below, const char *name, dg_notes *notes) {
    if (below->scale.scale != 1)
        dg_note(
            notes, name,
            "tells no scale of its values, and its first source has %.10g: they are taken as "
            "they are stored; gdal_translate -of VRT -a_scale %.10g -a_offset %.10g gives it one",
            below->scale.scale, below->scale.scale, below->scale.offset);
}

void dg_take_from_below(GDALDatasetH dataset, const char *name, const dg_source_options *options,
                        dg_notes *notes, dg_source_info *info) {
    if (!dg_has_driver(dataset, "VRT") && !dg_has_driver(dataset, "GTI"))
        return;
    declared below = {.scale = {.scale = 1}};
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    find_below(dataset, options->band, &below);
    dg_gdal_errors_end(&errors);
    if (!*info->unit && !options->any_unit)
        take_unit(&below, name, notes, info);
    if (!info->has_scale)
        note_scale(&below, name, notes);
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
