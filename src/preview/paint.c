#include "paint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double DEGREES = 57.29577951308232087680;

/* The share of the pixels that a ramp's range covers: a few cliffs or errors must not take the colours
 * from all the rest. */
static const double RANGE_SHARE = 0.98;

/* Shaded relief looks like relief where most slopes are up to this one; flatter ground is exaggerated. */
static const double GOOD_SLOPE = 0.5;

/* What is painted, pixel by pixel. */
typedef struct easel {
    const dg_surface *surface;
    const dg_field *field;
    const demgrad_preview_options *options;
    dg_painting *painting;
    int64_t count;
    double turn[2]; /* cosine and sine of the turn from grid frame to picture */
    double flat;    /* aspects of slopes below are pale */
} easel;

static double slope_of(const dg_field *f, int64_t i) {
    const double x = (double)f->dzdx[i], y = (double)f->dzdy[i];
    return sqrt(x * x + y * y);
}

static int compare_floats(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

/* The value that `share` of the pixels do not exceed, from some 200,000 of them; 0 where none is valid. */
static double find_quantile(const easel *e, double (*value)(const dg_field *, int64_t),
                            double share) {
    enum { MOST = 200000 };
    const int64_t step = e->count / MOST + 1;
    float *values = malloc((size_t)(e->count / step + 1) * sizeof *values);
    size_t n = 0;
    for (int64_t i = 0; i < e->count && values; i += step) {
        const double v = value(e->field, i);
        if (isfinite(v))
            values[n++] = (float)v;
    }
    double found = 0;
    if (n > 0) {
        qsort(values, n, sizeof *values, compare_floats);
        found = values[(size_t)((double)(n - 1) * share + 0.5)];
    }
    free(values);
    return found;
}

/* The next round number from `value` up: 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten. */
static double round_up(double value) {
    static const double steps[] = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};
    if (!(value > 0))
        return 1;
    const double power = pow(10, floor(log10(value)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (value <= steps[i] * power * (1 + 1e-9))
            return steps[i] * power;
    }
    return 10 * power;
}

/* Where the raster's pixel of a picture's place is. */
static int64_t source_of(const easel *e, int col, int row) {
    const int height = e->surface->grid.height;
    return (int64_t)(e->surface->is_upside_down ? height - 1 - row : row) * e->surface->grid.width +
           col;
}

/* Lambert's cosine under four lights, 45 degrees high, in the west and the north; each counts where it
 * grazes: with the squared sine of the angle between it and the way down (Mark, 1992, USGS OFR 92-422). */
static double shade(const easel *e, double p, double q) {
    static const double lights[4][2] = {{-0.7071067811865476, -0.7071067811865476},
                                        {-1, 0},
                                        {-0.7071067811865476, 0.7071067811865476},
                                        {0, 1}};
    const double x = e->turn[0] * p - e->turn[1] * q, y = e->turn[1] * p + e->turn[0] * q;
    const double dx = x * e->painting->exaggeration, dy = y * e->painting->exaggeration;
    const double length2 = dx * dx + dy * dy;
    double sum = 0, weights = 0;
    for (int i = 0; i < 4; i++) {
        const double cross = dx * lights[i][1] - dy * lights[i][0];
        const double weight = length2 > 0 ? cross * cross / length2 : 1;
        const double up = (1 - dx * lights[i][0] - dy * lights[i][1]) * 0.7071067811865476;
        sum += weight * fmax(up, 0) / sqrt(1 + length2);
        weights += weight;
    }
    return sum / weights;
}

static double slope_degrees(const dg_field *f, int64_t i) {
    return atan(slope_of(f, i)) * DEGREES;
}

static double larger_component(const dg_field *f, int64_t i) {
    return fmax(fabs((double)f->dzdx[i]), fabs((double)f->dzdy[i])) +
           0 * ((double)f->dzdx[i] + (double)f->dzdy[i]);
}

static dg_colour relief_colour(const easel *e, int map, int64_t i) {
    (void)map;
    const dg_field *f = e->field;
    const dg_colour tint = dg_ramp_at(&e->painting->legend.ramp, slope_degrees(f, i));
    /* Flat ground has 0.71; a little lighter, and the darkest not black. */
    return dg_colour_shade(tint, 0.22 + 1.06 * shade(e, f->dzdx[i], f->dzdy[i]));
}

static dg_colour slope_colour(const easel *e, int map, int64_t i) {
    (void)map;
    return dg_ramp_at(&e->painting->legend.ramp, slope_degrees(e->field, i));
}

static dg_colour mix(dg_colour a, dg_colour b, double share) {
    const double s = fmin(fmax(share, 0), 1);
    return (dg_colour){(unsigned char)(a.red + s * (b.red - a.red) + 0.5),
                       (unsigned char)(a.green + s * (b.green - a.green) + 0.5),
                       (unsigned char)(a.blue + s * (b.blue - a.blue) + 0.5), 255};
}

static dg_colour aspect_colour(const easel *e, int map, int64_t i) {
    (void)map;
    static const dg_colour flat = {232, 232, 228, 255};
    const dg_field *f = e->field;
    if (f->dzdx[i] == 0 && f->dzdy[i] == 0)
        return flat;
    /* The way down, clockwise from north. */
    const double down = atan2(-(double)f->dzdx[i], -(double)f->dzdy[i]) * DEGREES;
    const dg_colour hue = dg_ramp_at(&e->painting->legend.ramp, down < 0 ? down + 360 : down);
    return mix(flat, hue, slope_of(f, i) / e->flat);
}

static dg_colour component_colour(const easel *e, int map, int64_t i) {
    return dg_ramp_at(&e->painting->legend.ramp,
                      map == 0 ? (double)e->field->dzdx[i] : (double)e->field->dzdy[i]);
}

static void prepare_relief(easel *e) {
    const double slope = find_quantile(e, slope_of, 0.8);
    e->painting->exaggeration = slope > 0 && slope < GOOD_SLOPE ? round_up(GOOD_SLOPE / slope) : 1;
}

static void prepare_aspect(easel *e) {
    e->flat = fmax(find_quantile(e, slope_of, 0.3), 1e-12);
}

/* A style: its legend, and the colour of a pixel. */
static const struct style {
    int maps;
    const char *names[DG_MOST_MAPS];
    dg_legend_kind legend;
    const char *caption, *unit;
    const char *ramp;
    double low, high;                                  /* of the ramp; both 0: found */
    double (*value)(const dg_field *field, int64_t i); /* whose range is the ramp's */
    void (*prepare)(easel *e);
    dg_colour (*colour)(const easel *e, int map, int64_t i);
} STYLES[DEMGRAD_STYLE_END] = {
    [DEMGRAD_STYLE_RELIEF] = {1,
                              {NULL},
                              DG_LEGEND_RAMP,
                              "slope",
                              "\302\260",
                              "tint",
                              0,
                              0,
                              slope_degrees,
                              prepare_relief,
                              relief_colour},
    [DEMGRAD_STYLE_SLOPE] = {1,
                             {NULL},
                             DG_LEGEND_RAMP,
                             "slope",
                             "\302\260",
                             "heat",
                             0,
                             0,
                             slope_degrees,
                             NULL,
                             slope_colour},
    [DEMGRAD_STYLE_ASPECT] = {1,
                              {NULL},
                              DG_LEGEND_COMPASS,
                              "way down",
                              "\302\260",
                              "compass",
                              0,
                              360,
                              NULL,
                              prepare_aspect,
                              aspect_colour},
    [DEMGRAD_STYLE_COMPONENTS] = {2,
                                  {"dz/dx", "dz/dy"},
                                  DG_LEGEND_RAMP,
                                  "rise, m/m",
                                  "",
                                  "balance",
                                  0,
                                  0,
                                  larger_component,
                                  NULL,
                                  component_colour},
};

dg_style_facts dg_style_describe(demgrad_style style) {
    const struct style *s = &STYLES[style];
    return (dg_style_facts){s->maps, s->names[0] != NULL, s->legend};
}

static demgrad_status make_legend(easel *e, const struct style *style, demgrad_error *error) {
    const demgrad_preview_options *o = e->options;
    dg_legend *legend = &e->painting->legend;
    *legend = (dg_legend){.kind = style->legend, .caption = style->caption, .unit = style->unit};
    const demgrad_status status =
        dg_ramp_find(o->ramp ? o->ramp : style->ramp, &legend->ramp, error);
    if (status)
        return status;
    double low = style->low, high = style->high;
    if (o->low != 0 || o->high != 0) {
        low = o->low;
        high = o->high;
    } else if (style->value) {
        high = round_up(find_quantile(e, style->value, RANGE_SHARE));
        low = legend->ramp.kind == DG_RAMP_DIVERGING ? -high : 0;
    }
    dg_ramp_set_range(&legend->ramp, low, high);
    return DEMGRAD_OK;
}

/* The light comes from the picture's corner, whichever way the grid is turned. */
static void find_turn(easel *e) {
    const double *north = e->surface->compass.grid_north;
    const double *pixel = e->surface->info.pixel_m[0];
    const bool is_known = isfinite(pixel[0]) && isfinite(pixel[1]);
    const double right = north[0] * (is_known ? pixel[0] : 1);
    const double down = north[1] * (is_known ? pixel[1] : 1);
    const double up = e->surface->is_upside_down ? down : -down;
    const double length = sqrt(right * right + up * up);
    e->turn[0] = length > 0 ? up / length : 1;
    e->turn[1] = length > 0 ? -right / length : 0;
}

static void paint_map(const easel *e, const struct style *style, int map) {
    const dg_field *f = e->field;
    for (int row = 0; row < e->painting->height; row++) {
        for (int col = 0; col < e->painting->width; col++) {
            const int64_t i = source_of(e, col, row);
            const bool is_valid = isfinite(f->dzdx[i]) && isfinite(f->dzdy[i]);
            e->painting->maps[map][(int64_t)row * e->painting->width + col] =
                is_valid ? style->colour(e, map, i) : (dg_colour){0};
        }
    }
}

demgrad_status dg_paint(const dg_surface *surface, const dg_field *field,
                        const demgrad_preview_options *options, dg_painting *painting,
                        demgrad_error *error) {
    const struct style *style = &STYLES[options->style];
    *painting = (dg_painting){
        .count = style->maps, .width = surface->grid.width, .height = surface->grid.height};
    easel e = {.surface = surface,
               .field = field,
               .options = options,
               .painting = painting,
               .count = (int64_t)painting->width * painting->height};
    find_turn(&e);
    demgrad_status status = make_legend(&e, style, error);
    if (!status && style->prepare)
        style->prepare(&e);
    for (int i = 0; i < painting->count && !status; i++) {
        painting->names[i] = style->names[i];
        painting->maps[i] = malloc((size_t)e.count * sizeof **painting->maps);
        if (painting->maps[i])
            paint_map(&e, style, i);
        else
            status = dg_fail_memory(error, "the picture's map");
    }
    if (status)
        dg_painting_free(painting);
    return status;
}

void dg_painting_free(dg_painting *painting) {
    for (int i = 0; i < DG_MOST_MAPS; i++)
        free(painting->maps[i]);
    *painting = (dg_painting){0};
}
