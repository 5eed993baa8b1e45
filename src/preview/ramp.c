#include "ramp.h"

#include "angle.h"

#include <demgrad/preview.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A colour in Oklab's polar form: lightness 0 to 1, chroma, hue in degrees. */
typedef struct anchor {
    double lightness, chroma, hue;
} anchor;

enum { MOST_ANCHORS = 8 };

/* Anchors are evenly spaced; between them Oklab's coordinates are linear. */
static const struct named_ramp {
    const char *name;
    dg_ramp_kind kind;
    int count;
    anchor anchors[MOST_ANCHORS];
} RAMPS[] = {
    /* Slopes: pale where it is flat. */
    {"heat",
     DG_RAMP_SEQUENTIAL,
     6,
     {{0.97, 0.03, 105},
      {0.86, 0.10, 85},
      {0.73, 0.14, 58},
      {0.58, 0.16, 32},
      {0.43, 0.13, 5},
      {0.28, 0.08, 330}}},
    /* The tint of shaded relief: so soft that the shades stay legible. */
    {"tint",
     DG_RAMP_SEQUENTIAL,
     4,
     {{0.965, 0.022, 130}, {0.94, 0.035, 100}, {0.895, 0.05, 75}, {0.84, 0.06, 50}}},
    {"ice",
     DG_RAMP_SEQUENTIAL,
     5,
     {{0.97, 0.02, 190},
      {0.82, 0.08, 215},
      {0.64, 0.11, 240},
      {0.46, 0.11, 262},
      {0.29, 0.08, 285}}},
    {"grey", DG_RAMP_SEQUENTIAL, 2, {{0.1, 0, 0}, {1, 0, 0}}},
    /* Blue and orange differ for every kind of eye; both ends are equally dark. */
    {"balance",
     DG_RAMP_DIVERGING,
     7,
     {{0.36, 0.11, 262},
      {0.56, 0.12, 250},
      {0.78, 0.08, 240},
      {0.97, 0.005, 100},
      {0.80, 0.09, 65},
      {0.58, 0.14, 45},
      {0.37, 0.11, 35}}},
    /* Once round the compass from north: light in the south, dark in the north, so that lightness tells
     * the way even without hues. */
    {"compass",
     DG_RAMP_CYCLIC,
     5,
     {{0.48, 0.11, 285}, {0.68, 0.11, 15}, {0.87, 0.11, 95}, {0.68, 0.11, 190}, {0.48, 0.11, 285}}},
    /* Three classes, from the ends and the middle. */
    {"quality", DG_RAMP_SEQUENTIAL, 3, {{0.42, 0.12, 25}, {0.80, 0.13, 85}, {0.88, 0.045, 200}}},
    {"error",
     DG_RAMP_SEQUENTIAL,
     4,
     {{0.96, 0.02, 160}, {0.76, 0.09, 180}, {0.55, 0.10, 220}, {0.33, 0.09, 275}}},
};

enum { RAMP_COUNT = sizeof RAMPS / sizeof *RAMPS };

typedef struct lab {
    double l, a, b;
} lab;

static lab to_lab(anchor from) {
    const double hue = from.hue * DG_RADIANS_PER_DEGREE;
    return (lab){from.lightness, from.chroma * cos(hue), from.chroma * sin(hue)};
}

/* sRGB's transfer function, to a byte. */
static unsigned char to_byte(double linear) {
    const double x = fmin(fmax(linear, 0), 1);
    const double encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055;
    return (unsigned char)lround(255 * encoded);
}

/* Oklab to linear sRGB, as published with it. */
static dg_colour to_colour(lab c) {
    const double l = c.l + 0.3963377774 * c.a + 0.2158037573 * c.b;
    const double m = c.l - 0.1055613458 * c.a - 0.0638541728 * c.b;
    const double s = c.l - 0.0894841775 * c.a - 1.2914855480 * c.b;
    const double l3 = l * l * l, m3 = m * m * m, s3 = s * s * s;
    return (dg_colour){to_byte(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3),
                       to_byte(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3),
                       to_byte(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3), 255};
}

static void fill_named(const struct named_ramp *from, dg_ramp *ramp) {
    *ramp = (dg_ramp){.kind = from->kind, .low = 0, .high = 1};
    for (int i = 0; i < DG_RAMP_STEPS; i++) {
        const double at = (double)i / (DG_RAMP_STEPS - 1) * (from->count - 1);
        const int before = at >= from->count - 1 ? from->count - 2 : (int)at;
        const double share = at - before;
        const lab a = to_lab(from->anchors[before]), b = to_lab(from->anchors[before + 1]);
        ramp->colours[i] = to_colour(
            (lab){a.l + share * (b.l - a.l), a.a + share * (b.a - a.a), a.b + share * (b.b - a.b)});
    }
}

bool demgrad_ramp_at(size_t index, demgrad_ramp *ramp) {
    if (!ramp || index >= RAMP_COUNT)
        return false;
    dg_ramp full;
    fill_named(&RAMPS[index], &full);
    ramp->name = RAMPS[index].name;
    for (int i = 0; i < DEMGRAD_RAMP_COLOURS; i++) {
        const dg_colour c = full.colours[i * (DG_RAMP_STEPS - 1) / (DEMGRAD_RAMP_COLOURS - 1)];
        snprintf(ramp->colours[i], sizeof ramp->colours[i], "#%02x%02x%02x", c.red, c.green,
                 c.blue);
    }
    return true;
}

