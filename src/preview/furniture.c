#include "furniture.h"

#include "angle.h"
#include "rounding.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Between two labels. */
static const double GAP = 6;

/* Of a ramp's legend: a narrower one has its caption above the bar. Of that line, and of the bar with its
 * labels. */
static const double CAPTION_BESIDE = 260, CAPTION_HEIGHT = 17, BAR_HEIGHT = 35;

static const double COMPASS_HEIGHT = 76;

static void use_colour(cairo_t *cr, dg_colour c) {
    dg_cairo.set_source_rgb(cr, c.red / 255.0, c.green / 255.0, c.blue / 255.0);
}

static void name_length(double metres, char text[32]) {
    if (metres >= 1000)
        snprintf(text, 32, "%.15g km", metres / 1000);
    else if (metres >= 1)
        snprintf(text, 32, "%.15g m", metres);
    else if (metres >= 0.01)
        snprintf(text, 32, "%.15g cm", metres * 100);
    else
        snprintf(text, 32, "%.3g mm", metres * 1000);
}

/* The length stands below the bar's right end, and what belongs to it after it. */
static void name_ends(cairo_t *cr, dg_box box, double metres, double length, const char *where) {
    char name[32], text[96];
    name_length(metres, name);
    snprintf(text, sizeof text, "%s%s%s", name, *where ? " " : "", where);
    const double all = fmin(dg_words_width(cr, text, DG_LABEL_TEXT) + 1, box.width);
    const double centred = box.x + length - dg_words_width(cr, name, DG_LABEL_TEXT) / 2;
    const double left = fmax(fmin(centred, box.x + box.width - all), box.x);
    dg_words_draw(cr, text, left, box.y, all, 0, DG_LABEL_TEXT);
    const double zero = dg_words_width(cr, "0", DG_LABEL_TEXT) + 1;
    if (box.x + zero + GAP <= left)
        dg_words_draw(cr, "0", box.x, box.y, zero, 0, DG_LABEL_TEXT);
}

void dg_draw_scale_bar(cairo_t *cr, dg_box box, double unit_m, const char *where, dg_ink ink) {
    if (!isfinite(unit_m) || unit_m <= 0)
        return;
    const double metres = dg_round_down(box.width * 0.7 * unit_m);
    const double length = metres / unit_m;
    dg_use_ink(cr, ink.text);
    dg_cairo.set_line_width(cr, 1);
    /* Two halves, the first one filled. */
    const double y = box.y + 3.5;
    dg_cairo.rectangle(cr, box.x + 0.5, y, length, 5);
    dg_cairo.stroke(cr);
    dg_cairo.rectangle(cr, box.x + 0.5, y, length / 2, 5);
    dg_cairo.fill(cr);
    name_ends(cr, (dg_box){box.x, y + 9.5, box.width, 0}, metres, length, where);
}

void dg_draw_arrow(cairo_t *cr, dg_box box, double degrees, dg_ink ink) {
    if (box.width <= 0)
        return;
    const double r = box.height / 2;
    dg_cairo.save(cr);
    dg_cairo.translate(cr, box.x + box.width / 2, box.y + r);
    dg_cairo.rotate(cr, degrees * DG_RADIANS_PER_DEGREE);
    dg_use_ink(cr, ink.text);
    dg_cairo.move_to(cr, 0, -r * 0.55);
    dg_cairo.line_to(cr, r * 0.38, r * 0.9);
    dg_cairo.line_to(cr, 0, r * 0.6);
    dg_cairo.line_to(cr, -r * 0.38, r * 0.9);
    dg_cairo.close_path(cr);
    dg_cairo.fill(cr);
    const dg_words_style style = {9, true, 1};
    const double width = dg_words_width(cr, "N", style);
    dg_cairo.move_to(cr, -width / 2, -r * 0.62);
    dg_cairo.show_text(cr, "N");
    dg_cairo.restore(cr);
}

/* The bar's colours as an image that is as wide as the ramp has steps. */
static void draw_ramp(cairo_t *cr, dg_box bar, const dg_ramp *ramp, dg_ink ink) {
    cairo_pattern_t *pattern = dg_cairo.pattern_create_linear(bar.x, 0, bar.x + bar.width, 0);
    const int stops = 64;
    for (int i = 0; i <= stops; i++) {
        const double at = (double)i / stops;
        const dg_colour c = ramp->colours[(int)(at * (DG_RAMP_STEPS - 1) + 0.5)];
        dg_cairo.pattern_add_color_stop_rgb(pattern, at, c.red / 255.0, c.green / 255.0,
                                            c.blue / 255.0);
    }
    dg_cairo.set_source(cr, pattern);
    dg_cairo.rectangle(cr, bar.x, bar.y, bar.width, bar.height);
    dg_cairo.fill(cr);
    dg_cairo.pattern_destroy(pattern);
    dg_use_ink(cr, ink.faint);
    dg_cairo.set_line_width(cr, 0.75);
    dg_cairo.rectangle(cr, bar.x, bar.y, bar.width, bar.height);
    dg_cairo.stroke(cr);
}

