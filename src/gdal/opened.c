#include "opened.h"

void dg_opened_begin(dg_opened *opened, const char *path) {
    opened->dataset = NULL;
    dg_quiet_want(path);
    dg_gdal_errors_begin(&opened->errors);
    opened->name = dg_short_paths_open(&opened->held, path);
}

void dg_opened_raster(dg_opened *opened, const char *path) {
    dg_opened_begin(opened, path);
    opened->dataset = GDALOpenEx(opened->name, GDAL_OF_RASTER, NULL, NULL, NULL);
}

void dg_opened_end(dg_opened *opened) {
    if (opened->dataset)
        GDALClose(opened->dataset);
    opened->dataset = NULL;
    dg_short_paths_close(&opened->held);
    dg_gdal_errors_end(&opened->errors);
}
