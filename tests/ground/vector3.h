/* Vectors in space, all in the ellipsoid's geocentric axes. */
#ifndef TESTS_VECTOR3_H
#define TESTS_VECTOR3_H

#include <math.h>

struct vector3 {
    double x, y, z;
};

/** a + s b */
static inline struct vector3 vector3_add(struct vector3 a, double s, struct vector3 b) {
    return (struct vector3){a.x + s * b.x, a.y + s * b.y, a.z + s * b.z};
}

static inline struct vector3 vector3_scale(double s, struct vector3 a) {
    return (struct vector3){s * a.x, s * a.y, s * a.z};
}

static inline double vector3_dot(struct vector3 a, struct vector3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline struct vector3 vector3_cross(struct vector3 a, struct vector3 b) {
    return (struct vector3){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

static inline double vector3_length(struct vector3 a) {
    return sqrt(vector3_dot(a, a));
}

#endif
