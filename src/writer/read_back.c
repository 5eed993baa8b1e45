#include "read_back.h"

#include "gdal_errors.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <stdbool.h>

int64_t dg_read_back_count(const void *values, GDALDataType type, int n, double nodata) {
    const double rounded = (double)(float)nodata;
    int64_t count = 0;
    for (int i = 0; i < n; i++) {
        const double z =
            type == GDT_Float32 ? (double)((const float *)values)[i] : ((const double *)values)[i];
        count += !isnan(z) && z != nodata && z != rounded;
    }
    return count;
}

/* -1 where it cannot be read. What the band calls nodata may be another value than was asked for. */
static int64_t count_band(GDALRasterBandH band, double nodata) {
    const int width = GDALGetRasterBandXSize(band), height = GDALGetRasterBandYSize(band);
    int has_own = FALSE;
    const double own = GDALGetRasterNoDataValue(band, &has_own);
    double *row = VSIMalloc2((size_t)width, sizeof *row);
    int64_t count = row ? 0 : -1;
    for (int i = 0; i < height && count >= 0; i++) {
        if (GDALRasterIO(band, GF_Read, 0, i, width, 1, row, width, 1, GDT_Float64, 0, 0) !=
            CE_None) {
            count = -1;
            break;
        }
        for (int j = 0; j < width; j++)
            row[j] = has_own && row[j] == own ? (double)NAN : row[j];
        count += dg_read_back_count(row, GDT_Float64, width, nodata);
    }
    VSIFree(row);
    return count;
}

static char *find_fault(GDALDatasetH dataset, int band_count, int64_t valid, double nodata) {
    int64_t found = 0;
    for (int i = 1; i <= band_count; i++) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, i);
        const GDALDataType type = GDALGetRasterDataType(band);
        if (!GDALDataTypeIsFloating(type))
            return CPLStrdup(CPLSPrintf("its values read back as %s", GDALGetDataTypeName(type)));
        const int64_t of_band = count_band(band, nodata);
        if (of_band < 0)
            return CPLStrdup("it cannot be read back");
        found += of_band;
    }
    if (found == valid)
        return NULL;
    return CPLStrdup(CPLSPrintf(found > valid ? "%.0f pixels of nodata read back as values"
                                              : "%.0f values read back as nodata",
                                fabs((double)(found - valid))));
}

char *dg_read_back(const char *path, int band_count, int64_t valid, double nodata) {
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_RASTER, NULL, NULL, NULL);
    const bool has_bands = dataset && GDALGetRasterCount(dataset) >= band_count;
    char *fault = has_bands ? find_fault(dataset, band_count, valid, nodata) : NULL;
    if (dataset)
        GDALClose(dataset);
    dg_gdal_errors_end(&ignored);
    return fault;
}
