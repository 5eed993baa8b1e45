#include "memory_raster.h"

#include "unit.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <ogr_srs_api.h>
#include <stdlib.h>
#include <string.h>

double memory_raster_height(int col, int row) {
    return (col * 37 + row * 101 + col * row % 7 * 11) % 251;
}

static void write_band(GDALRasterBandH band, const double *values, int width, int height) {
    double *all = CPLMalloc((size_t)width * (size_t)height * sizeof *all);
    for (int i = 0; i < width * height; i++)
        all[i] = values ? values[i] : memory_raster_height(i % width, i / width);
    const CPLErr result =
        GDALRasterIO(band, GF_Write, 0, 0, width, height, all, width, height, GDT_Float64, 0, 0);
    ck_assert_int_eq(result, CE_None);
    CPLFree(all);
}

/* `first` at the first pixel and 255 elsewhere. */
static void write_validity(GDALRasterBandH band, int first, int width, int height) {
    double *values = CPLMalloc((size_t)width * (size_t)height * sizeof *values);
    for (int i = 0; i < width * height; i++)
        values[i] = i == 0 ? first : 255;
    write_band(band, values, width, height);
    CPLFree(values);
}

static void set_crs(GDALDatasetH dataset, const char *text) {
    OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
    ck_assert_int_eq(OSRSetFromUserInput(crs, text), OGRERR_NONE);
    OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
    GDALSetSpatialRef(dataset, crs);
    OSRDestroySpatialReference(crs);
}

static void add_validity(GDALDatasetH dataset, const memory_raster *r) {
    if (r->alpha >= 0) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, 2);
        GDALSetRasterColorInterpretation(band, GCI_AlphaBand);
        write_validity(band, r->alpha, r->width, r->height);
    }
    if (r->has_mask) {
        CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
        ck_assert_int_eq(GDALCreateDatasetMaskBand(dataset, GMF_PER_DATASET), CE_None);
        write_validity(GDALGetMaskBand(GDALGetRasterBand(dataset, 1)), 0, r->width, r->height);
        CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", NULL);
    }
}

static void set_nodata(GDALRasterBandH band, GDALDataType type, double value) {
    if (type == GDT_Int64)
        GDALSetRasterNoDataValueAsInt64(band, (int64_t)value);
    else if (type == GDT_UInt64)
        GDALSetRasterNoDataValueAsUInt64(band, (uint64_t)value);
    else
        GDALSetRasterNoDataValue(band, value);
}

void memory_raster_make(const memory_raster *r) {
    GDALDriverH driver = GDALGetDriverByName("GTiff");
    GDALDatasetH dataset = GDALCreate(driver, r->path, r->width, r->height, r->alpha >= 0 ? 2 : 1,
                                      r->type, (char **)r->options);
    ck_assert_ptr_nonnull(dataset);
    if (r->transform)
        GDALSetGeoTransform(dataset, (double *)r->transform);
    if (r->crs)
        set_crs(dataset, r->crs);
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    if (r->nodata)
        set_nodata(band, r->type, *r->nodata);
    add_validity(dataset, r);
    write_band(band, r->values, r->width, r->height);
    GDALClose(dataset);
}

static VSILFILE *open_file(const char *path, const char *mode) {
    VSILFILE *file = VSIFOpenL(path, mode);
    ck_assert_msg(file != NULL, "%s cannot be opened", path);
    return file;
}

void memory_file_truncate(const char *path, int size) {
    VSILFILE *file = open_file(path, "r+");
    ck_assert_int_eq(VSIFTruncateL(file, (vsi_l_offset)size), 0);
    VSIFCloseL(file);
}

int memory_file_size(const char *path) {
    VSIStatBufL stat;
    return VSIStatL(path, &stat) == 0 ? (int)stat.st_size : -1;
}

bool memory_file_equal(const char *a, const char *b) {
    const int size = memory_file_size(a);
    if (size < 0 || size != memory_file_size(b))
        return false;
    const char *const paths[2] = {a, b};
    char *bytes[2];
    for (int i = 0; i < 2; i++) {
        bytes[i] = CPLMalloc((size_t)size + 1);
        VSILFILE *file = open_file(paths[i], "r");
        ck_assert_uint_eq(VSIFReadL(bytes[i], 1, (size_t)size, file), (size_t)size);
        VSIFCloseL(file);
    }
    const bool same = memcmp(bytes[0], bytes[1], (size_t)size) == 0;
    CPLFree(bytes[0]);
    CPLFree(bytes[1]);
    return same;
}

int folder_count(const char *folder) {
    char **names = VSIReadDir(folder);
    int count = 0;
    for (int i = 0; names && names[i]; i++)
        count += strcmp(names[i], ".") != 0 && strcmp(names[i], "..") != 0;
    CSLDestroy(names);
    return count;
}

char *folder_create(void) {
    const char *parent = getenv("TMPDIR");
    char *name = CPLStrdup(CPLFormFilename(parent ? parent : "/tmp", "demgrad-unit-XXXXXX", NULL));
    ck_assert_ptr_nonnull(mkdtemp(name));
    return name;
}

void folder_remove(char *folder) {
    ck_assert_int_eq(VSIRmdirRecursive(folder), 0);
    CPLFree(folder);
}
