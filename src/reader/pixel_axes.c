#include "pixel_axes.h"

#include "gdal_errors.h"
#include "memory.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void dg_pixel_axes_free(dg_pixel_axis axes[2]) {
    for (int i = 0; i < 2; i++) {
        free(axes[i].values);
        axes[i] = (dg_pixel_axis){0};
    }
}

void dg_pixel_axis_reverse(dg_pixel_axis *axis) {
    for (int i = 0, j = axis->count - 1; i < j; i++, j--) {
        const double value = axis->values[i];
        axis->values[i] = axis->values[j];
        axis->values[j] = value;
    }
}

/* Whether a number among the geolocation's is the one that leaves each pixel its own coordinate. */
static bool is_plain(CSLConstList geolocation, const char *key, double plain) {
    return CPLAtof(CSLFetchNameValueDef(geolocation, key, plain == 1 ? "1" : "0")) == plain;
}

static bool read_array(CSLConstList geolocation, const char *path_key, const char *band_key,
                       dg_pixel_axis *axis) {
    const char *path = CSLFetchNameValue(geolocation, path_key);
    const int number = atoi(CSLFetchNameValueDef(geolocation, band_key, "1"));
    GDALDatasetH dataset = path ? GDALOpen(path, GA_ReadOnly) : NULL;
    GDALRasterBandH band = dataset ? GDALGetRasterBand(dataset, number) : NULL;
    const int width = band ? GDALGetRasterBandXSize(band) : 0;
    const int height = band ? GDALGetRasterBandYSize(band) : 0;
    bool is_read = (width == 1 && height == axis->count) || (height == 1 && width == axis->count);
    if (is_read) {
        axis->is_float = GDALGetRasterDataType(band) == GDT_Float32;
        is_read = GDALRasterIO(band, GF_Read, 0, 0, width, height, axis->values, width, height,
                               GDT_Float64, 0, 0) == CE_None;
    }
    if (dataset)
        GDALClose(dataset);
    return is_read;
}

/* Of netCDF, GDAL turns the rows round, but not these arrays. */
static bool read_geolocation(GDALDatasetH dataset, dg_pixel_axis axes[2]) {
    CSLConstList geolocation = GDALGetMetadata(dataset, "GEOLOCATION");
    return geolocation &&
           !STARTS_WITH_CI(CSLFetchNameValueDef(geolocation, "Y_DATASET", ""), "NETCDF:") &&
           is_plain(geolocation, "PIXEL_OFFSET", 0) && is_plain(geolocation, "LINE_OFFSET", 0) &&
           is_plain(geolocation, "PIXEL_STEP", 1) && is_plain(geolocation, "LINE_STEP", 1) &&
           read_array(geolocation, "X_DATASET", "X_BAND", &axes[0]) &&
           read_array(geolocation, "Y_DATASET", "Y_BAND", &axes[1]);
}

static GDALDatasetH open_multidimensional(GDALDatasetH dataset) {
    GDALDriverH driver = GDALGetDatasetDriver(dataset);
    if (!GDALGetMetadataItem(driver, GDAL_DCAP_MULTIDIM_RASTER, NULL))
        return NULL;
    char **files = GDALGetFileList(dataset);
    const char *const drivers[] = {GDALGetDriverShortName(driver), NULL};
    GDALDatasetH opened = GDALOpenEx(files ? files[0] : GDALGetDescription(dataset),
                                     GDAL_OF_MULTIDIM_RASTER, drivers, NULL, NULL);
    CSLDestroy(files);
    return opened;
}

/* The array's dimensions, of which the last two are the raster's rows and columns; else NULL. */
static GDALDimensionH *raster_dimensions(GDALMDArrayH array, const dg_pixel_axis axes[2],
                                         size_t *count) {
    GDALDimensionH *dims = array ? GDALMDArrayGetDimensions(array, count) : NULL;
    if (!dims)
        return NULL;
    const bool fits = *count >= 2 &&
                      GDALDimensionGetSize(dims[*count - 1]) == (GUInt64)axes[0].count &&
                      GDALDimensionGetSize(dims[*count - 2]) == (GUInt64)axes[1].count;
    if (fits)
        return dims;
    GDALReleaseDimensions(dims, *count);
    return NULL;
}

