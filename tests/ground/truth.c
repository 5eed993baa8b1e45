#include "truth.h"

#include <stdio.h>

static const double height = 500, phase = 0.4, steepest = 0.1, wave_px = 2000;

static void pixel_centre(const struct truth *t, double col, double row, double xy[2]) {
    xy[0] = t->gt[0] + (col + 0.5) * t->gt[1] + (row + 0.5) * t->gt[2];
    xy[1] = t->gt[3] + (col + 0.5) * t->gt[4] + (row + 0.5) * t->gt[5];
}

/* Metres travelled from one column and one row to the next. */
static bool pixel_steps(const struct truth *t, double col, double row, struct vector3 tangent[2],
                        struct vector3 step[2]) {
    double xy[2];
    pixel_centre(t, col, row, xy);
    if (!map_plane_tangents(t->map, xy[0], xy[1], tangent)) {
        return false;
    }
    step[0] = vector3_add(vector3_scale(t->gt[1], tangent[0]), t->gt[4], tangent[1]);
    step[1] = vector3_add(vector3_scale(t->gt[2], tangent[0]), t->gt[5], tangent[1]);
    return true;
}

/* The longest pixel diagonal, in metres, of a few pixels spread over the raster. Some maps shear
 * their pixels, and the inverse of a sheared pixel magnifies what the differences are short by. */
static double longest_diagonal(const struct truth *t) {
    enum { SPREAD = 4 };
    double longest = 0;
    for (int i = 0; i <= SPREAD * SPREAD + 2 * SPREAD; i++) {
        int col = (t->spec.cols - 1) * (i % (SPREAD + 1)) / SPREAD;
        int row = (t->spec.rows - 1) * (i / (SPREAD + 1)) / SPREAD;
        struct ground_point ground;
        struct vector3 tangent[2], step[2];
        if (truth_ground(t, col, row, &ground) && pixel_steps(t, col, row, tangent, step)) {
            longest = fmax(longest, vector3_length(vector3_add(step[0], 1, step[1])));
            longest = fmax(longest, vector3_length(vector3_add(step[0], -1, step[1])));
        }
    }
    return longest;
}

/* Points the wave more across one axis than the other, and a little upwards: (0.8, 0.48, 0.36) is a
 * unit vector. */
static bool set_wave(struct truth *t, const struct ground_point *centre) {
    double wavelength = wave_px * longest_diagonal(t);
    if (!(wavelength > 0)) {
        return false;
    }
    double k = 2 * acos(-1.0) / wavelength;
    t->origin = centre->position;
    t->k = vector3_scale(0.80 * k, centre->east);
    t->k = vector3_add(t->k, 0.48 * k, centre->north);
    t->k = vector3_add(t->k, 0.36 * k, centre->up);
    t->amplitude = steepest / k;
    return true;
}

static bool set_place(struct truth *t) {
    double xy[2] = {t->spec.centre[0], t->spec.centre[1]};
    if (t->spec.centre_is_lonlat && !map_plane_forward(t->map, t->spec.centre, xy)) {
        return false;
    }
    ground_case_geotransform(&t->spec, xy, t->gt);
    struct ground_point centre;
    return map_plane_ground(t->map, xy[0], xy[1], &centre) && set_wave(t, &centre);
}

bool truth_open(struct truth *t, const char *line) {
    *t = (struct truth){.map = NULL};
    if (!ground_case_parse(line, &t->spec)) {
        return false;
    }
    t->map = map_plane_open(t->spec.crs);
    if (t->map && !set_place(t)) {
        fprintf(stderr, "%s: the raster's centre is not on the map\n", t->spec.name);
        truth_close(t);
    }
    return t->map != NULL;
}

void truth_close(struct truth *t) {
    map_plane_close(t->map);
    t->map = NULL;
}

bool truth_ground(const struct truth *t, int col, int row, struct ground_point *out) {
    double xy[2];
    pixel_centre(t, col, row, xy);
    return map_plane_ground(t->map, xy[0], xy[1], out);
}

double truth_elevation(const struct truth *t, struct vector3 position) {
    struct vector3 moved = vector3_add(position, -1, t->origin);
    return height + t->amplitude * sin(vector3_dot(t->k, moved) + phase);
}

bool truth_axes(const struct truth *t, int col, int row, const struct ground_point *at,
                enum truth_frame frame, struct vector3 axis[2], struct vector3 step[2]) {
    struct vector3 tangent[2];
    if (!pixel_steps(t, col, row, tangent, step)) {
        return false;
    }
    if (frame == TRUTH_TRUE) {
        axis[0] = at->east;
        axis[1] = at->north;
        return true;
    }
    const struct vector3 northing = map_plane_northing(t->map, tangent);
    axis[1] = vector3_scale(1 / vector3_length(northing), northing);
    axis[0] = vector3_cross(axis[1], at->up);
    return true;
}

void truth_gradient(const struct truth *t, struct vector3 position, const struct vector3 axis[2],
                    double gradient[2]) {
    struct vector3 moved = vector3_add(position, -1, t->origin);
    double slope = t->amplitude * cos(vector3_dot(t->k, moved) + phase);
    gradient[0] = slope * vector3_dot(t->k, axis[0]);
    gradient[1] = slope * vector3_dot(t->k, axis[1]);
}
