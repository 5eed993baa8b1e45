#include "raster_file.h"

#include "opened.h"

#include <gdal.h>
#include <stdio.h>
#include <string.h>

static void open_file(const dg_raster_file *file, dg_opened *opened) {
    dg_opened_begin(opened, file->path);
    opened->dataset =
        GDALOpenEx(opened->name, GDAL_OF_RASTER, file->drivers, file->open_options, NULL);
}

/* The band of that description, from 1; 0: none. */
static int find_band(GDALDatasetH dataset, const char *description) {
    for (int i = 1; i <= GDALGetRasterCount(dataset); i++) {
        if (strcmp(GDALGetDescription(GDALGetRasterBand(dataset, i)), description) == 0)
            return i;
    }
    return 0;
}

static demgrad_status find_marks(GDALDatasetH dataset, const char *path, dg_gradient_marks *marks,
                                 demgrad_error *error) {
    const int dzdx = find_band(dataset, "dz/dx"), dzdy = find_band(dataset, "dz/dy");
    const char *metric = GDALGetMetadataItem(dataset, "DEMGRAD_METRIC", NULL);
    if (dzdx && dzdy) {
        const char *frame = GDALGetMetadataItem(dataset, "DEMGRAD_FRAME", NULL);
        *marks = (dg_gradient_marks){
            .dzdx = dzdx, .dzdy = dzdy, .is_frame_true = frame && strcmp(frame, "true") == 0};
        snprintf(marks->metric, sizeof marks->metric, "%s", metric ? metric : "");
    } else if (dzdx || dzdy || metric) {
        return dg_fail(
            error, DEMGRAD_INVALID_ARGUMENT,
            "%s: was written by demgrad, but does not hold both dz/dx and dz/dy; give one "
            "that does, or the DEM",
            path);
    }
    return DEMGRAD_OK;
}

demgrad_status dg_raster_file_marks(const dg_raster_file *file, dg_gradient_marks *marks,
                                    demgrad_error *error) {
    dg_opened opened;
    open_file(file, &opened);
    *marks = (dg_gradient_marks){0};
    demgrad_status status = DEMGRAD_OK;
    if (opened.dataset)
        status = find_marks(opened.dataset, file->path, marks, error);
    dg_opened_end(&opened);
    return status;
}

int dg_raster_file_overview(const dg_raster_file *file, int band, double least_width,
                            double least_height, double *pixels) {
    dg_opened opened;
    open_file(file, &opened);
    GDALRasterBandH of = opened.dataset ? GDALGetRasterBand(opened.dataset, band) : NULL;
    int best = -1, best_width = of ? GDALGetRasterBandXSize(of) : 0;
    for (int i = 0; of && i < GDALGetOverviewCount(of); i++) {
        GDALRasterBandH overview = GDALGetOverview(of, i);
        const int width = overview ? GDALGetRasterBandXSize(overview) : 0;
        if (width >= least_width && GDALGetRasterBandYSize(overview) >= least_height &&
            width < best_width) {
            best = i;
            best_width = width;
            *pixels = (double)width * GDALGetRasterBandYSize(overview);
        }
    }
    dg_opened_end(&opened);
    return best;
}
