#include "paint.h"

#include "component_bands.h"
#include "layer.h"
#include "options.h"
#include "output_bands.h"
#include "rounding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The share of the pixels that are not beyond an end of a ramp's range: a few cliffs or errors must not
 * take the colours from all the rest. */
static const double RANGE_SHARE = 0.98;

/* Shaded relief looks like relief where this share of the slopes is up to that one; flatter ground is
 * exaggerated. */
static const double RELIEF_SHARE = 0.8, RELIEF_SLOPE = 0.35;

/* The share of the slopes that is pale in a picture of aspects. */
static const double FLAT_SHARE = 0.3;

/* Flat ground where ways down are drawn. */
static const dg_colour FLAT = {232, 232, 228, 255};

/* The words of DG_LEGEND_CLASSES, by value from 0. */
static const char *const QUALITIES[] = {"none", "one-sided", "full stencil", NULL};

/* A style: a map for each of its bands, coloured by a ramp. */
static const struct style {
    const char *bands[DG_MOST_MAPS + 1];
    const char *names[DG_MOST_MAPS]; /* of the maps, where there are several */
    dg_legend_kind legend;
    const char *caption, *unit;
    const char *ramp;
    double low, high;  /* of the ramp; both 0: found in the bands */
    bool is_low_found; /* and not only the high end, with 0 or its negative for the low one */
    bool is_shaded;    /* by the relief */
    bool is_faded;     /* where it is flat */
} STYLES[DEMGRAD_STYLE_END] = {
    [DEMGRAD_STYLE_RELIEF] = {.bands = {"slope-degrees"},
                              .legend = DG_LEGEND_RAMP,
                              .caption = "slope",
                              .unit = "\302\260",
                              .ramp = "tint",
                              .is_shaded = true},
    [DEMGRAD_STYLE_SLOPE] = {.bands = {"slope-degrees"},
                             .legend = DG_LEGEND_RAMP,
                             .caption = "slope",
                             .unit = "\302\260",
                             .ramp = "heat"},
    [DEMGRAD_STYLE_ASPECT] = {.bands = {"aspect"},
                              .legend = DG_LEGEND_COMPASS,
                              .caption = "way down",
                              .unit = "\302\260",
                              .ramp = "compass",
                              .high = 360,
                              .is_faded = true},
    [DEMGRAD_STYLE_COMPONENTS] = {.bands = {"dzdx", "dzdy"},
                                  .names = {"dz/dx, rise to east", "dz/dy, rise to north"},
                                  .legend = DG_LEGEND_RAMP,
                                  .caption = "rise, m/m",
                                  .unit = "",
                                  .ramp = "balance"},
    [DEMGRAD_STYLE_QUALITY] = {.bands = {"quality"},
                               .legend = DG_LEGEND_CLASSES,
                               .caption = "differences",
                               .unit = "",
                               .ramp = "quality",
                               .high = 2},
    [DEMGRAD_STYLE_ERROR] = {.bands = {"error-slope"},
                             .legend = DG_LEGEND_RAMP,
                             .caption = "error of slope, m/m",
                             .unit = "",
                             .ramp = "error",
                             .is_low_found = true},
};

/* The layers that a picture is painted from. */
typedef struct easel {
    const struct style *style;
    const dg_surface *surface;
    const demgrad_preview_options *options;
    dg_painting *painting;
    int64_t count;               /* pixels */
    float *values[DG_MOST_MAPS]; /* what the ramp colours */
    float *slopes;               /* m/m; NULL: not needed */
    float *shades;               /* 1 to 255; NULL: not needed */
    double flat;                 /* the slope at which colours are full, where they fade */
} easel;

/* Of a legend; `ramp` NULL: their colours are not known yet. */
static dg_swatches list_swatches(const struct style *style, const dg_ramp *ramp, bool has_flat,
                                 bool has_holes) {
    dg_swatches list = {0};
    for (int i = 0; style->legend == DG_LEGEND_CLASSES && QUALITIES[i]; i++)
        list.items[list.count++] =
            (dg_swatch){QUALITIES[i], ramp ? dg_ramp_at(ramp, i) : (dg_colour){0}};
    if (has_flat)
        list.items[list.count++] = (dg_swatch){"flat", FLAT};
    if (has_holes)
        list.items[list.count++] = (dg_swatch){"no data", {0}};
    return list;
}

dg_style_facts dg_style_describe(demgrad_style style) {
    const struct style *s = &STYLES[style];
    const char *extra = dg_band_is_of_components(s->bands[0]) ? NULL : s->bands[0];
    return (dg_style_facts){s->bands[1] ? 2 : 1, s->names[0] != NULL, s->legend,
                            list_swatches(s, NULL, s->is_faded, true), extra};
}

/* The gradient as the picture has it, turned so that the light comes from its corner whichever way the
 * grid is turned. */