static void name_tick(double value, const char *unit, char text[48]) {
    snprintf(text, 48, "%.6g%s", value == 0 ? 0.0 : value, unit);
    char *minus = *text == '-' ? text : NULL;
    if (minus) { /* the sign of mathematics, as wide as the digits */
        memmove(text + 3, text + 1, strlen(text + 1) + 1);
        memcpy(text, "\342\210\222", 3);
    }
}

/* The step of round numbers at which the labels keep apart. */
static double choose_step(cairo_t *cr, double low, double high, double width, const char *unit) {
    double step = dg_round_down((high - low) / 2);
    char first[48], last[48];
    for (int finer = 0; finer < 6; finer++) {
        const double next = dg_round_down(step * 0.7);
        name_tick(floor(low / next) * next, unit, first);
        name_tick(ceil(high / next) * next - next, unit, last);
        const double label =
            fmax(dg_words_width(cr, first, DG_LABEL_TEXT), dg_words_width(cr, last, DG_LABEL_TEXT));
        if (next / (high - low) * width < label * 1.3 + 12)
            break;
        step = next;
    }
    return step;
}

typedef struct tick {
    char text[56];
    double x, left, width; /* of its mark; of its label, which stays within the bar's length */
} tick;

static tick make_tick(cairo_t *cr, dg_box bar, const dg_legend *legend, double value,
                      const char *before) {
    const double low = legend->ramp.low, high = legend->ramp.high;
    char name[48];
    name_tick(value, legend->unit, name);
    tick t = {.x = bar.x + (value - low) / (high - low) * bar.width};
    snprintf(t.text, sizeof t.text, "%s%s", before, name);
    t.width = fmin(dg_words_width(cr, t.text, DG_LABEL_TEXT) + 1, bar.width);
    t.left = fmin(fmax(t.x - t.width / 2, bar.x), bar.x + bar.width - t.width);
    return t;
}

static void draw_tick(cairo_t *cr, dg_box bar, const tick *t) {
    const double bottom = bar.y + bar.height;
    dg_cairo.set_line_width(cr, 1);
    dg_cairo.move_to(cr, t->x, bottom);
    dg_cairo.line_to(cr, t->x, bottom + 3);
    dg_cairo.stroke(cr);
    dg_words_draw(cr, t->text, t->left, bottom + 4, t->width, 0, DG_LABEL_TEXT);
}

/* Those between the ends, as far as there is room from `left` to `right`. */
static void draw_inner_ticks(cairo_t *cr, dg_box bar, const dg_legend *legend, double left,
                             double right) {
    const double low = legend->ramp.low, high = legend->ramp.high;
    const double step = choose_step(cr, low, high, bar.width, legend->unit);
    const double first = ceil(low / step - 1e-9);
    const double most = 100; /* where steps are lost beside the values themselves */
    const int last = (int)fmin(floor(high / step + 1e-9) - first, most);
    for (int i = 0; i <= last; i++) {
        const tick t = make_tick(cr, bar, legend, (first + i) * step, "");
        if (t.left < left + GAP || t.left + t.width + GAP > right)
            continue;
        draw_tick(cr, bar, &t);
        left = t.left + t.width;
    }
}

/* The ends tell where there are values beyond them. Of two that have no room, the high one is drawn. */
static void draw_ticks(cairo_t *cr, dg_box bar, const dg_legend *legend, dg_ink ink) {
    const dg_ramp *ramp = &legend->ramp;
    if (!(ramp->high > ramp->low))
        return;
    const tick low =
        make_tick(cr, bar, legend, ramp->low, legend->has_lower ? "\342\211\244 " : "");
    const tick high =
        make_tick(cr, bar, legend, ramp->high, legend->has_higher ? "\342\211\245 " : "");
    dg_use_ink(cr, ink.text);
    draw_tick(cr, bar, &high);
    if (low.left + low.width + GAP > high.left)
        return;
    draw_tick(cr, bar, &low);
    draw_inner_ticks(cr, bar, legend, low.left + low.width, high.left);
}

