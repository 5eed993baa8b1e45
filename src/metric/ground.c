#include "ground.h"

#include "integers.h"
#include "latitude.h"

#include <math.h>

static const double HALF_PI = 1.57079632679489661923;

/* Below this share of the others a factor is numerical noise of a conformal projection, and 0. */
static const double NOISE = 1e-9;

/* How far the round trip to the ellipsoid may miss, as a share of a pixel. */
static const double ROUND_TRIP = 0.01;

/* Metres along the ellipsoid per radian of longitude and of latitude: N cos(lat) and M, with
 * N = a / sqrt(1 - e2 sin2), M = a (1 - e2) / (1 - e2 sin2)^(3/2) (Snyder 1987, 4-20 and 4-18). */
static void metres_per_radian(const dg_crs_facts *crs, double latitude, double *east,
                              double *north) {
    const double a = crs->semi_major_m, b = crs->semi_minor_m;
    const double e2 = (a - b) * (a + b) / (a * a);
    const double w2 = 1 - e2 * sin(latitude) * sin(latitude);
    *east = a / sqrt(w2) * cos(latitude);
    *north = a * (1 - e2) / (w2 * sqrt(w2));
}

/* The derivative of atan(tan(latitude) / (1 - e2)). */
static double geodetic_per_ocentric(double latitude, double a, double b) {
    const double ratio = (b / a) * (b / a);
    const double c = cos(latitude), s = sin(latitude);
    return ratio / (ratio * ratio * c * c + s * s);
}

static bool geographic_jacobian(const dg_ground *ground, double y, double row_units, double g[4],
                                double *latitude) {
    const double unit = ground->crs.angular_unit_rad;
    const double a = ground->crs.semi_major_m, b = ground->crs.semi_minor_m;
    const bool is_ocentric = ground->crs.is_ocentric;
    const double lat = is_ocentric ? dg_latitude_from_ocentric(y * unit, a, b) : y * unit;
    /* A centre within a millionth of a row of the pole is on it. */
    const double beyond = fabs(lat) - HALF_PI;
    const double slack = 1e-6 * fabs(row_units * unit);
    if (beyond > slack)
        return false;
    double east, north;
    metres_per_radian(&ground->crs, lat, &east, &north);
    if (is_ocentric)
        north *= geodetic_per_ocentric(y * unit, a, b);
    g[0] = beyond >= -slack ? (double)NAN : 1 / (east * unit);
    g[1] = 0;
    g[2] = 0;
    g[3] = 1 / (north * unit);
    *latitude = lat;
    return true;
}

/* Between two centres the places go on evenly. */
static double place(const double *places, int count, double at) {
    if (!places)
        return at;
    const int before = dg_max(dg_min((int)at, count - 2), 0);
    return places[before] + (at - before) * (places[before + 1] - places[before]);
}

bool dg_ground_jacobian(const dg_ground *ground, double col, double row, double g[4],
                        double *latitude) {
    const double *t = ground->grid.geotransform;
    const double c = ground->position[0] + place(ground->places[0], ground->grid.width, col) + 0.5;
    const double r = ground->position[1] + place(ground->places[1], ground->grid.height, row) + 0.5;
    const double x = c * t[1] + r * t[2], y = c * t[4] + r * t[5];
    if (!ground->projection)
        return geographic_jacobian(ground, y, fabs(t[4]) + fabs(t[5]), g, latitude);
    const double tolerance = ROUND_TRIP * sqrt(fabs(dg_grid_determinant(&ground->grid)));
    return dg_projection_jacobian(ground->projection, x, y, tolerance, latitude, g);
}

void dg_ground_grid_north(const double g[4], double y_axis[2]) {
    /* The second column of the inverse Jacobian. */
    const double sign = g[0] * g[3] - g[1] * g[2] < 0 ? -1 : 1;
    const double length = hypot(g[0], g[1]);
    y_axis[0] = -g[1] / length * sign;
    y_axis[1] = g[0] / length * sign;
}

/* Rows of k as seen from the grid frame: x lies 90 degrees clockwise of y. */
static void turn_to_grid(const double g[4], double k[4]) {
    double y[2];
    dg_ground_grid_north(g, y);
    const double x[2] = {y[1], -y[0]};
    for (int i = 0; i < 2; i++) {
        const double east = k[i], north = k[2 + i];
        k[i] = x[0] * east + x[1] * north;
        k[2 + i] = y[0] * east + y[1] * north;
    }
}

static void drop_noise(double k[4]) {
    const double size = fmax(fmax(fabs(k[0]), fabs(k[1])), fmax(fabs(k[2]), fabs(k[3])));
    for (int i = 0; i < 4; i++) {
        if (fabs(k[i]) < NOISE * size)
            k[i] = 0;
    }
}

static bool is_pole(double latitude) {
    return fabs(latitude) > HALF_PI - 1e-11;
}

void dg_ground_factors(void *context, double col, double row, double k[4]) {
    const dg_ground *ground = context;
    const double *t = ground->grid.geotransform;
    double g[4], latitude;
    if (!dg_ground_jacobian(ground, col, row, g, &latitude) ||
        (ground->projection && ground->true_frame && is_pole(latitude))) {
        k[0] = k[1] = k[2] = k[3] = (double)NAN;
        return;
    }
    /* (z_east, z_north) = G^T A^-T (z_col, z_row), with A the geotransform's linear part. */
    const double det = dg_grid_determinant(&ground->grid);
    k[0] = (g[0] * t[5] - g[2] * t[2]) / det;
    k[1] = (g[2] * t[1] - g[0] * t[4]) / det;
    k[2] = (g[1] * t[5] - g[3] * t[2]) / det;
    k[3] = (g[3] * t[1] - g[1] * t[4]) / det;
    /* Geographic frames are the same, and the pole has only a north there. */
    if (ground->projection && !ground->true_frame)
        turn_to_grid(g, k);
    /* Degrees have none: beside a pole their two factors differ by more. */
    if (ground->projection)
        drop_noise(k);
    for (int i = 0; i < 4; i++)
        k[i] *= ground->rise_m;
}
