#include "crs.h"
#include "crs_parts.h"

#include <demgrad/raster.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Steps of the numerical derivatives, as shares of the ellipsoid's radius: from 640 m on Earth down
 * to 0.6 m where the projection bends or breaks nearby. */
static const double FIRST_STEP = 1e-4;
static const double LAST_STEP = 1e-7;
/* How far two derivatives of different order may disagree. The better one's own error is then about
 * the square of this. */
static const double AGREEMENT = 1e-5;

struct dg_projection {
    dg_crs_parts parts;
    PJ *forward;   /* the base CRS -> the map's, axes as they have them */
    PJ *cartesian; /* longitude and latitude in radians -> geocentric metres */
    double unit_rad;
    double radius_m, polar_radius_m;
    bool is_ocentric; /* latitudes of `forward` are at the ellipsoid's centre */
};

typedef struct point {
    double x, y;
} point;

typedef struct vector {
    double x, y, z;
} vector;

static PJ *create_cartesian(PJ_CONTEXT *context, const dg_crs_facts *facts) {
    char text[128];
    snprintf(text, sizeof text, "+proj=cart +a=%.17g +b=%.17g", facts->semi_major_m,
             facts->semi_minor_m);
    return proj_create(context, text);
}

demgrad_status dg_crs_parts_project(dg_crs_parts *parts, dg_projection **projection,
                                    demgrad_error *error) {
    dg_projection *p = calloc(1, sizeof *p);
    if (!p) {
        dg_crs_parts_close(parts);
        return dg_fail_memory(error, "the projection");
    }
    p->parts = *parts;
    dg_crs_facts facts;
    const demgrad_status status = dg_crs_parts_facts(parts, &facts, error);
    if (status) {
        dg_projection_destroy(p);
        return status;
    }
    p->unit_rad = facts.angular_unit_rad;
    p->radius_m = facts.semi_major_m;
    p->polar_radius_m = facts.semi_minor_m;
    p->is_ocentric = facts.is_ocentric;
    p->forward = proj_create_crs_to_crs_from_pj(p->parts.context, p->parts.base,
                                                p->parts.horizontal, NULL, NULL);
    p->cartesian = create_cartesian(p->parts.context, &facts);
    if (!p->forward || !p->cartesian) {
        dg_projection_destroy(p);
        return dg_fail(error, DEMGRAD_UNSUPPORTED,
                       "PROJ has no projection for the CRS \"%s\"; give another one with --crs",
                       facts.name);
    }
    *projection = p;
    return DEMGRAD_OK;
}

demgrad_status dg_projection_create(const char *text, dg_projection **projection,
                                    demgrad_error *error) {
    dg_crs_parts parts;
    const demgrad_status status = dg_crs_parts_open(text, &parts, error);
    return status ? status : dg_crs_parts_project(&parts, projection, error);
}

const char *demgrad_proj_version(void) {
    return proj_info().version;
}

void dg_projection_destroy(dg_projection *projection) {
    if (!projection)
        return;
    proj_destroy(projection->forward);
    proj_destroy(projection->cartesian);
    dg_crs_parts_close(&projection->parts);
    free(projection);
}

static bool is_finite_point(point p) {
    return isfinite(p.x) && isfinite(p.y);
}

/* Coordinates in the order and the ways of a CRS's axes, from eastward and northward ones. */
static PJ_COORD to_axes(const dg_axis_use use[2], double east, double north) {
    PJ_COORD at = proj_coord(0, 0, 0, 0);
    at.v[use[0].index] = use[0].sign * east;
    at.v[use[1].index] = use[1].sign * north;
    return at;
}

static point from_axes(const dg_axis_use use[2], PJ_COORD at) {
    return (point){use[0].sign * at.v[use[0].index], use[1].sign * at.v[use[1].index]};
}

/* Easting and northing of an east longitude and a geodetic latitude in radians. */
static point to_map(dg_projection *p, double longitude, double latitude) {
    if (p->is_ocentric)
        latitude = dg_latitude_to_ocentric(latitude, p->radius_m, p->polar_radius_m);
    const PJ_COORD at =
        to_axes(p->parts.geographic, longitude / p->unit_rad, latitude / p->unit_rad);
    return from_axes(p->parts.compass, proj_trans(p->forward, PJ_FWD, at));
}

