#include "map_plane.h"

#include <proj.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct map_plane {
    PJ_CONTEXT *context;
    PJ *to_lonlat;     /* NULL for a geographic CRS, which needs no projection */
    double lonlat_rad; /* radians per unit of longitude and latitude */
    double reach;      /* map units that span about the ellipsoid's semi-major axis */
    int lon_at;        /* which of the two numbers that PROJ gives is the longitude */
    double lon_sign;   /* -1 where it counts westwards, as on some planets */
    int northing_at;   /* along which axis of the map northing is */
    double northing_sign;
    double a, e2;
};

/* The two-dimensional CRS that the geotransform refers to, without height and datum shift. */
static PJ *horizontal(PJ_CONTEXT *context, PJ *crs) {
    for (;;) {
        PJ *inner;
        switch (proj_get_type(crs)) {
        case PJ_TYPE_BOUND_CRS:
            inner = proj_get_source_crs(context, crs);
            break;
        case PJ_TYPE_COMPOUND_CRS:
            inner = proj_crs_get_sub_crs(context, crs, 0);
            break;
        default:
            return crs;
        }
        proj_destroy(crs);
        if (!inner) {
            return NULL;
        }
        crs = inner;
    }
}

static bool is_geographic(const PJ *crs) {
    PJ_TYPE type = proj_get_type(crs);
    return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

/* The geographic CRS of the same datum below a CRS, or the CRS itself where it is that one. */
static PJ *base_geographic(PJ_CONTEXT *context, const PJ *crs) {
    PJ *base =
        is_geographic(crs) ? proj_clone(context, crs) : proj_crs_get_geodetic_crs(context, crs);
    while (base && is_geographic(base)) {
        PJ *below = proj_get_source_crs(context, base);
        if (!below) {
            break; /* not derived from another */
        }
        proj_destroy(base);
        base = below;
    }
    return base;
}

/* SI units (metres or radians) per unit of the CRS's first axis; 0 when there is none. */
static double axis_unit(PJ_CONTEXT *context, const PJ *crs) {
    double factor = 0;
    PJ *system = proj_crs_get_coordinate_system(context, crs);
    if (system) {
        proj_cs_get_axis_info(context, system, 0, NULL, NULL, NULL, &factor, NULL, NULL, NULL);
        proj_destroy(system);
    }
    return factor;
}

/* PROJ normalises a pair of north and east to east and north, and leaves other pairs alone. */
static bool read_lonlat_axes(struct map_plane *map, const PJ *base) {
    const char *direction[2] = {"", ""};
    PJ *system = proj_crs_get_coordinate_system(map->context, base);
    for (int i = 0; system && i < 2; i++) {
        proj_cs_get_axis_info(map->context, system, i, NULL, NULL, &direction[i], &map->lonlat_rad,
                              NULL, NULL, NULL);
    }
    const bool east = strcmp(direction[0], "east") == 0 || strcmp(direction[1], "east") == 0;
    map->lon_sign = east ? 1 : -1;
    map->lon_at = strcmp(direction[1], "west") == 0 ? 1 : 0;
    proj_destroy(system);
    return is_geographic(base) && map->lonlat_rad > 0;
}

/* Northing is the axis that counts north or south beside one that counts east or west; the second one
 * where both run along meridians, as on polar maps. */
static void read_northing(struct map_plane *map, const PJ *crs) {
    const char *direction[2] = {"", ""};
    PJ *system = proj_crs_get_coordinate_system(map->context, crs);
    for (int i = 0; system && i < 2; i++) {
        proj_cs_get_axis_info(map->context, system, i, NULL, NULL, &direction[i], NULL, NULL, NULL,
                              NULL);
    }
    const bool west = strcmp(direction[1], "west") == 0, east = strcmp(direction[1], "east") == 0;
    const bool south_east = east && strcmp(direction[0], "south") == 0;
    map->northing_at = !is_geographic(crs) && (west || south_east) ? 0 : 1;
    const char *other = direction[1 - map->northing_at];
    const bool across = strcmp(other, "west") == 0 || strcmp(other, "east") == 0;
    map->northing_sign = across && strcmp(direction[map->northing_at], "south") == 0 ? -1 : 1;
    proj_destroy(system);
}

static bool read_ellipsoid(struct map_plane *map, const PJ *crs) {
    double b = 0;
    PJ *ellipsoid = proj_get_ellipsoid(map->context, crs);
    bool known = ellipsoid &&
                 proj_ellipsoid_get_parameters(map->context, ellipsoid, &map->a, &b, NULL, NULL);
    proj_destroy(ellipsoid);
    map->e2 = known ? (map->a - b) * (map->a + b) / (map->a * map->a) : 0;
    return known;
}

/* Sets up the way from CRS to base; which may be one and the same. */
static bool connect(struct map_plane *map, const PJ *crs, const PJ *base) {
    double unit = axis_unit(map->context, crs);
    read_northing(map, crs);
    map->reach = is_geographic(crs) ? 1 / unit : map->a / unit;
    if (!read_lonlat_axes(map, base) || unit <= 0) {
        return false;
    }
    if (proj_is_equivalent_to(crs, base, PJ_COMP_STRICT)) {
        return true;
    }
    PJ *as_defined = proj_create_crs_to_crs_from_pj(map->context, crs, base, NULL, NULL);
    if (as_defined) {
        map->to_lonlat = proj_normalize_for_visualization(map->context, as_defined);
        proj_destroy(as_defined);
    }
    return map->to_lonlat != NULL;
}

static bool read_text(const char *crs, char *text, size_t size) {
    const char *ending = strrchr(crs, '.');
    if (!ending || strcmp(ending, ".wkt") != 0) {
        snprintf(text, size, "%s%s", crs,
                 strncmp(crs, "+proj", 5) == 0 && !strstr(crs, "+type=crs") ? " +type=crs" : "");
        return true;
    }
    FILE *file = fopen(crs, "r");
    if (!file) {
        return false;
    }
    size_t length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    fclose(file);
    return length > 0;
}

struct map_plane *map_plane_open(const char *definition) {
    char text[8192];
    struct map_plane *map = calloc(1, sizeof *map);
    if (!map || !read_text(definition, text, sizeof text)) {
        fprintf(stderr, "%s: cannot be read\n", definition);
        free(map);
        return NULL;
    }
    map->context = proj_context_create();
    proj_log_level(map->context, PJ_LOG_NONE);
    PJ *crs = proj_create(map->context, text);
    crs = crs ? horizontal(map->context, crs) : NULL;
    PJ *base = crs ? base_geographic(map->context, crs) : NULL;
    bool ready = base && read_ellipsoid(map, crs) && connect(map, crs, base);
    proj_destroy(base);
    proj_destroy(crs);
    if (!ready) {
        fprintf(stderr, "%s: PROJ has no way from it to longitude and latitude\n", definition);
        map_plane_close(map);
        return NULL;
    }
    return map;
}

void map_plane_close(struct map_plane *map) {
    if (map) {
        proj_destroy(map->to_lonlat);
        proj_context_destroy(map->context);
        free(map);
    }
}

/* Map coordinates of a longitude and latitude in radians; HUGE_VAL off the map. */
static PJ_COORD forward(const struct map_plane *map, const double lonlat[2]) {
    PJ_COORD at = proj_coord(0, 0, 0, 0);
    at.v[map->lon_at] = map->lon_sign * lonlat[0] / map->lonlat_rad;
    at.v[1 - map->lon_at] = lonlat[1] / map->lonlat_rad;
    return map->to_lonlat ? proj_trans(map->to_lonlat, PJ_INV, at) : at;
}

/* Metres per radian of longitude and of latitude. */
static void radii(const struct map_plane *map, double lat, double *parallel, double *meridian) {
    const double w2 = 1 - map->e2 * sin(lat) * sin(lat);
    const double n = map->a / sqrt(w2);
    *parallel = n * cos(lat);
    *meridian = n * (1 - map->e2) / w2;
}

/* One Newton step towards the place that projects `off` map units further on. */
static bool newton_step(const struct map_plane *map, const double off[2], double lonlat[2]) {
    double parallel, meridian, change[2][2];
    radii(map, lonlat[1], &parallel, &meridian);
    const double step = fmin(1e-5 * map->a, 0.01 * parallel);
    const double move[2] = {step / parallel, step / meridian};
    for (int i = 0; i < 2; i++) {
        double low[2] = {lonlat[0], lonlat[1]}, high[2] = {lonlat[0], lonlat[1]};
        low[i] -= move[i];
        high[i] += move[i];
        const PJ_COORD from = forward(map, low), to = forward(map, high);
        change[i][0] = (to.xy.x - from.xy.x) / 2;
        change[i][1] = (to.xy.y - from.xy.y) / 2;
    }
    const double det = change[0][0] * change[1][1] - change[0][1] * change[1][0];
    const double by_lon = (off[0] * change[1][1] - off[1] * change[1][0]) / det;
    const double by_lat = (off[1] * change[0][0] - off[0] * change[0][1]) / det;
    if (!(fabs(by_lon) < 1 && fabs(by_lat) < 1)) {
        return false;
    }
    lonlat[0] += by_lon * move[0];
    lonlat[1] += by_lat * move[1];
    return true;
}

/* The forward projection defines the map. Some inverses only come near it: on a sphere, by
 * centimetres around the pole of an azimuthal map, where the arc sine has lost half its digits. */
static void polish(const struct map_plane *map, double x, double y, double lonlat[2]) {
    const double far = 1e-6 * map->reach, near = 1e-13 * map->reach;
    for (int i = 0; i < 3; i++) {
        const PJ_COORD at = forward(map, lonlat);
        const double off[2] = {x - at.xy.x, y - at.xy.y};
        const double distance = hypot(off[0], off[1]);
        if (!(distance > near && distance < far) || !newton_step(map, off, lonlat)) {
            return;
        }
    }
}

/* Longitude and latitude in radians, in the projection's own domain or beyond it. */
static bool inverse(const struct map_plane *map, double x, double y, double lonlat[2]) {
    PJ_COORD at = proj_coord(x, y, 0, 0);
    if (map->to_lonlat) {
        at = proj_trans(map->to_lonlat, PJ_FWD, at);
    }
    lonlat[0] = map->lon_sign * at.v[map->lon_at] * map->lonlat_rad;
    lonlat[1] = at.v[1 - map->lon_at] * map->lonlat_rad;
    if (!isfinite(lonlat[0]) || !isfinite(lonlat[1])) {
        return false;
    }
    if (map->to_lonlat) {
        polish(map, x, y, lonlat);
    }
    return true;
}

bool map_plane_forward(const struct map_plane *map, const double lonlat_deg[2], double xy[2]) {
    const double degree = acos(-1.0) / 180;
    const double lonlat[2] = {lonlat_deg[0] * degree, lonlat_deg[1] * degree};
    const PJ_COORD at = forward(map, lonlat);
    xy[0] = at.xy.x;
    xy[1] = at.xy.y;
    return isfinite(xy[0]) && isfinite(xy[1]);
}

static void place(const struct map_plane *map, const double lonlat[2], struct ground_point *out) {
    const double sin_lon = sin(lonlat[0]), cos_lon = cos(lonlat[0]);
    const double sin_lat = sin(lonlat[1]), cos_lat = cos(lonlat[1]);
    const double n = map->a / sqrt(1 - map->e2 * sin_lat * sin_lat);

    out->lat_rad = lonlat[1];
    out->position =
        (struct vector3){n * cos_lat * cos_lon, n * cos_lat * sin_lon, n * (1 - map->e2) * sin_lat};
    out->east = (struct vector3){-sin_lon, cos_lon, 0};
    out->north = (struct vector3){-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat};
    out->up = (struct vector3){cos_lat * cos_lon, cos_lat * sin_lon, sin_lat};
}

/* An inverse may answer beyond the edge of the map with a place that belongs elsewhere on it. */
static bool comes_back(const struct map_plane *map, const double lonlat[2], double x, double y) {
    if (!map->to_lonlat) {
        return fabs(lonlat[1]) <= acos(0.0) * (1 + 1e-14);
    }
    const PJ_COORD back = forward(map, lonlat);
    return hypot(back.xy.x - x, back.xy.y - y) < 1e-6 * map->reach;
}

bool map_plane_ground(const struct map_plane *map, double x, double y, struct ground_point *out) {
    double lonlat[2];
    if (!inverse(map, x, y, lonlat) || !comes_back(map, lonlat, x, y)) {
        return false;
    }
    place(map, lonlat, out);
    return true;
}

/* Fourth-order central difference of the position along one axis, with steps h and 2h. */
static bool difference(const struct map_plane *map, const double at[2], int axis, double h,
                       struct vector3 *out) {
    static const double weight[4] = {1, -8, 8, -1};
    static const double offset[4] = {-2, -1, 1, 2};
    struct vector3 sum = {0, 0, 0};
    for (int i = 0; i < 4; i++) {
        double xy[2] = {at[0], at[1]}, lonlat[2];
        struct ground_point point;
        xy[axis] += offset[i] * h;
        if (!inverse(map, xy[0], xy[1], lonlat)) {
            return false;
        }
        place(map, lonlat, &point);
        sum = vector3_add(sum, weight[i], point.position);
    }
    *out = vector3_scale(1 / (12 * h), sum);
    return true;
}

/* A long step truncates, a short one rounds, and either may reach over the edge of the map: of
 * a ladder of steps, take the one that agrees best with the step before it. */
static bool tangent_along(const struct map_plane *map, const double at[2], int axis,
                          struct vector3 *out) {
    double best = HUGE_VAL, h = 1e-3 * map->reach;
    struct vector3 now, before = {0, 0, 0};
    bool have_before = false;
    for (int rung = 0; rung < 10 && best > 1e-12; rung++, h /= 4) {
        if (!difference(map, at, axis, h, &now)) {
            have_before = false;
            continue;
        }
        double change = vector3_length(vector3_add(now, -1, before)) / vector3_length(now);
        if (have_before && change < best) {
            best = change;
            *out = now;
        }
        before = now;
        have_before = true;
    }
    return best < 1e-6;
}

/* Closed form: along the parallel and along the meridian. */
static void geographic_tangents(const struct map_plane *map, const double lonlat[2],
                                struct vector3 tangent[2]) {
    struct ground_point point;
    place(map, lonlat, &point);
    double parallel, meridian;
    radii(map, lonlat[1], &parallel, &meridian);
    tangent[0] = vector3_scale(map->lon_sign * parallel * map->lonlat_rad, point.east);
    tangent[1] = vector3_scale(meridian * map->lonlat_rad, point.north);
}

bool map_plane_tangents(const struct map_plane *map, double x, double y,
                        struct vector3 tangent[2]) {
    const double at[2] = {x, y};
    if (!map->to_lonlat) {
        double lonlat[2];
        inverse(map, x, y, lonlat);
        geographic_tangents(map, lonlat, tangent);
        return true;
    }
    return tangent_along(map, at, 0, &tangent[0]) && tangent_along(map, at, 1, &tangent[1]);
}

struct vector3 map_plane_northing(const struct map_plane *map, const struct vector3 tangent[2]) {
    return vector3_scale(map->northing_sign, tangent[map->northing_at]);
}
