#include "angle.h"
#include "integers.h"
#include "metric_private.h"

#include <math.h>

enum { POINTS = 9 };

static void widen(double value, double *min, double *max) {
    *min = fmin(*min, value);
    *max = fmax(*max, value);
}

/* Map lengths per ground length, and the turn from north to grid y, of one place. */
static void measure(const dg_ground *ground, const double g[4], dg_metric_survey *survey) {
    double y[2];
    dg_ground_grid_north(g, y);
    /* Degrees per metre are no scale. */
    if (ground->projection)
        widen(sqrt(fabs(g[0] * g[3] - g[1] * g[2])) * ground->crs.linear_unit_m, &survey->scale_min,
              &survey->scale_max);
    /* + 0: no minus before a zero. */
    widen(atan2(y[0], y[1]) * DG_DEGREES_PER_RADIAN + 0, &survey->convergence_min,
          &survey->convergence_max);
}

/* Ground lengths of the steps to the next column and the next row: G^-1 times A's columns. */
static void measure_pixel(const double *t, const double g[4], double pixel_m[2]) {
    const double det = g[0] * g[3] - g[1] * g[2];
    const bool is_pole = isnan(g[0]); /* no way along longitude is any length there */
    for (int i = 0; i < 2; i++) {
        const double x = t[1 + i], y = t[4 + i];
        pixel_m[i] = is_pole ? fabs(y / g[3])
                             : hypot((g[3] * x - g[1] * y) / det, (g[0] * y - g[2] * x) / det);
    }
}

/* The pixel at these shares of the way to the window's last column and row. */
static void place_at(dg_window window, double across, double down, double *col, double *row) {
    *col = window.col + (window.width - 1) * across;
    *row = window.row + (window.height - 1) * down;
}

/* Point number `i` of POINTS x POINTS that are spread over the window, its corners included. */
static void place_point(dg_window window, int i, double *col, double *row) {
    *col = window.col + (window.width - 1.0) * (i % POINTS) / (POINTS - 1);
    *row = window.row + (window.height - 1.0) * (i / POINTS) / (POINTS - 1);
}

/* Looks for ground at pixels of `window`, `step` apart and along its last row and column; *col and
 * *row get the first place that has some. */
static bool search(const dg_ground *ground, dg_window window, int step, double *col, double *row) {
    if (window.width == 0 || window.height == 0)
        return false;
    for (int i = 0; i < window.height + step - 1; i += step) {
        for (int j = 0; j < window.width + step - 1; j += step) {
            double g[4], latitude;
            *row = window.row + dg_min(i, window.height - 1);
            *col = window.col + dg_min(j, window.width - 1);
            if (dg_ground_jacobian(ground, *col, *row, g, &latitude))
                return true;
        }
    }
    return false;
}

/* Of the grid's rim, or of the inside of the domain's reach: a domain that the grid meets either
 * crosses the one or is an island in the other. */
static bool search_everywhere(const dg_ground *ground, double *col, double *row) {
    const double most = 4e6; /* places, as they take a second or two */
    const int width = ground->grid.width, height = ground->grid.height;
    const dg_window lines[4] = {
        {0, 0, width, 1}, {0, height - 1, width, 1}, {0, 0, 1, height}, {width - 1, 0, 1, height}};
    for (int i = 0; i < 4; i++) {
        const double step = ceil(fmax(lines[i].width, lines[i].height) / (most / 4));
        if (search(ground, lines[i], (int)step, col, row))
            return true;
    }
    const dg_reach reach = dg_ground_find_reach(ground);
    const dg_window inside = reach.extent;
    const double step = ceil(sqrt((double)inside.width * inside.height / most));
    return search(ground, inside, dg_max(reach.step, (int)step), col, row);
}

/* A place that has ground, from the centre on, which decides as a rule. */
static bool find_ground(const dg_ground *ground, double *col, double *row) {
    for (int i = 0; i < POINTS * POINTS; i++) {
        double g[4], latitude;
        place_point(dg_grid_window(&ground->grid), (i + POINTS * POINTS / 2) % (POINTS * POINTS),
                    col, row);
        if (dg_ground_jacobian(ground, *col, *row, g, &latitude))
            return true;
    }
    return search_everywhere(ground, col, row);
}

static void measure_at(const dg_ground *ground, double col, double row, dg_metric_survey *survey) {
    double g[4], latitude;
    if (dg_ground_jacobian(ground, col, row, g, &latitude) && isfinite(g[0]))
        measure(ground, g, survey);
}

/* What is looked for in a part of the grid. */
typedef struct looking {
    dg_window part;
    dg_metric_survey *survey;
    double (*pixel_m)[2];
    dg_compass *compass;
} looking;

/* As in the survey; a pixel that has no ground keeps its size. */
static void measure_pixels(const dg_ground *ground, dg_window part, double pixel_m[5][2]) {
    const double places[5][2] = {{0.5, 0.5}, {0, 0}, {1, 0}, {0, 1}, {1, 1}};
    for (int i = 0; i < 5; i++) {
        double col, row, g[4], latitude;
        place_at(part, places[i][0], places[i][1], &col, &row);
        if (dg_ground_jacobian(ground, col, row, g, &latitude))
            measure_pixel(ground->grid.geotransform, g, pixel_m[i]);
    }
}

static void survey_ground(const dg_ground *ground, void *user) {
    const looking *at = user;
    dg_metric_survey *survey = at->survey;
    double col, row;
    for (int i = 0; i < POINTS * POINTS; i++) {
        place_point(at->part, i, &col, &row);
        measure_at(ground, col, row, survey);
    }
    if (survey->convergence_min > survey->convergence_max && find_ground(ground, &col, &row))
        measure_at(ground, col, row, survey);
    measure_pixels(ground, at->part, survey->pixel_m);
}

