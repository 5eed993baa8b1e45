#include "gdal_errors.h"
#include "reader.h"

#include "integers.h"

#include <gdal.h>
#include <math.h>
#include <ogr_srs_api.h>

/* What decimals of coordinates are rounded by, in pixels: a box that ends so near to a pixel's edge ends
 * there. */
static const double ROUNDING = 0.01;

/* An axis of an upright grid whose pixels are uneven; `g` are its first edge and its step. */
static void place_axis(const double *places, int begin, int length, double *first, double *step) {
    const double centre = *first + (places[begin] + 0.5) * *step;
    if (length > 1)
        *step *= (places[begin + length - 1] - places[begin]) / (length - 1);
    *first = centre - 0.5 * *step;
}

dg_grid dg_source_part_grid(const dg_source_info *info, dg_window part) {
    dg_grid grid = info->grid;
    double *g = grid.geotransform;
    const double x = g[0] + part.col * g[1] + part.row * g[2];
    const double y = g[3] + part.col * g[4] + part.row * g[5];
    if (info->places[0])
        place_axis(info->places[0], part.col, part.width, &g[0], &g[1]);
    else
        g[0] = x;
    if (info->places[1])
        place_axis(info->places[1], part.row, part.height, &g[3], &g[5]);
    else
        g[3] = y;
    grid.width = part.width;
    grid.height = part.height;
    return grid;
}

/* A range along x and along y. */
typedef struct range {
    double low[2], high[2];
} range;

static void extend(range *r, double x, double y) {
    const double point[2] = {x, y};
    for (int i = 0; i < 2; i++) {
        r->low[i] = fmin(r->low[i], point[i]);
        r->high[i] = fmax(r->high[i], point[i]);
    }
}

static range make_range(void) {
    return (range){{(double)INFINITY, (double)INFINITY}, {-(double)INFINITY, -(double)INFINITY}};
}

/* Of the four corners of a range, each through an affine map. */
static range map_corners(const range *r, const double g[6]) {
    range mapped = make_range();
    for (int i = 0; i < 4; i++) {
        const double x = i & 1 ? r->high[0] : r->low[0], y = i & 2 ? r->high[1] : r->low[1];
        extend(&mapped, g[0] + x * g[1] + y * g[2], g[3] + x * g[4] + y * g[5]);
    }
    return mapped;
}

/* Along its edges too, which other CRSs bend. */
static bool transform(range *r, const char *from_text, const char *to_text) {
    enum { POINTS_A_SIDE = 21 };
    OGRSpatialReferenceH from = OSRNewSpatialReference(NULL), to = OSRNewSpatialReference(NULL);
    OGRCoordinateTransformationH t = NULL;
    range moved;
    OSRSetAxisMappingStrategy(from, OAMS_TRADITIONAL_GIS_ORDER);
    OSRSetAxisMappingStrategy(to, OAMS_TRADITIONAL_GIS_ORDER);
    if (OSRSetFromUserInput(from, from_text) == OGRERR_NONE &&
        OSRSetFromUserInput(to, to_text) == OGRERR_NONE)
        t = OCTNewCoordinateTransformation(from, to);
    const bool is_done =
        t && OCTTransformBounds(t, r->low[0], r->low[1], r->high[0], r->high[1], &moved.low[0],
                                &moved.low[1], &moved.high[0], &moved.high[1], POINTS_A_SIDE);
    OCTDestroyCoordinateTransformation(t);
    OSRDestroySpatialReference(from);
    OSRDestroySpatialReference(to);
    if (is_done)
        *r = moved;
    return is_done && isfinite(r->low[0] + r->low[1] + r->high[0] + r->high[1]);
}

static demgrad_status move_to_own_crs(const dg_source_info *info, const char *crs, range *r,
                                      demgrad_error *error) {
    if (!crs)
        return DEMGRAD_OK;
    if (!info->crs)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the box is in the CRS %s, but the input has none; --crs gives it one", crs);
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const bool is_moved = transform(r, crs, info->crs);
    dg_gdal_errors_end(&errors);
    if (is_moved)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "the box cannot be brought from the CRS %s to the input's: %s", crs,
                   dg_gdal_errors_text(&errors, "it is not in its domain"));
}

/* From pixels, the first's edge being at 0, to the uneven ones that lie there. */
static void settle(const double *places, int count, double *low, double *high) {
    int begin = 0, end = count;
    const double first = *low - 0.5, last = *high - 0.5;
    while (begin < count - 1 && (places[begin] + places[begin + 1]) / 2 <= first)
        begin++;
    while (end > begin + 1 && (places[end - 2] + places[end - 1]) / 2 >= last)
        end--;
    *low = begin;
    *high = end;
}

static void cover(double low, double high, int count, int *begin, int *length) {
    *begin = dg_min((int)fmax(floor(low + ROUNDING), 0), count - 1);
    const int end = (int)fmin(ceil(high - ROUNDING), count);
    *length = dg_max(end - *begin, 1);
}

demgrad_status dg_source_find_box(const dg_source_info *info, const double box[4], const char *crs,
                                  dg_window *part, demgrad_error *error) {
    const dg_grid *grid = &info->grid;
    const int count[2] = {grid->width, grid->height};
    double inverse[6];
    if (!dg_source_is_placed(info) || !GDALInvGeoTransform((double *)grid->geotransform, inverse))
        return dg_fail(
            error, DEMGRAD_INVALID_ARGUMENT,
            "no geotransform says where the input lies; give the part's columns and rows "
            "(--window)");
    range r = make_range();
    extend(&r, box[0], box[1]);
    extend(&r, box[2], box[3]);
    const demgrad_status status = move_to_own_crs(info, crs, &r, error);
    if (status)
        return status;
    const range pixels = {{0, 0}, {count[0], count[1]}};
    const range bounds = map_corners(&pixels, grid->geotransform);
    range wanted = map_corners(&r, inverse);
    for (int i = 0; i < 2; i++) {
        if (!(wanted.low[i] >= -ROUNDING && wanted.high[i] <= count[i] + ROUNDING))
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                           "the box %.10g,%.10g,%.10g,%.10g%s reaches outside the input, which is "
                           "%.10g,%.10g,%.10g,%.10g",
                           r.low[0], r.low[1], r.high[0], r.high[1], crs ? " (in its CRS)" : "",
                           bounds.low[0], bounds.low[1], bounds.high[0], bounds.high[1]);
        if (info->places[i])
            settle(info->places[i], count[i], &wanted.low[i], &wanted.high[i]);
    }
    cover(wanted.low[0], wanted.high[0], count[0], &part->col, &part->width);
    cover(wanted.low[1], wanted.high[1], count[1], &part->row, &part->height);
    return DEMGRAD_OK;
}