static void draw_ramp_legend(cairo_t *cr, dg_box box, const dg_legend *legend, dg_ink ink) {
    const bool is_beside = box.width >= CAPTION_BESIDE;
    const double caption = fmin(dg_words_width(cr, legend->caption, DG_LABEL_TEXT) + 1,
                                is_beside ? box.width / 2 : box.width);
    const double indent = is_beside ? caption + 12 : 0, above = is_beside ? 0 : CAPTION_HEIGHT;
    dg_use_ink(cr, ink.text);
    dg_words_draw(cr, legend->caption, box.x, box.y + 1, caption, 0, DG_LABEL_TEXT);
    const dg_box bar = {box.x + indent, box.y + above + 3, box.width - indent, 11};
    draw_ramp(cr, bar, &legend->ramp, ink);
    draw_ticks(cr, bar, legend, ink);
    dg_swatches_draw(cr, &legend->swatches, bar.x, box.y + above + BAR_HEIGHT, bar.width, ink);
}

/* A ring about (x, y). */
static void draw_compass(cairo_t *cr, double x, double y, double r, const dg_ramp *ramp,
                         dg_ink ink) {
    static const char *const winds[] = {"N", "E", "S", "W"};
    for (int i = 0; i < 72; i++) {
        use_colour(cr, dg_ramp_at(ramp, i * 5 + 2.5));
        dg_cairo.move_to(cr, x, y);
        dg_cairo.arc(cr, x, y, r, (i * 5 - 90.5) * DG_RADIANS_PER_DEGREE,
                     (i * 5 - 84.5) * DG_RADIANS_PER_DEGREE);
        dg_cairo.close_path(cr);
        dg_cairo.fill(cr);
    }
    dg_use_ink(cr, ink.paper);
    dg_cairo.arc(cr, x, y, r * 0.45, 0, 360 * DG_RADIANS_PER_DEGREE);
    dg_cairo.fill(cr);
    dg_use_ink(cr, ink.text);
    for (int i = 0; i < 4; i++) {
        const double wind_x = x + (r + 8) * sin(i * 90 * DG_RADIANS_PER_DEGREE);
        const double wind_y = y - (r + 8) * cos(i * 90 * DG_RADIANS_PER_DEGREE);
        const double width = dg_words_width(cr, winds[i], DG_NOTE_TEXT);
        dg_cairo.move_to(cr, wind_x - width / 2, wind_y + 3.5);
        dg_cairo.show_text(cr, winds[i]);
    }
}

/* The ring to the right, and the words before it. */
static void draw_compass_legend(cairo_t *cr, dg_box box, const dg_legend *legend, dg_ink ink) {
    const double r = fmin(box.height / 2 - 14, box.width / 8), ring = 2 * (r + 14);
    const double y = box.y + box.height / 2;
    draw_compass(cr, box.x + box.width - ring / 2 - 4, y, r, &legend->ramp, ink);
    const double wanted = fmax(dg_words_width(cr, legend->caption, DG_LABEL_TEXT) + 1,
                               dg_swatches_width(cr, &legend->swatches));
    const double words = fmin(wanted, box.width - ring - 14);
    if (words <= 0)
        return;
    const double left = box.x + box.width - ring - 14 - words;
    const double swatches = dg_swatches_height(cr, &legend->swatches, words);
    const double top = y - (CAPTION_HEIGHT + swatches) / 2;
    dg_use_ink(cr, ink.text);
    dg_words_draw(cr, legend->caption, left, top, words, 0, DG_LABEL_TEXT);
    dg_swatches_draw(cr, &legend->swatches, left, top + CAPTION_HEIGHT, words, ink);
}

double dg_legend_height(cairo_t *cr, dg_legend_kind kind, const dg_swatches *swatches,
                        double width) {
    if (kind == DG_LEGEND_COMPASS)
        return COMPASS_HEIGHT;
    const double rows = dg_swatches_height(cr, swatches, width);
    if (kind == DG_LEGEND_CLASSES)
        return rows;
    return BAR_HEIGHT + rows + (width < CAPTION_BESIDE ? CAPTION_HEIGHT : 0);
}

void dg_draw_legend(cairo_t *cr, dg_box box, const dg_legend *legend, dg_ink ink) {
    switch (legend->kind) {
    case DG_LEGEND_RAMP:
        draw_ramp_legend(cr, box, legend, ink);
        break;
    case DG_LEGEND_COMPASS:
        draw_compass_legend(cr, box, legend, ink);
        break;
    case DG_LEGEND_CLASSES:
        dg_swatches_draw(cr, &legend->swatches, box.x, box.y, box.width, ink);
        break;
    }
}