/* The only array of the group that fits the raster. */
static GDALMDArrayH find_only(GDALGroupH group, const dg_pixel_axis axes[2]) {
    char **names = GDALGroupGetMDArrayNames(group, NULL);
    GDALMDArrayH found = NULL;
    int fitting = 0;
    for (int i = 0; names && names[i]; i++) {
        GDALMDArrayH array = GDALGroupOpenMDArray(group, names[i], NULL);
        size_t count;
        GDALDimensionH *dims = raster_dimensions(array, axes, &count);
        if (dims)
            GDALReleaseDimensions(dims, count);
        fitting += dims != NULL;
        if (dims && !found) {
            found = array;
        } else if (array) {
            GDALMDArrayRelease(array);
        }
    }
    CSLDestroy(names);
    if (fitting == 1)
        return found;
    if (found)
        GDALMDArrayRelease(found);
    return NULL;
}

/* The array that the band is of: by netCDF's metadata, by the end of a subdataset's name, or as the only
 * one that fits. */
static demgrad_status find_array(GDALGroupH group, GDALDatasetH dataset, GDALRasterBandH band,
                                 const dg_pixel_axis axes[2], GDALMDArrayH *array,
                                 demgrad_error *error) {
    const char *name = GDALGetMetadataItem(band, "NETCDF_VARNAME", NULL);
    const char *colon = strrchr(GDALGetDescription(dataset), ':');
    if (!name && colon)
        name = colon + 1;
    while (name && *name == '/')
        name++;
    char *full = name ? dg_format(error, "/%s", name) : NULL;
    if (name && !full)
        return DEMGRAD_OUT_OF_MEMORY;
    *array = full ? GDALGroupOpenMDArrayFromFullname(group, full, NULL) : NULL;
    free(full);
    if (!*array)
        *array = find_only(group, axes);
    return DEMGRAD_OK;
}

static bool read_doubles(GDALMDArrayH array, const GUInt64 *start, const size_t *count,
                         double *values) {
    GDALExtendedDataTypeH type = GDALExtendedDataTypeCreate(GDT_Float64);
    const bool is_read =
        GDALMDArrayRead(array, start, count, NULL, NULL, type, values, NULL, 0) == TRUE;
    GDALExtendedDataTypeRelease(type);
    return is_read;
}

static void describe_type(GDALMDArrayH array, dg_pixel_axis *axis) {
    GDALExtendedDataTypeH type = GDALMDArrayGetDataType(array);
    axis->is_float = GDALExtendedDataTypeGetClass(type) == GEDTC_NUMERIC &&
                     GDALExtendedDataTypeGetNumericDataType(type) == GDT_Float32;
    GDALExtendedDataTypeRelease(type);
}

static bool read_dimension(GDALDimensionH dimension, dg_pixel_axis *axis) {
    GDALMDArrayH array = GDALDimensionGetIndexingVariable(dimension);
    if (!array)
        return false;
    const GUInt64 start = 0;
    const size_t count = (size_t)axis->count;
    const bool is_read = GDALMDArrayGetDimensionCount(array) == 1 &&
                         GDALMDArrayGetTotalElementsCount(array) == count &&
                         read_doubles(array, &start, &count, axis->values);
    int has_scale = FALSE, has_offset = FALSE;
    const double scale = GDALMDArrayGetScale(array, &has_scale);
    const double offset = GDALMDArrayGetOffset(array, &has_offset);
    for (int i = 0; i < axis->count; i++)
        axis->values[i] = axis->values[i] * (has_scale ? scale : 1) + (has_offset ? offset : 0);
    describe_type(array, axis);
    const char *unit = GDALMDArrayGetUnit(array);
    CPLStrlcpy(axis->unit, unit ? unit : "", sizeof axis->unit);
    GDALMDArrayRelease(array);
    return is_read;
}

/* An array whose last two dimensions are those of a raster's band. */
typedef struct slice {
    GDALMDArrayH array;
    GDALRasterBandH band;
    GUInt64 start[16];
    size_t count[16];
    size_t dimensions;
    int width, height;
} slice;

/* Bands count the dimensions before the last two, the last of them fastest. */
static bool open_slice(slice *s, const GDALDimensionH *dims) {
    if (s->dimensions > sizeof s->start / sizeof *s->start)
        return false;
    GUInt64 index = (GUInt64)GDALGetBandNumber(s->band) - 1;
    for (size_t i = s->dimensions; i-- > 0;) {
        s->start[i] = 0;
        s->count[i] = 1;
        if (i + 2 < s->dimensions) {
            s->start[i] = index % GDALDimensionGetSize(dims[i]);
            index /= GDALDimensionGetSize(dims[i]);
        }
    }
    s->count[s->dimensions - 1] = (size_t)s->width;
    return index == 0;
}

