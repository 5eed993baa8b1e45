#include "raster_place.h"

#include "memory.h"
#include "slack.h"

#include <math.h>

/* Whether the corner at (col, row) of one grid is there in the other, whose inverse is given. */
static bool is_in_place(const double found[6], const double inverse[6], int col, int row) {
    double x, y, back_col, back_row;
    GDALApplyGeoTransform((double *)found, col, row, &x, &y);
    GDALApplyGeoTransform((double *)inverse, x, y, &back_col, &back_row);
    return fabs(back_col - col) <= DG_SLACK && fabs(back_row - row) <= DG_SLACK;
}

char *dg_place_fault(GDALDatasetH dataset, const dg_grid *grid) {
    const int width = GDALGetRasterXSize(dataset), height = GDALGetRasterYSize(dataset);
    if (width != grid->width || height != grid->height)
        return dg_fault("its %d x %d pixels became %d x %d", grid->width, grid->height, width,
                        height);
    if (!grid->has_geotransform)
        return NULL;
    const double *g = grid->geotransform;
    double f[6], inverse[6];
    if (GDALGetGeoTransform(dataset, f) != CE_None)
        return dg_fault("it keeps no geotransform");
    if (!GDALInvGeoTransform((double *)g, inverse))
        return NULL;
    if (is_in_place(f, inverse, 0, 0) && is_in_place(f, inverse, width, 0) &&
        is_in_place(f, inverse, 0, height) && is_in_place(f, inverse, width, height))
        return NULL;
    return dg_fault("its geotransform (%.12g, %.12g, %.12g, %.12g, %.12g, %.12g) became "
                    "(%.12g, %.12g, %.12g, %.12g, %.12g, %.12g)",
                    g[0], g[1], g[2], g[3], g[4], g[5], f[0], f[1], f[2], f[3], f[4], f[5]);
}