static float *make_shades(const easel *e, const dg_field *field) {
    const double *north = e->surface->compass.grid_north;
    const double *pixel = e->surface->info.pixel_m[0];
    const bool is_known = isfinite(pixel[0]) && isfinite(pixel[1]);
    const double ahead = north[0] * (is_known ? pixel[0] : 1);
    const double down = north[1] * (is_known ? pixel[1] : 1);
    const double up = e->surface->last_row_first ? down : -down;
    const double right = e->surface->last_column_first ? -ahead : ahead;
    const double length = sqrt(right * right + up * up);
    const float c = (float)(length > 0 ? up / length : 1),
                s = (float)(length > 0 ? right / length : 0);
    /* Which side of north the picture has east on. */
    const bool is_turned = e->surface->last_row_first || e->surface->last_column_first;
    const float east = e->surface->compass.is_mirrored == is_turned ? 1 : -1;
    demgrad_raster_options options = dg_raster_options_default();
    options.hillshade = DEMGRAD_HILLSHADE_MULTIDIRECTIONAL;
    options.z_exaggeration = e->painting->exaggeration;
    dg_field turned = {.dzdx = malloc((size_t)e->count * sizeof(float)),
                       .dzdy = malloc((size_t)e->count * sizeof(float)),
                       .is_owned = true};
    float *shades = NULL;
    for (int64_t i = 0; i < e->count && turned.dzdx && turned.dzdy; i++) {
        turned.dzdx[i] = east * c * field->dzdx[i] + s * field->dzdy[i];
        turned.dzdy[i] = c * field->dzdy[i] - east * s * field->dzdx[i];
    }
    if (turned.dzdx && turned.dzdy)
        shades = dg_layer_make(&turned, e->count, "hillshade", &options);
    dg_field_free(&turned);
    return shades;
}

/* The layers, as far as the style needs them. */
static demgrad_status make_layers(easel *e, const dg_field *field, demgrad_error *error) {
    const demgrad_raster_options options = dg_raster_options_default();
    bool is_made = true;
    for (int i = 0; e->style->bands[i] && is_made; i++) {
        e->values[i] = dg_layer_make(field, e->count, e->style->bands[i], &options);
        is_made = e->values[i] != NULL;
    }
    if (is_made && (e->style->is_shaded || e->style->is_faded)) {
        e->slopes = dg_layer_make(field, e->count, "slope", &options);
        is_made = e->slopes != NULL;
    }
    double slope = 0;
    if (is_made && e->style->is_shaded)
        is_made = dg_layer_quantile(e->slopes, e->count, RELIEF_SHARE, &slope);
    if (is_made && e->style->is_shaded) {
        e->painting->exaggeration =
            slope > 0 && slope < RELIEF_SLOPE ? dg_round_up(RELIEF_SLOPE / slope) : 1;
        e->shades = make_shades(e, field);
        is_made = e->shades != NULL;
    }
    if (is_made && e->style->is_faded)
        is_made = dg_layer_quantile(e->slopes, e->count, FLAT_SHARE, &e->flat);
    return is_made ? DEMGRAD_OK : dg_fail_memory(error, "the picture's layers");
}

static void free_layers(easel *e) {
    for (int i = 0; i < DG_MOST_MAPS; i++)
        free(e->values[i]);
    free(e->slopes);
    free(e->shades);
}

static double largest_of_band(const char *name) {
    demgrad_band band;
    return dg_band_find(name, &band) ? band.max : (double)INFINITY;
}

/* A range that holds the maps' values, but for a few. */
static demgrad_status find_range(const easel *e, dg_ramp_kind kind, double *low, double *high,
                                 demgrad_error *error) {
    double least = (double)INFINITY, most = 0, one = 0;
    bool is_made = true;
    for (int i = 0; e->style->bands[i] && is_made; i++) {
        is_made = dg_layer_quantile(e->values[i], e->count, RANGE_SHARE, &one);
        most = fmax(most, one);
        if (is_made && e->style->is_low_found)
            is_made = dg_layer_quantile(e->values[i], e->count, 1 - RANGE_SHARE, &one);
        least = fmin(least, one);
    }
    if (!is_made)
        return dg_fail_memory(error, "the legend");
    *high = dg_round_up(most);
    *low = kind == DG_RAMP_DIVERGING ? -*high : 0;
    if (e->style->is_low_found)
        dg_round_range(least, most, low, high);
    *high = fmin(*high, largest_of_band(e->style->bands[0]));
    return DEMGRAD_OK;
}