static bool read_array_row(slice *s, int row, double *values) {
    s->start[s->dimensions - 2] = (GUInt64)row;
    return read_doubles(s->array, s->start, s->count, values);
}

static bool is_same_row(const double *a, const double *b, int n) {
    for (int i = 0; i < n; i++) {
        if (a[i] != b[i] && !(isnan(a[i]) && isnan(b[i])))
            return false;
    }
    return true;
}

/* Whether the raster's rows are the array's in their order (1) or from the last to the first (-1); 0:
 * neither. They are told by their values: drivers turn rasters round by rules of their own. `room` is for
 * three rows: the array's, its counterpart from the end, the raster's. */
static int row_order(slice *s, double *room) {
    double *const rows[3] = {room, room + s->width, room + 2 * (ptrdiff_t)s->width};
    int order = 1;
    bool is_settled = false;
    for (int i = 0; i < s->height / 2 && !is_settled; i++) {
        const bool is_read = read_array_row(s, i, rows[0]) &&
                             read_array_row(s, s->height - 1 - i, rows[1]) &&
                             GDALRasterIO(s->band, GF_Read, 0, i, s->width, 1, rows[2], s->width, 1,
                                          GDT_Float64, 0, 0) == CE_None;
        is_settled = !is_read || !is_same_row(rows[0], rows[1], s->width);
        if (is_settled)
            order = is_read && is_same_row(rows[2], rows[0], s->width)   ? 1
                    : is_read && is_same_row(rows[2], rows[1], s->width) ? -1
                                                                         : 0;
    }
    return order;
}

static bool read_dimensions(GDALMDArrayH array, GDALRasterBandH band, double *room,
                            dg_pixel_axis axes[2]) {
    slice s = {.array = array, .band = band, .width = axes[0].count, .height = axes[1].count};
    GDALDimensionH *dims = raster_dimensions(array, axes, &s.dimensions);
    if (!dims)
        return false;
    bool is_read = read_dimension(dims[s.dimensions - 1], &axes[0]) &&
                   read_dimension(dims[s.dimensions - 2], &axes[1]) && open_slice(&s, dims);
    axes[0].is_other =
        EQUAL(GDALDimensionGetType(dims[s.dimensions - 1]), GDAL_DIM_TYPE_HORIZONTAL_Y);
    axes[1].is_other =
        EQUAL(GDALDimensionGetType(dims[s.dimensions - 2]), GDAL_DIM_TYPE_HORIZONTAL_X);
    const int order = is_read ? row_order(&s, room) : 0;
    if (order < 0)
        dg_pixel_axis_reverse(&axes[1]);
    GDALReleaseDimensions(dims, s.dimensions);
    return order != 0;
}

static demgrad_status read_multidimensional(GDALDatasetH dataset, GDALRasterBandH band,
                                            dg_pixel_axis axes[2], bool *is_read,
                                            demgrad_error *error) {
    GDALDatasetH opened = open_multidimensional(dataset);
    GDALGroupH group = opened ? GDALDatasetGetRootGroup(opened) : NULL;
    GDALMDArrayH array = NULL;
    double *room = NULL;
    demgrad_status status = DEMGRAD_OK;
    if (group)
        status = find_array(group, dataset, band, axes, &array, error);
    if (array) {
        room = dg_alloc((size_t)axes[0].count, 3 * sizeof *room, "an axis", error);
        *is_read = room && read_dimensions(array, band, room, axes);
        status = room ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
        GDALMDArrayRelease(array);
    }
    free(room);
    if (group)
        GDALGroupRelease(group);
    if (opened)
        GDALClose(opened);
    return status;
}

demgrad_status dg_pixel_axes_read(GDALDatasetH dataset, GDALRasterBandH band, dg_pixel_axis axes[2],
                                  bool *is_read, demgrad_error *error) {
    const int counts[2] = {GDALGetRasterXSize(dataset), GDALGetRasterYSize(dataset)};
    demgrad_status status = DEMGRAD_OK;
    *is_read = false;
    for (int i = 0; i < 2; i++) {
        axes[i] = (dg_pixel_axis){.count = counts[i]};
        axes[i].values = dg_alloc((size_t)counts[i], sizeof(double), "an axis", error);
        status = axes[i].values ? status : DEMGRAD_OUT_OF_MEMORY;
    }
    if (status)
        return status;
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    *is_read = read_geolocation(dataset, axes);
    if (!*is_read)
        status = read_multidimensional(dataset, band, axes, is_read, error);
    dg_gdal_errors_end(&errors);
    return status;
}
