#include "gdal_driver.h"

#include <cpl_port.h>

const char *dg_driver_name(GDALDatasetH dataset) {
    GDALDriverH driver = dataset ? GDALGetDatasetDriver(dataset) : NULL;
    return driver ? GDALGetDriverShortName(driver) : "";
}

bool dg_has_driver(GDALDatasetH dataset, const char *name) {
    return EQUAL(dg_driver_name(dataset), name);
}
