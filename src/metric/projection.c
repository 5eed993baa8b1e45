#include "projection.h"

#include "angle.h"
#include "crs_describe.h"
#include "crs_parts.h"
#include "derivative.h"
#include "latitude.h"
#include "text.h"

#include <demgrad/raster.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Steps of the numerical derivatives, as shares of the ellipsoid's radius: from 640 m on Earth down
 * to 0.6 m where the projection bends or breaks nearby. */
static const double FIRST_STEP = 1e-4;
static const double LAST_STEP = 1e-7;
/* The least step on the map, as a share of the first one. */
static const double LAST_MAP_STEP = 1e-6;

struct dg_projection {
    dg_crs_parts parts;
    PJ *forward;   /* the base CRS -> the map's, axes as they have them */
    PJ *cartesian; /* longitude and latitude in radians -> geocentric metres */
    double unit_rad;
    double radius_m, polar_radius_m;
    bool is_ocentric; /* latitudes of `forward` are at the ellipsoid's centre */
    double turn; /* of a cylinder: map units from a meridian to itself once more; of others 0 */
};

typedef struct point {
    double x, y;
} point;

static PJ *create_cartesian(PJ_CONTEXT *context, const dg_crs_facts *facts) {
    char a[32], b[32], text[128]; /* with points in any locale */
    dg_text_number(a, sizeof a, facts->semi_major_m, 17, false);
    dg_text_number(b, sizeof b, facts->semi_minor_m, 17, false);
    snprintf(text, sizeof text, "+proj=cart +a=%s +b=%s", a, b);
    return proj_create(context, text);
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

/* In its normal aspect meridians are parallel lines, evenly apart, and parallels are lines across them. */
static double find_turn(dg_projection *p) {
    enum { LAT = 60, LON = 15 };
    const double from = 28.6 * DG_RADIANS_PER_DEGREE,
                 slack = 1e-9; /* where no map is cut, as a rule */
    const point start = to_map(p, from, 0);
    const double turn = 360 * (to_map(p, from + DG_RADIANS_PER_DEGREE, 0).x - start.x);
    for (int lat = -LAT; lat <= LAT && turn > 0; lat += LAT) {
        const point first = to_map(p, from, lat * DG_RADIANS_PER_DEGREE);
        for (int lon = -180; lon < 180; lon += LON) {
            const point at = to_map(p, lon * DG_RADIANS_PER_DEGREE, lat * DG_RADIANS_PER_DEGREE);
            const double turns = (at.x - start.x) / turn - (lon * DG_RADIANS_PER_DEGREE - from) /
                                                               (360 * DG_RADIANS_PER_DEGREE);
            if (!(fabs(turns - round(turns)) < slack && fabs(at.y - first.y) < slack * turn))
                return 0;
        }
    }
    return turn > 0 && isfinite(turn) ? turn : 0;
}

demgrad_status dg_projection_open(dg_crs_parts *parts, dg_projection **projection,
                                  demgrad_error *error) {
    dg_projection *p = calloc(1, sizeof *p);
    if (!p) {
        dg_crs_parts_close(parts);
        return dg_fail_memory(error, "the projection");
    }
    p->parts = *parts;
    dg_crs_facts facts;
    const demgrad_status status = dg_crs_describe(parts, &facts, error);
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
    p->turn = find_turn(p);
    *projection = p;
    return DEMGRAD_OK;
}

demgrad_status dg_projection_create(const char *text, dg_projection **projection,
                                    demgrad_error *error) {
    dg_crs_parts parts;
    const demgrad_status status = dg_crs_parts_open(text, &parts, error);
    return status ? status : dg_projection_open(&parts, projection, error);
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

bool dg_projection_bounds(dg_projection *projection, double min[2], double max[2]) {
    enum { STEP = 5, LEAST = 100 };
    int images = 0;
    min[0] = min[1] = (double)INFINITY;
    max[0] = max[1] = -(double)INFINITY;
    for (int lat = -90; lat <= 90; lat += STEP) {
        for (int lon = -180; lon < 180; lon += STEP) {
            const point map =
                to_map(projection, lon * DG_RADIANS_PER_DEGREE, lat * DG_RADIANS_PER_DEGREE);
            if (!is_finite_point(map))
                continue;
            images++;
            min[0] = fmin(min[0], map.x);
            min[1] = fmin(min[1], map.y);
            max[0] = fmax(max[0], map.x);
            max[1] = fmax(max[1], map.y);
        }
    }
    min[0] -= projection->turn;
    max[0] += projection->turn;
    const double most = 1e30; /* of a map that goes on without end */
    return images >= LEAST && max[0] - min[0] < most && max[1] - min[1] < most;
}

/* A place on the ellipsoid. */
typedef struct place {
    double lam, phi;
    dg_vector start;       /* geocentric */
    dg_vector east, north; /* unit tangents */
} place;

static dg_vector to_geocentric(dg_projection *p, double lam, double phi) {
    const PJ_COORD at = proj_trans(p->cartesian, PJ_FWD, proj_coord(lam, phi, 0, 0));
    return (dg_vector){at.xyz.x, at.xyz.y, at.xyz.z};
}

/* False where (x, y) has none that leads back. */
static bool find_place(dg_projection *p, point map, double tolerance, place *at) {
    to_geographic(p, map, &at->lam, &at->phi);
    if (!isfinite(at->lam) || !isfinite(at->phi))
        return false;
    const point back = to_map(p, at->lam, at->phi);
    if (!(hypot(back.x - map.x, back.y - map.y) <= tolerance))
        return false;
    at->start = to_geocentric(p, at->lam, at->phi);
    at->east = (dg_vector){-sin(at->lam), cos(at->lam), 0};
    at->north =
        (dg_vector){-sin(at->phi) * cos(at->lam), -sin(at->phi) * sin(at->lam), cos(at->phi)};
    return true;
}

/* A straight line, on the ground or on the map. */
typedef struct line {
    dg_projection *projection;
    dg_vector start, direction;
} line;

static dg_vector point_of(const line *l, double at) {
    return (dg_vector){l->start.x + at * l->direction.x, l->start.y + at * l->direction.y,
                       l->start.z + at * l->direction.z};
}

/* A dg_curve: the map coordinates of the foot point, on the ellipsoid, of a point of the line. */
static dg_vector foot_on_map(void *context, double metres) {
    const line *l = context;
    const dg_vector at = point_of(l, metres);
    const PJ_COORD foot =
        proj_trans(l->projection->cartesian, PJ_INV, proj_coord(at.x, at.y, at.z, 0));
    const point map = to_map(l->projection, foot.lp.lam, foot.lp.phi);
    return (dg_vector){map.x, map.y, 0};
}

/* A line on the map, and the place on the ground that it starts from. */
typedef struct map_line {
    line line;
    const place *from;
} map_line;

/* A dg_curve: metres to the east and to the north along the place's tangents. */
static dg_vector tangents_of_map(void *context, double units) {
    const map_line *l = context;
    const dg_vector on_map = point_of(&l->line, units), start = l->from->start;
    double lam, phi;
    to_geographic(l->line.projection, (point){on_map.x, on_map.y}, &lam, &phi);
    const dg_vector at = to_geocentric(l->line.projection, lam, phi);
    const dg_vector way = {at.x - start.x, at.y - start.y, at.z - start.z};
    return (dg_vector){dg_dot(way, l->from->east), dg_dot(way, l->from->north), 0};
}

/* The same, also further round a cylinder, whose map PROJ ends half a turn from the middle; `map` is
 * then turned back. */
static bool find_place_round(dg_projection *p, double tolerance, point *map, place *at) {
    if (find_place(p, *map, tolerance, at))
        return true;
    for (int turns = -1; turns <= 1 && p->turn > 0; turns += 2) {
        const point turned = {map->x + turns * p->turn, map->y};
        if (find_place(p, turned, tolerance, at)) {
            *map = turned;
            return true;
        }
    }
    return false;
}

/* By the change of map coordinates per metre along the tangents. */
static bool derive_on_ground(dg_projection *p, const place *at, double jacobian[4]) {
    const dg_steps steps = {FIRST_STEP * p->radius_m, LAST_STEP * p->radius_m, 1e-5};
    line east = {p, at->start, at->east}, north = {p, at->start, at->north};
    dg_vector per_east, per_north;
    if (!dg_derive(foot_on_map, &east, &steps, &per_east) ||
        !dg_derive(foot_on_map, &north, &steps, &per_north))
        return false;
    jacobian[0] = per_east.x;
    jacobian[1] = per_north.x;
    jacobian[2] = per_east.y;
    jacobian[3] = per_north.y;
    return true;
}

/* By the change of place per map unit: smooth where one place is drawn out over much of the map, as
 * the antipodes are around the limit of an azimuthal equidistant one. `step` is in map units. */
static bool derive_on_map(dg_projection *p, const place *at, point map, double step,
                          double jacobian[4]) {
    const dg_steps steps = {step, LAST_MAP_STEP * step, 1e-4};
    map_line along_x = {{p, {map.x, map.y, 0}, {1, 0, 0}}, at};
    map_line along_y = {{p, {map.x, map.y, 0}, {0, 1, 0}}, at};
    dg_vector per_x, per_y;
    if (!dg_derive(tangents_of_map, &along_x, &steps, &per_x) ||
        !dg_derive(tangents_of_map, &along_y, &steps, &per_y))
        return false;
    const double a = per_x.x, b = per_y.x, c = per_x.y, d = per_y.y;
    const double determinant = a * d - b * c;
    jacobian[0] = d / determinant;
    jacobian[1] = -b / determinant;
    jacobian[2] = -c / determinant;
    jacobian[3] = a / determinant;
    return isfinite(jacobian[0] + jacobian[1] + jacobian[2] + jacobian[3]);
}

bool dg_projection_jacobian(dg_projection *projection, double x, double y, double tolerance,
                            double *latitude, double jacobian[4]) {
    point map = {x, y};
    place at;
    if (!find_place_round(projection, tolerance, &map, &at))
        return false;
    *latitude = at.phi;
    return derive_on_ground(projection, &at, jacobian) ||
           derive_on_map(projection, &at, map, 10 * tolerance, jacobian);
}