/* A line of a ramp's file. */
typedef struct stop {
    double value;
    double colour[3];
} stop;

/* False where the line is none of a value and three numbers from 0 to 255. Lines for nodata ("nv") and
 * shares of a range ("10%") are of no use here, and skipped as comments are. */
static bool read_stop(const char *line, stop *s, bool *is_skipped) {
    static const char between[] = " \t,:\r"; /* words; or the end, for strchr */
    line += strspn(line, between);
    *is_skipped =
        *line == '\0' || *line == '#' || (EQUALN(line, "nv", 2) && strchr(between, line[2]));
    bool is_right = true;
    for (int i = 0; i < 4 && is_right && !*is_skipped; i++) {
        char *end;
        const double number = CPLStrtod(line, &end);
        is_right = end != line && strchr(between, *end) && isfinite(number) &&
                   (i == 0 || (number >= 0 && number <= 255));
        *(i == 0 ? &s->value : &s->colour[i - 1]) = number;
        line = end + strspn(end, between);
    }
    return is_right || *is_skipped;
}

static int compare_stops(const void *a, const void *b) {
    const double x = ((const stop *)a)->value, y = ((const stop *)b)->value;
    return x < y ? -1 : x > y;
}

static void fill_from_stops(stop *stops, int count, dg_ramp *ramp) {
    qsort(stops, (size_t)count, sizeof *stops, compare_stops);
    *ramp = (dg_ramp){.kind = DG_RAMP_ABSOLUTE, stops[0].value, stops[count - 1].value};
    for (int i = 0, before = 0; i < DG_RAMP_STEPS; i++) {
        const double value =
            ramp->low + (ramp->high - ramp->low) * ((double)i / (DG_RAMP_STEPS - 1));
        while (before < count - 2 && value >= stops[before + 1].value)
            before++;
        const stop *a = &stops[before], *b = &stops[before + 1];
        const double step = b->value - a->value;
        const double share = step > 0 ? fmin(fmax((value - a->value) / step, 0), 1) : 0;
        unsigned char mixed[3];
        for (int c = 0; c < 3; c++)
            mixed[c] = (unsigned char)lround(a->colour[c] + share * (b->colour[c] - a->colour[c]));
        ramp->colours[i] = (dg_colour){mixed[0], mixed[1], mixed[2], 255};
    }
}

static demgrad_status read_file(const char *path, char **lines, dg_ramp *ramp,
                                demgrad_error *error) {
    const int most = CSLCount(lines);
    stop *stops = VSIMalloc2((size_t)most + 1, sizeof *stops);
    if (!stops)
        return dg_fail_memory(error, "the ramp");
    int count = 0;
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; i < most && !status; i++) {
        bool is_skipped;
        if (!read_stop(lines[i], &stops[count], &is_skipped))
            status = dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                             "%s: line %d is not a value and red, green, blue from 0 to 255", path,
                             i + 1);
        count += !is_skipped;
    }
    if (!status && count < 2)
        status =
            dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                    "%s: a ramp needs two lines of a value and red, green, blue at least", path);
    if (!status)
        fill_from_stops(stops, count, ramp);
    VSIFree(stops);
    return status;
}

static demgrad_status fail_unknown(const char *name, demgrad_error *error) {
    char names[128] = "";
    for (int i = 0; i < RAMP_COUNT; i++) {
        const size_t length = strlen(names);
        snprintf(names + length, sizeof names - length, "%s%s", i > 0 ? ", " : "", RAMPS[i].name);
    }
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "%s: is neither a ramp (%s) nor a text file of one", name, names);
}

demgrad_status dg_ramp_find(const char *name, dg_ramp *ramp, demgrad_error *error) {
    for (int i = 0; i < RAMP_COUNT; i++) {
        if (strcmp(name, RAMPS[i].name) == 0) {
            fill_named(&RAMPS[i], ramp);
            return DEMGRAD_OK;
        }
    }
    CPLPushErrorHandler(CPLQuietErrorHandler);
    char **lines = CSLLoad2(name, 10000, 10000, NULL);
    CPLPopErrorHandler();
    if (!lines)
        return fail_unknown(name, error);
    const demgrad_status status = read_file(name, lines, ramp, error);
    CSLDestroy(lines);
    return status;
}

void dg_ramp_set_range(dg_ramp *ramp, double low, double high) {
    if (ramp->kind == DG_RAMP_ABSOLUTE)
        return;
    ramp->low = low;
    ramp->high = high;
}

dg_colour dg_ramp_at(const dg_ramp *ramp, double value) {
    if (isnan(value))
        return (dg_colour){0};
    const double width = ramp->high - ramp->low;
    const double share = width > 0 ? (value - ramp->low) / width : 0.5;
    return ramp->colours[(int)(fmin(fmax(share, 0), 1) * (DG_RAMP_STEPS - 1) + 0.5)];
}

dg_colour dg_colour_shade(dg_colour colour, double light) {
    const double l = fmin(fmax(light, 0), 1);
    return (dg_colour){(unsigned char)(colour.red * l + 0.5),
                       (unsigned char)(colour.green * l + 0.5),
                       (unsigned char)(colour.blue * l + 0.5), colour.alpha};
}
