#include "placement.h"

#include "angle.h"
#include "gdal_driver.h"
#include "memory.h"
#include "pixel_axes.h"

#include <demgrad/raster.h>

#include <cpl_conv.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How far, as a share of the step, an axis that counts as even may stray from a line; one in floats may
 * by as much as they round. */
static const double UNEVEN = 1e-3;

/* What places a raster that has no geotransform, in words. */
static const char *other_placement(GDALDatasetH dataset) {
    if (GDALGetGCPCount(dataset) > 0)
        return "ground control points";
    if (GDALGetMetadata(dataset, "RPC"))
        return "rational polynomials (RPC)";
    return GDALGetMetadata(dataset, "GEOLOCATION") ? "geolocation arrays" : NULL;
}

/* Units of the CRS per unit of an axis; 0 where one is an angle and the other a length. What is no unit
 * is taken for the CRS's own. */
static double crs_units(const dg_source_info *info, const char *unit) {
    const double length = demgrad_length_unit(unit);
    const double angle = STARTS_WITH_CI(unit, "deg") ? DG_RADIANS_PER_DEGREE
                         : EQUAL(unit, "radian")     ? 1
                                                     : 0;
    if (length == 0 && angle == 0)
        return 1;
    return (info->crs_is_geographic ? angle : length) / info->crs_unit;
}

/* Meridians come round again: an axis may cross the one where it begins to count anew. */
static void unwrap(dg_pixel_axis *axis) {
    for (int i = 1; i < axis->count; i++) {
        const double step = axis->values[i] - axis->values[i - 1];
        if (fabs(step) > 180)
            axis->values[i] -= 360 * round(step / 360);
    }
}

static bool is_monotonic(const dg_pixel_axis *axis) {
    const double *v = axis->values;
    for (int i = 1; i < axis->count; i++) {
        if (!isfinite(v[i]) || !((v[i] - v[i - 1]) * (v[1] - v[0]) > 0))
            return false;
    }
    return axis->count > 1 && isfinite(v[0]);
}

/* The line that fits the values best: value i is about first + i * step. */
static void fit_line(const dg_pixel_axis *axis, double *first, double *step) {
    const double middle = (axis->count - 1) / 2.0, start = axis->values[0];
    double sum = 0, slope = 0, squares = 0;
    for (int i = 0; i < axis->count; i++) {
        sum += axis->values[i] - start;
        slope += (i - middle) * (axis->values[i] - start);
        squares += (i - middle) * (i - middle);
    }
    *step = slope / squares;
    *first = start + sum / axis->count - *step * middle;
}

static bool is_even(const dg_pixel_axis *axis, double *first, double *step) {
    fit_line(axis, first, step);
    double largest = 0, astray = 0;
    for (int i = 0; i < axis->count; i++) {
        largest = fmax(largest, fabs(axis->values[i]));
        astray = fmax(astray, fabs(axis->values[i] - (*first + i * *step)));
    }
    const double rounding = axis->is_float ? largest * (double)FLT_EPSILON : 0;
    return astray <= fmax(UNEVEN * fabs(*step), rounding);
}

/* Where the axis has its values, in steps from the first: the last is at count - 1. */
static double *make_places(const dg_pixel_axis *axis, demgrad_error *error) {
    const double *v = axis->values;
    double *places = dg_alloc((size_t)axis->count, sizeof *places, "an axis", error);
    for (int i = 0; i < axis->count && places; i++)
        places[i] = (v[i] - v[0]) / (v[axis->count - 1] - v[0]) * (axis->count - 1);
    return places;
}

/* Reads axes that a grid can have, in units of the CRS. */
static demgrad_status read_axes(GDALDatasetH dataset, GDALRasterBandH band,
                                const dg_source_info *info, dg_pixel_axis axes[2], bool *is_usable,
                                demgrad_error *error) {
    const demgrad_status status = dg_pixel_axes_read(dataset, band, axes, is_usable, error);
    for (int i = 0; i < 2 && *is_usable; i++) {
        const double units = crs_units(info, axes[i].unit);
        if (i == 0 && info->crs_is_geographic)
            unwrap(&axes[i]);
        *is_usable = units > 0 && is_monotonic(&axes[i]);
        for (int j = 0; j < axes[i].count; j++)
            axes[i].values[j] *= units;
    }
    return status;
}

