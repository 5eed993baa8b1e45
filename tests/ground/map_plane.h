/* From a CRS's map plane to the ground. PROJ is asked for longitudes and latitudes only. */
#ifndef TESTS_MAP_PLANE_H
#define TESTS_MAP_PLANE_H

#include <stdbool.h>

#include "vector3.h"

struct map_plane;

struct ground_point {
    double lat_rad;
    struct vector3 position; /**< geocentric, metres */
    struct vector3 east, north, up;
};

/** Opens a CRS (a code, a PROJ or WKT string, or a *.wkt file); on failure says why on stderr. */
struct map_plane *map_plane_open(const char *crs);
void map_plane_close(struct map_plane *map);

/** Map units of a place given in degrees on the CRS's own datum and prime meridian. */
bool map_plane_forward(const struct map_plane *map, const double lonlat_deg[2], double xy[2]);

/** The ground below map point (x, y); false where the projection has none there. */
bool map_plane_ground(const struct map_plane *map, double x, double y, struct ground_point *out);

/** Metres travelled per map unit along the first and the second axis. */
bool map_plane_tangents(const struct map_plane *map, double x, double y, struct vector3 tangent[2]);

/** Which way northing rises where easting stays, of these two tangents. */
struct vector3 map_plane_northing(const struct map_plane *map, const struct vector3 tangent[2]);

#endif
