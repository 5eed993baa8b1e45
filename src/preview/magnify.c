#include "magnify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Up to so many times, pixels that are drawn larger run into each other; beyond it they are squares. */
static const double SMOOTH_SCALE = 6;

/* Where a device pixel lies among the painting's: between `before` and the next one. */
typedef struct between {
    int before, after;
    double share; /* of `after` */
} between;

static between find_between(int at, int device, int painted, bool is_smooth) {
    const int nearest = (int)((int64_t)at * painted / device);
    const double place = (at + 0.5) * painted / device - 0.5;
    const int before = (int)floor(place);
    if (!is_smooth || before < 0 || before + 1 >= painted)
        return (between){nearest, nearest, 0};
    return (between){before, before + 1, place - before};
}

static double blend(double a, double b, double share) {
    return a + share * (b - a);
}

static unsigned char blend_four(unsigned char a, unsigned char b, unsigned char c, unsigned char d,
                                double across, double down) {
    return (unsigned char)(blend(blend(a, b, across), blend(c, d, across), down) + 0.5);
}

/* Holes keep their edges: beside one there is nothing to blend with. */
static dg_colour find_colour(const dg_magnifier *m, between col, between row) {
    const dg_colour *upper = m->map + (int64_t)row.before * m->painted_width;
    const dg_colour *lower = m->map + (int64_t)row.after * m->painted_width;
    const dg_colour a = upper[col.before], b = upper[col.after];
    const dg_colour c = lower[col.before], d = lower[col.after];
    if (!a.alpha || !b.alpha || !c.alpha || !d.alpha)
        return row.share < 0.5 ? (col.share < 0.5 ? a : b) : (col.share < 0.5 ? c : d);
    return (dg_colour){blend_four(a.red, b.red, c.red, d.red, col.share, row.share),
                       blend_four(a.green, b.green, c.green, d.green, col.share, row.share),
                       blend_four(a.blue, b.blue, c.blue, d.blue, col.share, row.share), 255};
}

dg_magnifier dg_magnify(const dg_painting *painting, int map, int width, int height) {
    const double scale = fmax((double)width / painting->width, (double)height / painting->height);
    /* Between two classes there is none. */
    const bool is_blended = painting->legend.kind != DG_LEGEND_CLASSES;
    return (dg_magnifier){painting->maps[map],
                          painting->width,
                          painting->height,
                          width,
                          height,
                          is_blended && scale <= SMOOTH_SCALE};
}

dg_colour dg_magnified(const dg_magnifier *m, int x, int y) {
    return find_colour(m, find_between(x, m->width, m->painted_width, m->is_smooth),
                       find_between(y, m->height, m->painted_height, m->is_smooth));
}

unsigned char *dg_painting_pixels(const dg_painting *painting, int width, int height) {
    const size_t all = (size_t)width * (size_t)painting->count;
    unsigned char *pixels = malloc(all * (size_t)height * 4);
    for (int map = 0; map < painting->count && pixels; map++) {
        const dg_magnifier m = dg_magnify(painting, map, width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                const dg_colour c = dg_magnified(&m, x, y);
                const size_t at = (size_t)y * all + (size_t)(map * width + x);
                memcpy(pixels + 4 * at, (unsigned char[4]){c.red, c.green, c.blue, c.alpha}, 4);
            }
        }
    }
    return pixels;
}
