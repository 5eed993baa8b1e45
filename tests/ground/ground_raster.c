#include "ground_raster.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>

static OGRSpatialReferenceH crs_of(const struct truth *t) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    if (OSRSetFromUserInput(srs, t->spec.crs) != OGRERR_NONE) {
        fprintf(stderr, "%s: GDAL cannot read this CRS\n", t->spec.crs);
        OSRDestroySpatialReference(srs);
        return NULL;
    }
    return srs;
}

static bool write_planes(const char *path, const struct truth *t, OGRSpatialReferenceH srs,
                         int bands, double *planes) {
    const int cols = t->spec.cols, rows = t->spec.rows;
    GDALDatasetH file =
        GDALCreate(GDALGetDriverByName("GTiff"), path, cols, rows, bands, GDT_Float64, NULL);
    if (!file) {
        return false;
    }
    double gt[6];
    for (int i = 0; i < 6; i++) {
        gt[i] = t->gt[i];
    }
    bool good = GDALSetGeoTransform(file, gt) == CE_None;
    good = good && (!srs || GDALSetSpatialRef(file, srs) == CE_None);
    if (t->spec.point) {
        GDALSetMetadataItem(file, GDALMD_AREA_OR_POINT, GDALMD_AOP_POINT, NULL);
    }
    for (int band = 1; good && band <= bands; band++) {
        GDALRasterBandH plane = GDALGetRasterBand(file, band);
        GDALSetRasterNoDataValue(plane, (double)NAN);
        GDALSetRasterUnitType(plane, "m");
        good = GDALRasterIO(plane, GF_Write, 0, 0, cols, rows,
                            planes + (size_t)(band - 1) * (size_t)cols * (size_t)rows, cols, rows,
                            GDT_Float64, 0, 0) == CE_None;
    }
    GDALClose(file);
    return good;
}

static bool carries(const char *path, OGRSpatialReferenceH srs) {
    GDALDatasetH file = GDALOpen(path, GA_ReadOnly);
    OGRSpatialReferenceH kept = file ? GDALGetSpatialRef(file) : NULL;
    bool same = kept && OSRIsSame(kept, srs);
    if (file) {
        GDALClose(file);
    }
    return same;
}

/* GDAL reads a CRS beside the file, as .aux.xml, in preference to the file's own. */
static bool keep_beside(const char *path, OGRSpatialReferenceH srs) {
    static const char *const format[] = {"FORMAT=WKT2_2019", NULL};
    char beside[4096], *wkt = NULL;
    int axes = 0;
    const int *mapping = OSRGetDataAxisToSRSAxisMapping(srs, &axes);
    snprintf(beside, sizeof beside, "%s.aux.xml", path);
    if (axes < 2 || OSRExportToWktEx(srs, &wkt, format) != OGRERR_NONE) {
        CPLFree(wkt);
        return false;
    }
    char *escaped = CPLEscapeString(wkt, -1, CPLES_XML);
    FILE *file = fopen(beside, "w");
    bool good = file && fprintf(file,
                                "<PAMDataset><SRS dataAxisToSRSAxisMapping=\"%d,%d\">%s</SRS>"
                                "</PAMDataset>\n",
                                mapping[0], mapping[1], escaped) > 0;
    good = file && fclose(file) == 0 && good;
    CPLFree(escaped);
    CPLFree(wkt);
    return good;
}

bool ground_raster_write(const char *path, const struct truth *t, int bands, double *planes) {
    OGRSpatialReferenceH srs = crs_of(t);
    if (!srs) {
        return false;
    }
    /* GeoTIFF's keys cannot express every CRS; those that they lose go beside the file. */
    bool good = write_planes(path, t, srs, bands, planes);
    if (good && !carries(path, srs)) {
        good = write_planes(path, t, NULL, bands, planes) && keep_beside(path, srs);
        if (good && !carries(path, srs)) {
            fprintf(stderr, "%s: GDAL does not keep this CRS\n", t->spec.name);
            good = false;
        }
    }
    OSRDestroySpatialReference(srs);
    return good;
}

static bool read_plane(GDALRasterBandH band, int cols, int rows, double *plane) {
    if (GDALRasterIO(band, GF_Read, 0, 0, cols, rows, plane, cols, rows, GDT_Float64, 0, 0)) {
        return false;
    }
    int has_nodata = 0;
    const double nodata = GDALGetRasterNoDataValue(band, &has_nodata);
    for (long i = 0; i < (long)cols * rows; i++) {
        if (has_nodata && plane[i] == nodata) {
            plane[i] = (double)NAN;
        }
    }
    return true;
}

double *ground_raster_read(const char *path, const struct truth *t) {
    const int cols = t->spec.cols, rows = t->spec.rows;
    const size_t pixels = (size_t)cols * (size_t)rows;
    GDALDatasetH file = GDALOpen(path, GA_ReadOnly);
    double *planes = file ? malloc(2 * pixels * sizeof *planes) : NULL;
    bool good = planes && GDALGetRasterCount(file) == 2 && GDALGetRasterXSize(file) == cols &&
                GDALGetRasterYSize(file) == rows;
    for (int band = 0; good && band < 2; band++) {
        good = read_plane(GDALGetRasterBand(file, band + 1), cols, rows,
                          planes + (size_t)band * pixels);
    }
    if (!good) {
        fprintf(stderr, "%s: not two bands of %d x %d pixels\n", path, cols, rows);
        free(planes);
        planes = NULL;
    }
    if (file) {
        GDALClose(file);
    }
    return planes;
}