static void size_pixels(const dg_ground *ground, void *user) {
    const looking *at = user;
    measure_pixels(ground, at->part, at->pixel_m);
}

/* Without an ellipsoid every pixel has the size that the plane or the user gives it. */
static void plane_pixel(const dg_metric *metric, double pixel_m[2]) {
    const double *t = metric->grid.geotransform;
    const bool is_ground = metric->kind == DG_METRIC_GROUND;
    for (int i = 0; i < 2; i++)
        pixel_m[i] =
            is_ground ? (double)NAN : hypot(t[1 + i], t[4 + i]) * metric->crs.linear_unit_m;
    if (metric->kind == DG_METRIC_PIXEL) {
        pixel_m[0] = fabs(metric->options.column_m);
        pixel_m[1] = fabs(metric->options.row_m);
    }
}

static void plane_pixels(const dg_metric *metric, double pixel_m[5][2]) {
    for (int i = 0; i < 5; i++)
        plane_pixel(metric, pixel_m[i]);
}

/* The corner that is farthest from the equator: how far from a pole, and whether its latitude is none. */
static void look_for_poles(const dg_ground *ground, dg_metric_sample *sample) {
    for (int i = 0; i < 4; i++) {
        const double col = i & 1 ? ground->grid.width - 1 : 0;
        const double row = i & 2 ? ground->grid.height - 1 : 0;
        double x, y, g[4], latitude;
        dg_grid_centre(&ground->grid, col, row, &x, &y);
        const double degrees = fabs(y) * ground->crs.angular_unit_rad * DG_DEGREES_PER_RADIAN;
        const double *t = ground->grid.geotransform;
        const double step =
            hypot(t[4], t[5]) * ground->crs.angular_unit_rad * DG_DEGREES_PER_RADIAN;
        sample->rows_to_pole = fmin(sample->rows_to_pole, fabs(90 - degrees) / step);
        if (!dg_ground_jacobian(ground, col, row, g, &latitude))
            sample->beyond_pole_deg = fmax(sample->beyond_pole_deg, degrees);
    }
}

static void take_sample(const dg_ground *ground, void *user) {
    dg_metric_sample *sample = user;
    double col, row, g[4], latitude;
    sample->has_ground = find_ground(ground, &col, &row);
    if (sample->has_ground && dg_ground_jacobian(ground, col, row, g, &latitude))
        measure_pixel(ground->grid.geotransform, g, sample->pixel_m);
    if (!ground->projection)
        look_for_poles(ground, sample);
}

/* Lets `use` at the metric's ground, if it has any. */
static demgrad_status use_ground(const dg_metric *metric,
                                 void (*use)(const dg_ground *ground, void *user), void *user,
                                 demgrad_error *error) {
    if (metric->kind != DG_METRIC_GROUND)
        return DEMGRAD_OK;
    dg_ground ground;
    const demgrad_status status = dg_metric_open_ground(metric, &ground, error);
    if (status)
        return status;
    use(&ground, user);
    dg_metric_close_ground(metric, &ground);
    return DEMGRAD_OK;
}

demgrad_status dg_metric_make_survey(const dg_metric *metric, dg_window part,
                                     dg_metric_survey *survey, demgrad_error *error) {
    looking at = {.part = part, .survey = survey};
    *survey = (dg_metric_survey){.scale_min = (double)INFINITY,
                                 .scale_max = -(double)INFINITY,
                                 .convergence_min = (double)INFINITY,
                                 .convergence_max = -(double)INFINITY};
    plane_pixels(metric, survey->pixel_m);
    return use_ground(metric, survey_ground, &at, error);
}

demgrad_status dg_metric_size_pixels(const dg_metric *metric, dg_window part, double pixel_m[5][2],
                                     demgrad_error *error) {
    looking at = {.part = part, .pixel_m = pixel_m};
    plane_pixels(metric, pixel_m);
    return use_ground(metric, size_pixels, &at, error);
}

demgrad_status dg_metric_take_sample(const dg_metric *metric, dg_metric_sample *sample,
                                     demgrad_error *error) {
    *sample = (dg_metric_sample){.has_ground = true, .rows_to_pole = (double)INFINITY};
    plane_pixel(metric, sample->pixel_m);
    return use_ground(metric, take_sample, sample, error);
}

static void find_compass(const dg_ground *ground, void *user) {
    const looking *at = user;
    dg_compass *compass = at->compass;
    double g[4], latitude, col, row;
    place_at(at->part, 0.5, 0.5, &col, &row);
    if (!dg_ground_jacobian(ground, col, row, g, &latitude))
        return;
    compass->latitude_deg = latitude * DG_DEGREES_PER_RADIAN;
    double east[2], *north = compass->true_north;
    dg_grid_steps(&ground->grid, g[0], g[2], &east[0], &east[1]);
    dg_grid_steps(&ground->grid, g[1], g[3], &north[0], &north[1]);
    compass->is_mirrored = east[0] * north[1] > east[1] * north[0];
}

demgrad_status dg_metric_find_compass(const dg_metric *metric, dg_window part, dg_compass *compass,
                                      demgrad_error *error) {
    looking at = {.part = part, .compass = compass};
    const double nan = (double)NAN;
    const double *t = metric->grid.geotransform;
    *compass = (dg_compass){nan, {nan, nan}, {0, 0}, t[1] * t[5] > t[2] * t[4]};
    dg_grid_steps(&metric->grid, 0, 1, &compass->grid_north[0], &compass->grid_north[1]);
    return use_ground(metric, find_compass, &at, error);
}