static demgrad_status make_legend(easel *e, demgrad_error *error) {
    const demgrad_preview_options *o = e->options;
    const struct style *style = e->style;
    dg_legend *legend = &e->painting->legend;
    *legend = (dg_legend){.kind = style->legend, .caption = style->caption, .unit = style->unit};
    demgrad_status status = dg_ramp_find(o->ramp ? o->ramp : style->ramp, &legend->ramp, error);
    if (status)
        return status;
    double low = style->low, high = style->high;
    if (o->low != 0 || o->high != 0) {
        low = o->low;
        high = o->high;
    } else if (high == 0) {
        status = find_range(e, legend->ramp.kind, &low, &high, error);
    }
    dg_ramp_set_range(&legend->ramp, low, high);
    return status;
}

static dg_colour fade(dg_colour colour, double share) {
    const double s = fmin(fmax(share, 0), 1);
    return (dg_colour){(unsigned char)(FLAT.red + s * (colour.red - FLAT.red) + 0.5),
                       (unsigned char)(FLAT.green + s * (colour.green - FLAT.green) + 0.5),
                       (unsigned char)(FLAT.blue + s * (colour.blue - FLAT.blue) + 0.5), 255};
}

/* Flat ground, whose shade is 0.71, comes out a little lighter, and what is in shadow not black. */
static double light_of(double shade) {
    return 0.22 + 1.06 * ((shade - 1) / 254);
}

/* Where there is no way down to draw. */
static bool is_flat(const easel *e, int64_t i) {
    return e->style->is_faded && (double)e->slopes[i] == 0;
}

/* Also where a band has a value for what is none, as quality has. */
static bool is_hole(const easel *e, int map, int64_t i) {
    return !isfinite(e->surface->values[i]) || (isnan(e->values[map][i]) && !is_flat(e, i));
}

static dg_colour colour_at(const easel *e, int map, int64_t i) {
    if (is_hole(e, map, i))
        return (dg_colour){0};
    if (is_flat(e, i))
        return FLAT;
    const dg_colour colour = dg_ramp_at(&e->painting->legend.ramp, (double)e->values[map][i]);
    if (e->style->is_faded)
        return fade(colour, e->flat > 0 ? (double)e->slopes[i] / e->flat : 1);
    return e->style->is_shaded ? dg_colour_shade(colour, light_of((double)e->shades[i])) : colour;
}

static demgrad_status paint_maps(easel *e, demgrad_error *error) {
    dg_painting *p = e->painting;
    for (int map = 0; map < p->count; map++) {
        p->names[map] = e->style->names[map];
        p->maps[map] = malloc((size_t)e->count * sizeof **p->maps);
        if (!p->maps[map])
            return dg_fail_memory(error, "the picture's map");
        for (int64_t i = 0; i < e->count; i++) {
            const int64_t row = i / p->width, col = i % p->width;
            const int64_t y = e->surface->last_row_first ? p->height - 1 - row : row;
            const int64_t x = e->surface->last_column_first ? p->width - 1 - col : col;
            p->maps[map][i] = colour_at(e, map, y * p->width + x);
        }
    }
    return DEMGRAD_OK;
}

/* Tells in the legend what the maps have of its kind. What is beyond an end by less than a colour's step
 * is as good as there. */
static void finish_legend(easel *e) {
    dg_legend *legend = &e->painting->legend;
    const double low = legend->ramp.low, high = legend->ramp.high;
    const double step = (high - low) / (double)DG_RAMP_STEPS;
    bool has_flat = false, has_holes = false;
    for (int map = 0; map < e->painting->count; map++) {
        for (int64_t i = 0; i < e->count; i++) {
            const double value = (double)e->values[map][i];
            const bool is_none = is_hole(e, map, i);
            has_holes |= is_none;
            has_flat |= !is_none && is_flat(e, i);
            legend->has_lower |= !is_none && value < low - step;
            legend->has_higher |= !is_none && value > high + step;
        }
    }
    legend->swatches = list_swatches(e->style, &legend->ramp, has_flat, has_holes);
}

demgrad_status dg_paint(const dg_surface *surface, const dg_field *field,
                        const demgrad_preview_options *options, dg_painting *painting,
                        demgrad_error *error) {
    *painting = (dg_painting){.count = dg_style_describe(options->style).map_count,
                              .width = surface->grid.width,
                              .height = surface->grid.height};
    easel e = {.style = &STYLES[options->style],
               .surface = surface,
               .options = options,
               .painting = painting,
               .count = (int64_t)painting->width * painting->height};
    demgrad_status status = make_layers(&e, field, error);
    if (!status)
        status = make_legend(&e, error);
    if (!status)
        status = paint_maps(&e, error);
    if (!status)
        finish_legend(&e);
    free_layers(&e);
    if (status)
        dg_painting_free(painting);
    return status;
}

void dg_painting_free(dg_painting *painting) {
    for (int i = 0; i < DG_MOST_MAPS; i++)
        free(painting->maps[i]);
    *painting = (dg_painting){0};
}
