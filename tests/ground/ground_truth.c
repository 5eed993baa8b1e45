/* Makes terrains of known gradient and judges gradients against them; truth.h says how. */
#include <gdal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground_check.h"
#include "ground_raster.h"

static const char usage[] =
    "usage: ground-truth make  SPEC OUT.tif\n"
    "       ground-truth exact SPEC OUT.tif [--frame grid|true]\n"
    "       ground-truth check SPEC GRADIENT.tif [--frame grid|true] [--tolerance T]\n"
    "                          [--metric-tolerance T] [--reach N]\n"
    "       ground-truth agree SPEC ONE.tif OTHER.tif\n"
    "SPEC is a line of cases.txt. Tolerances are shares of the largest slope. --reach N\n"
    "judges a stencil that takes N pixels on each side, against the exact gradient alone.\n";

struct options {
    const char *command, *spec, *file, *other;
    enum truth_frame frame;
    double tolerance, metric_tolerance;
    int reach; /* 0: that of central differences, whose metric is judged too */
};

static bool parse_option(const char *name, const char *value, struct options *o) {
    if (strcmp(name, "--frame") == 0) {
        o->frame = strcmp(value, "true") == 0 ? TRUTH_TRUE : TRUTH_GRID;
        return o->frame == TRUTH_TRUE || strcmp(value, "grid") == 0;
    }
    char *end = NULL;
    double number = strtod(value, &end);
    if (strcmp(name, "--tolerance") == 0) {
        o->tolerance = number;
    } else if (strcmp(name, "--metric-tolerance") == 0) {
        o->metric_tolerance = number;
    } else if (strcmp(name, "--reach") == 0) {
        o->reach = (int)number;
    } else {
        return false;
    }
    return *end == '\0' && number > 0;
}

/* By default the error that the method promises to stay below, and twice what it leaves to the
 * interpolation of the metric. */
static bool parse(int argc, char **argv, struct options *o) {
    const char *words[4] = {NULL, NULL, NULL, NULL};
    int count = 0;
    *o = (struct options){.tolerance = 3e-6, .metric_tolerance = 2e-7};
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            if (i + 1 == argc || !parse_option(argv[i], argv[i + 1], o)) {
                return false;
            }
            i++;
        } else if (count < 4) {
            words[count++] = argv[i];
        }
    }
    o->command = words[0];
    o->spec = words[1];
    o->file = words[2];
    o->other = words[3];
    return count >= 3;
}

static bool make(const struct truth *t, const char *path) {
    double *elevation = ground_elevations(t);
    bool good = elevation && ground_raster_write(path, t, 1, elevation);
    free(elevation);
    return good;
}

static bool exact(const struct truth *t, const char *path, enum truth_frame frame) {
    double *gradient = malloc(2 * (size_t)t->spec.cols * (size_t)t->spec.rows * sizeof *gradient);
    if (gradient) {
        ground_exact(t, frame, gradient);
    }
    bool good = gradient && ground_raster_write(path, t, 2, gradient);
    free(gradient);
    return good;
}

/* One line: what was found, and where it is worst if it does not hold. */
static bool report(const struct truth *t, const struct options *o, const struct ground_verdict *v) {
    const double pixels = (double)v->pixels;
    const bool metric_only = t->spec.metric_only;
    const bool is_metric_near = o->reach > 0 || v->metric <= o->metric_tolerance;
    const bool near = v->judged > 0 && (metric_only ? v->metric <= o->tolerance
                                                    : is_metric_near && v->exact <= o->tolerance);
    printf("%s frame %s: exact %.2e%s metric %.2e valid %.1f%% judged %.1f%%", t->spec.name,
           o->frame == TRUTH_TRUE ? "true" : "grid", v->exact, metric_only ? " (not judged)" : "",
           v->metric, 100 * (double)v->valid / pixels, 100 * (double)v->judged / pixels);
    if (!near) {
        printf(" FAIL, worst at column %d row %d", v->worst[0], v->worst[1]);
    }
    if (v->lost > 0 || v->excess > 0) {
        printf(" FAIL, %ld lost and %ld in excess, as at column %d row %d", v->lost, v->excess,
               v->odd[0], v->odd[1]);
    }
    const bool good = near && v->lost == 0 && v->excess == 0;
    puts(good ? " ok" : "");
    return good;
}

static bool check(const struct truth *t, const struct options *o) {
    struct ground_verdict verdict;
    double *gradient = ground_raster_read(o->file, t);
    double *elevation = gradient ? ground_elevations(t) : NULL;
    bool good = false;
    if (elevation) {
        ground_check(t, elevation, gradient, o->frame, o->reach, &verdict);
        good = report(t, o, &verdict);
    }
    free(elevation);
    free(gradient);
    return good;
}

/* The slope does not depend on the frame, but each frame's metric is interpolated by itself. */
static bool agree(const struct truth *t, const struct options *o) {
    const long pixels = (long)t->spec.cols * t->spec.rows;
    double *one = ground_raster_read(o->file, t);
    double *other = o->other ? ground_raster_read(o->other, t) : NULL;
    double apart = 0, steepest = 0;
    long compared = 0;
    for (long i = 0; one && other && i < pixels; i++) {
        double slope = hypot(one[i], one[pixels + i]);
        double again = hypot(other[i], other[pixels + i]);
        if (!isnan(slope) && !isnan(again)) {
            apart = fmax(apart, fabs(slope - again));
            steepest = fmax(steepest, slope);
            compared++;
        }
    }
    free(one);
    free(other);
    bool good = compared > 0 && apart <= o->metric_tolerance * steepest;
    printf("%s slopes of both frames: apart %.2e %s\n", t->spec.name,
           compared > 0 ? apart / steepest : 0.0, good ? "ok" : "FAIL");
    return good;
}

int main(int argc, char **argv) {
    struct options o;
    struct truth t;
    if (!parse(argc, argv, &o)) {
        fputs(usage, stderr);
        return 2;
    }
    GDALAllRegister();
    bool good = truth_open(&t, o.spec);
    if (good && strcmp(o.command, "make") == 0) {
        good = make(&t, o.file);
    } else if (good && strcmp(o.command, "exact") == 0) {
        good = exact(&t, o.file, o.frame);
    } else if (good && strcmp(o.command, "check") == 0) {
        good = check(&t, &o);
    } else if (good && strcmp(o.command, "agree") == 0) {
        good = agree(&t, &o);
    } else if (good) {
        fputs(usage, stderr);
        good = false;
    }
    truth_close(&t);
    return good ? 0 : 1;
}
