#include "ground_check.h"

#include <stdlib.h>

static const double missing = (double)NAN;

struct judging {
    const struct truth *t;
    const double *elevation, *gradient;
    enum truth_frame frame;
    int reach;
    struct ground_verdict *verdict;
};

/* A pixel and its four neighbours; NaN for one that is not there. */
struct cross {
    double centre, west, east, above, below;
};

double *ground_elevations(const struct truth *t) {
    const int cols = t->spec.cols, rows = t->spec.rows;
    double *elevation = malloc((size_t)cols * (size_t)rows * sizeof *elevation);
    for (int row = 0; elevation && row < rows; row++) {
        for (int col = 0; col < cols; col++) {
            struct ground_point ground;
            elevation[(long)row * cols + col] =
                truth_ground(t, col, row, &ground) ? truth_elevation(t, ground.position) : missing;
        }
    }
    return elevation;
}

static struct cross cross_at(const struct judging *j, int col, int row) {
    const struct ground_case *spec = &j->t->spec;
    const double *line = j->elevation + (long)row * spec->cols;
    int west = col - 1, east = col + 1;
    if (spec->wrap) {
        /* The first column may be there twice, so the period is not the raster's width. */
        const int period = (int)lround(360 / spec->pixel[0]);
        west = (col - 1 + period) % period;
        east = (col + 1) % period;
    }
    return (struct cross){.centre = line[col],
                          .west = west >= 0 ? line[west] : missing,
                          .east = east < spec->cols ? line[east] : missing,
                          .above = row > 0 ? line[col - spec->cols] : missing,
                          .below = row + 1 < spec->rows ? line[col + spec->cols] : missing};
}

/* Whether a stencil of that reach finds all its pixels. */
static bool is_whole(const struct judging *j, int col, int row) {
    const struct ground_case *spec = &j->t->spec;
    const int period = spec->wrap ? (int)lround(360 / spec->pixel[0]) : 0;
    for (int y = row - j->reach; y <= row + j->reach; y++) {
        for (int x = col - j->reach; x <= col + j->reach; x++) {
            const int at = period > 0 ? (x + period) % period : x;
            if (y < 0 || y >= spec->rows || at < 0 || at >= spec->cols ||
                isnan(j->elevation[(long)y * spec->cols + at])) {
                return false;
            }
        }
    }
    return true;
}

/* The tangent vector whose product with each step is the central difference along that step. */
static void central_gradient(const struct cross *z, const struct vector3 axis[2],
                             const struct vector3 step[2], double gradient[2]) {
    const double per_col = (z->east - z->west) / 2, per_row = (z->below - z->above) / 2;
    const double cx = vector3_dot(step[0], axis[0]), cy = vector3_dot(step[0], axis[1]);
    const double rx = vector3_dot(step[1], axis[0]), ry = vector3_dot(step[1], axis[1]);
    const double determinant = cx * ry - cy * rx;
    gradient[0] = (per_col * ry - per_row * cy) / determinant;
    gradient[1] = (per_row * cx - per_col * rx) / determinant;
}

/* Pixels that touch an edge are left out: a one-sided difference is no measure of the metric. */
static void judge_error(const struct judging *j, int col, int row,
                        const struct ground_point *ground, const struct cross *z,
                        const double found[2]) {
    struct ground_verdict *v = j->verdict;
    struct vector3 axis[2], step[2];
    double exact[2], central[2];
    if (isnan(z->west + z->east + z->above + z->below) || !is_whole(j, col, row) ||
        !truth_axes(j->t, col, row, ground, j->frame, axis, step)) {
        return;
    }
    truth_gradient(j->t, ground->position, axis, exact);
    central_gradient(z, axis, step, central);
    const double off_exact = hypot(found[0] - exact[0], found[1] - exact[1]);
    const double off_metric = hypot(found[0] - central[0], found[1] - central[1]);
    const bool metric_only = j->t->spec.metric_only;
    if ((metric_only ? off_metric > v->metric : off_exact > v->exact)) {
        v->worst[0] = col;
        v->worst[1] = row;
    }
    v->exact = fmax(v->exact, off_exact);
    v->metric = fmax(v->metric, off_metric);
    v->steepest = fmax(v->steepest, hypot(exact[0], exact[1]));
    v->judged++;
}

static void note_odd(struct ground_verdict *v, long *count, int col, int row) {
    ++*count;
    v->odd[0] = col;
    v->odd[1] = row;
}

/* The true frame has no direction on a pole. */
static bool on_pole(const struct ground_point *ground) {
    return fabs(ground->lat_rad) > acos(0.0) - 1e-11;
}

/* On a geographic raster the columns of a pole's row are one point, which has no dz/dx. */
static bool columns_meet(const struct judging *j, int col, int row, const struct ground_point *at) {
    struct vector3 axis[2], step[2];
    return on_pole(at) && truth_axes(j->t, col, row, at, TRUTH_TRUE, axis, step) &&
           vector3_length(step[0]) < 1e-9 * vector3_length(step[1]);
}

static void judge_pixel(const struct judging *j, int col, int row) {
    const long pixels = j->verdict->pixels, at = (long)row * j->t->spec.cols + col;
    const double found[2] = {j->gradient[at], j->gradient[pixels + at]};
    const bool nodata = isnan(found[0]) || isnan(found[1]);
    const struct cross z = cross_at(j, col, row);
    struct ground_point ground;

    if (isnan(z.centre) || !truth_ground(j->t, col, row, &ground)) {
        if (!isnan(found[0]) || !isnan(found[1])) {
            note_odd(j->verdict, &j->verdict->excess, col, row);
        }
        return;
    }
    j->verdict->valid++;
    if (columns_meet(j, col, row, &ground)) {
        if (!isnan(found[0])) {
            note_odd(j->verdict, &j->verdict->excess, col, row);
        }
        return;
    }
    const bool lone = (isnan(z.west) && isnan(z.east)) || (isnan(z.above) && isnan(z.below));
    if (nodata && !lone && !on_pole(&ground)) {
        note_odd(j->verdict, &j->verdict->lost, col, row);
    } else if (!nodata && !(on_pole(&ground) && j->frame == TRUTH_TRUE)) {
        judge_error(j, col, row, &ground, &z, found);
    }
}

void ground_check(const struct truth *t, const double *elevation, const double *gradient,
                  enum truth_frame frame, int reach, struct ground_verdict *verdict) {
    const struct judging j = {t, elevation, gradient, frame, reach, verdict};
    *verdict = (struct ground_verdict){.pixels = (long)t->spec.cols * t->spec.rows};
    for (int row = 0; row < t->spec.rows; row++) {
        for (int col = 0; col < t->spec.cols; col++) {
            judge_pixel(&j, col, row);
        }
    }
    verdict->exact /= verdict->steepest;
    verdict->metric /= verdict->steepest;
}

void ground_exact(const struct truth *t, enum truth_frame frame, double *gradient) {
    const int cols = t->spec.cols, rows = t->spec.rows;
    const long pixels = (long)cols * rows;
    for (long at = 0; at < pixels; at++) {
        const int col = (int)(at % cols), row = (int)(at / cols);
        struct ground_point ground;
        struct vector3 axis[2], step[2];
        double exact[2] = {missing, missing};
        if (truth_ground(t, col, row, &ground) &&
            truth_axes(t, col, row, &ground, frame, axis, step)) {
            truth_gradient(t, ground.position, axis, exact);
        }
        gradient[at] = exact[0];
        gradient[pixels + at] = exact[1];
    }
}