/* The other way round; not finite outside the domain. */
static void to_geographic(dg_projection *p, point map, double *longitude, double *latitude) {
    const PJ_COORD at = to_axes(p->parts.compass, map.x, map.y);
    const point degrees = from_axes(p->parts.geographic, proj_trans(p->forward, PJ_INV, at));
    *longitude = degrees.x * p->unit_rad;
    *latitude = degrees.y * p->unit_rad;
    if (p->is_ocentric)
        *latitude = dg_latitude_from_ocentric(*latitude, p->radius_m, p->polar_radius_m);
}

/* Map coordinates of the foot point of start + step * direction on the ellipsoid. */
static point to_map_along(dg_projection *p, vector start, vector direction, double step) {
    const PJ_COORD at = proj_coord(start.x + step * direction.x, start.y + step * direction.y,
                                   start.z + step * direction.z, 0);
    const PJ_COORD lonlat = proj_trans(p->cartesian, PJ_INV, at);
    return to_map(p, lonlat.lp.lam, lonlat.lp.phi);
}

static bool agree(point rough, point fine) {
    const double difference = hypot(rough.x - fine.x, rough.y - fine.y);
    return is_finite_point(fine) && difference <= AGREEMENT * hypot(fine.x, fine.y);
}

/* Central differences of second and fourth order. */
static bool central_derivative(dg_projection *p, vector start, vector direction, double step,
                               point *derivative) {
    const point a = to_map_along(p, start, direction, -2 * step);
    const point b = to_map_along(p, start, direction, -step);
    const point c = to_map_along(p, start, direction, step);
    const point d = to_map_along(p, start, direction, 2 * step);
    const point second = {(c.x - b.x) / (2 * step), (c.y - b.y) / (2 * step)};
    *derivative = (point){(8 * (c.x - b.x) - (d.x - a.x)) / (12 * step),
                          (8 * (c.y - b.y) - (d.y - a.y)) / (12 * step)};
    return agree(second, *derivative);
}

/* One-sided differences of second and third order, for points on the very edge of the domain; a
 * negative step goes the other way. */
static bool one_sided_derivative(dg_projection *p, vector start, vector direction, double step,
                                 point *derivative) {
    const point a = to_map_along(p, start, direction, 0);
    const point b = to_map_along(p, start, direction, step);
    const point c = to_map_along(p, start, direction, 2 * step);
    const point d = to_map_along(p, start, direction, 3 * step);
    const point second = {(-3 * a.x + 4 * b.x - c.x) / (2 * step),
                          (-3 * a.y + 4 * b.y - c.y) / (2 * step)};
    *derivative = (point){(-11 * a.x + 18 * b.x - 9 * c.x + 2 * d.x) / (6 * step),
                          (-11 * a.y + 18 * b.y - 9 * c.y + 2 * d.y) / (6 * step)};
    return agree(second, *derivative);
}

/* The change of map coordinates per metre along a unit direction tangent to the ellipsoid. */
static bool derive(dg_projection *p, vector start, vector direction, point *derivative) {
    for (double share = FIRST_STEP; share >= LAST_STEP; share /= 8) {
        if (central_derivative(p, start, direction, share * p->radius_m, derivative))
            return true;
    }
    const double step = 8 * LAST_STEP * p->radius_m;
    return one_sided_derivative(p, start, direction, step, derivative) ||
           one_sided_derivative(p, start, direction, -step, derivative);
}

bool dg_projection_jacobian(dg_projection *projection, double x, double y, double tolerance,
                            double *latitude, double jacobian[4]) {
    double lam, phi;
    to_geographic(projection, (point){x, y}, &lam, &phi);
    if (!isfinite(lam) || !isfinite(phi))
        return false;
    const point back = to_map(projection, lam, phi);
    if (!(hypot(back.x - x, back.y - y) <= tolerance))
        return false;
    const PJ_COORD at = proj_trans(projection->cartesian, PJ_FWD, proj_coord(lam, phi, 0, 0));
    const vector start = {at.xyz.x, at.xyz.y, at.xyz.z};
    const vector east = {-sin(lam), cos(lam), 0};
    const vector north = {-sin(phi) * cos(lam), -sin(phi) * sin(lam), cos(phi)};
    point per_east, per_north;
    if (!derive(projection, start, east, &per_east) ||
        !derive(projection, start, north, &per_north))
        return false;
    *latitude = phi;
    jacobian[0] = per_east.x;
    jacobian[1] = per_north.x;
    jacobian[2] = per_east.y;
    jacobian[3] = per_north.y;
    return true;
}