/* Puts an axis into a grid; GDAL's own step and first value stay. */
static demgrad_status place_axis(const dg_pixel_axis *axis, int which, dg_source_info *info,
                                 demgrad_error *error) {
    dg_grid *grid = &info->grid;
    double first, step;
    if (!is_even(axis, &first, &step)) {
        first = axis->values[0];
        step = (axis->values[axis->count - 1] - first) / (axis->count - 1);
        info->places[which] = make_places(axis, error);
        if (!info->places[which])
            return DEMGRAD_OUT_OF_MEMORY;
    }
    if (!grid->has_geotransform) {
        grid->geotransform[3 * which] = first - step / 2;
        grid->geotransform[which == 0 ? 1 : 5] = step;
    }
    return DEMGRAD_OK;
}

static const char *evenness(const double *places) {
    return places ? "uneven" : "even";
}

static demgrad_status place_by_axes(const dg_pixel_axis axes[2], const char *name, dg_notes *notes,
                                    dg_source_info *info, demgrad_error *error) {
    dg_grid *grid = &info->grid;
    demgrad_status status = place_axis(&axes[0], 0, info, error);
    if (!status)
        status = place_axis(&axes[1], 1, info, error);
    const bool is_even = !info->places[0] && !info->places[1];
    if (status || (grid->has_geotransform && is_even))
        return status;
    dg_note(notes, name, "%s; the file's own axes are taken: %s columns, %s rows%s",
            grid->has_geotransform ? "its geotransform makes uneven axes even"
                                   : "GDAL finds no geotransform for its axes",
            evenness(info->places[0]), evenness(info->places[1]),
            is_even || grid->has_geotransform ? "" : "; the output has no geotransform");
    if (!grid->has_geotransform)
        grid->has_geotransform = is_even;
    return DEMGRAD_OK;
}

/* GDAL looks at three steps of a netCDF axis, and lets latitudes stray by 0.1 degrees. */
static bool is_sure(GDALDatasetH dataset, const dg_grid *grid) {
    const bool is_netcdf = dg_has_driver(dataset, "netCDF");
    return grid->has_geotransform && !(is_netcdf && dg_grid_is_upright(grid));
}

/* To the axes as GIS have them. */
static void turn(const int own_axes[2], double geotransform[6]) {
    double own[6];
    memcpy(own, geotransform, sizeof own);
    for (int i = 0; i < 2; i++) {
        const double sign = own_axes[i] < 0 ? -1 : 1;
        for (int j = 0; j < 3; j++)
            geotransform[3 * i + j] = sign * own[3 * (abs(own_axes[i]) - 1) + j];
    }
}

demgrad_status dg_describe_placement(GDALDatasetH dataset, GDALRasterBandH band, const char *name,
                                     dg_notes *notes, dg_source_info *info, demgrad_error *error) {
    dg_grid *grid = &info->grid;
    grid->width = GDALGetRasterXSize(dataset);
    grid->height = GDALGetRasterYSize(dataset);
    grid->has_geotransform = GDALGetGeoTransform(dataset, grid->geotransform) == CE_None;
    for (int i = 0; grid->has_geotransform && i < 6; i++) {
        if (!isfinite(grid->geotransform[i]))
            return dg_fail(error, DEMGRAD_READ_FAILED,
                           "%s: its geotransform has a number that is none (%g); mend it "
                           "(gdal_edit.py -a_ullr)",
                           name, grid->geotransform[i]);
    }
    if (!grid->has_geotransform)
        memcpy(grid->geotransform, (double[6]){0, 1, 0, 0, 0, 1}, sizeof grid->geotransform);
    else if (info->own_axes[0] != 0)
        turn(info->own_axes, grid->geotransform);
    if (is_sure(dataset, grid))
        return DEMGRAD_OK;
    dg_pixel_axis axes[2];
    bool is_usable;
    demgrad_status status = read_axes(dataset, band, info, axes, &is_usable, error);
    if (!status && (axes[0].is_other || axes[1].is_other))
        status = dg_fail(error, DEMGRAD_UNSUPPORTED,
                         "%s: its columns go north and its rows east, so that GDAL takes one for "
                         "the other; turn it first (gdalmdimtranslate -array "
                         "name=VARIABLE,transpose=[1,0])",
                         name);
    else if (is_usable)
        status = place_by_axes(axes, name, notes, info, error);
    else if (!grid->has_geotransform)
        info->placed_by = other_placement(dataset);
    if (info->placed_by && !GDALGetSpatialRef(dataset)) { /* the arrays' CRS is not the pixels' */
        CPLFree(info->crs);
        info->crs = NULL;
    }
    dg_pixel_axes_free(axes);
    return status;
}

void dg_placement_free(dg_source_info *info) {
    for (int i = 0; i < 2; i++) {
        free(info->places[i]);
        info->places[i] = NULL;
    }
}
