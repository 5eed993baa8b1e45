#include "furniture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double RADIANS = 0.01745329251994329577;

static void use_ink(cairo_t *cr, double grey) {
    dg_cairo.set_source_rgb(cr, grey, grey, grey);
}

static void use_colour(cairo_t *cr, dg_colour c) {
    dg_cairo.set_source_rgb(cr, c.red / 255.0, c.green / 255.0, c.blue / 255.0);
}

/* The largest of 1, 2 and 5 times a power of ten that is not above `value`. */
static double round_down(double value) {
    const double power = pow(10, floor(log10(value)));
    const double steps[] = {5, 2, 1};
    for (int i = 0; i < 3; i++) {
        if (steps[i] * power <= value * (1 + 1e-12))
            return steps[i] * power;
    }
    return power;
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

void dg_draw_scale_bar(cairo_t *cr, dg_box box, double unit_m, const char *where, dg_ink ink) {
    if (!isfinite(unit_m) || unit_m <= 0)
        return;
    const double metres = round_down(box.width * 0.7 * unit_m);
    const double length = metres / unit_m;
    char name[32], text[96];
    name_length(metres, name);
    snprintf(text, sizeof text, "%s%s%s", name, *where ? " " : "", where);
    use_ink(cr, ink.text);
    dg_cairo.set_line_width(cr, 1);
    /* Two halves, the first one filled. */
    const double y = box.y + 3.5;
    dg_cairo.rectangle(cr, box.x + 0.5, y, length, 5);
    dg_cairo.stroke(cr);
    dg_cairo.rectangle(cr, box.x + 0.5, y, length / 2, 5);
    dg_cairo.fill(cr);
    dg_words_draw(cr, text, box.x, box.y + 13, box.width, 0, DG_LABEL_TEXT);
}

void dg_draw_arrow(cairo_t *cr, dg_box box, double degrees, dg_ink ink) {
    if (box.width <= 0)
        return;
    const double r = box.height / 2;
    dg_cairo.save(cr);
    dg_cairo.translate(cr, box.x + box.width / 2, box.y + r);
    dg_cairo.rotate(cr, degrees * RADIANS);
    use_ink(cr, ink.text);
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
    use_ink(cr, ink.faint);
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
    double step = round_down((high - low) / 2);
    char first[48], last[48];
    for (int finer = 0; finer < 6; finer++) {
        const double next = round_down(step * 0.7);
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

static void draw_ticks(cairo_t *cr, dg_box bar, const dg_legend *legend, dg_ink ink) {
    const double low = legend->ramp.low, high = legend->ramp.high;
    if (!(high > low))
        return;
    const double gap = 4, most = 100; /* ticks: where steps are lost beside the values themselves */
    const double step = choose_step(cr, low, high, bar.width, legend->unit);
    const double first = ceil(low / step - 1e-9);
    const int last = (int)fmin(floor(high / step + 1e-9) - first, most);
    double next = bar.x + bar.width + 2 * gap; /* where the label after it begins */
    use_ink(cr, ink.text);
    for (int i = last; i >= 0; i--) {
        const double n = first + i;
        char text[48];
        name_tick(n * step, legend->unit, text);
        const double x = bar.x + (n * step - low) / (high - low) * bar.width;
        const double width = dg_words_width(cr, text, DG_LABEL_TEXT);
        const double left = fmin(fmax(x - width / 2, bar.x), bar.x + bar.width - width);
        dg_cairo.set_line_width(cr, 1);
        dg_cairo.move_to(cr, x, bar.y + bar.height);
        dg_cairo.line_to(cr, x, bar.y + bar.height + 3);
        dg_cairo.stroke(cr);
        if (left + width + gap > next)
            continue;
        dg_words_draw(cr, text, left, bar.y + bar.height + 4, width + 1, 0, DG_LABEL_TEXT);
        next = left;
    }
}

static void draw_ramp_legend(cairo_t *cr, dg_box box, const dg_legend *legend, dg_ink ink) {
    const double caption =
        fmin(dg_words_width(cr, legend->caption, DG_LABEL_TEXT) + 1, box.width / 2);
    use_ink(cr, ink.text);
    dg_words_draw(cr, legend->caption, box.x, box.y + 1, caption, 0, DG_LABEL_TEXT);
    const dg_box bar = {box.x + caption + 12, box.y + 3, box.width - caption - 12, 11};
    draw_ramp(cr, bar, &legend->ramp, ink);
    draw_ticks(cr, bar, legend, ink);
}

static void draw_compass_legend(cairo_t *cr, dg_box box, const dg_legend *legend, dg_ink ink) {
    static const char *const winds[] = {"N", "E", "S", "W"};
    const double r = box.height / 2 - 14, x = box.x + box.width - box.height / 2 - 4;
    const double y = box.y + box.height / 2;
    for (int i = 0; i < 72; i++) {
        use_colour(cr, dg_ramp_at(&legend->ramp, i * 5 + 2.5));
        dg_cairo.move_to(cr, x, y);
        dg_cairo.arc(cr, x, y, r, (i * 5 - 90.5) * RADIANS, (i * 5 - 84.5) * RADIANS);
        dg_cairo.close_path(cr);
        dg_cairo.fill(cr);
    }
    use_ink(cr, ink.paper);
    dg_cairo.arc(cr, x, y, r * 0.45, 0, 360 * RADIANS);
    dg_cairo.fill(cr);
    use_ink(cr, ink.text);
    for (int i = 0; i < 4; i++) {
        const double wind_x = x + (r + 8) * sin(i * 90 * RADIANS);
        const double wind_y = y - (r + 8) * cos(i * 90 * RADIANS);
        const double width = dg_words_width(cr, winds[i], DG_NOTE_TEXT);
        dg_cairo.move_to(cr, wind_x - width / 2, wind_y + 3.5);
        dg_cairo.show_text(cr, winds[i]);
    }
    const double caption = dg_words_width(cr, legend->caption, DG_LABEL_TEXT) + 1;
    dg_words_draw(cr, legend->caption, x - box.height / 2 - 10 - caption, y - 8, caption, 0,
                  DG_LABEL_TEXT);
}

static void draw_class_legend(cairo_t *cr, dg_box box, const dg_legend *legend, dg_ink ink) {
    double x = box.x;
    for (int i = 0; legend->classes[i]; i++) {
        const double width = dg_words_width(cr, legend->classes[i], DG_LABEL_TEXT);
        use_colour(cr, dg_ramp_at(&legend->ramp, i));
        dg_cairo.rectangle(cr, x, box.y + 3, 11, 11);
        dg_cairo.fill_preserve(cr);
        use_ink(cr, ink.faint);
        dg_cairo.set_line_width(cr, 0.75);
        dg_cairo.stroke(cr);
        use_ink(cr, ink.text);
        dg_words_draw(cr, legend->classes[i], x + 16, box.y + 1, width + 1, 0, DG_LABEL_TEXT);
        x += width + 32;
    }
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
        draw_class_legend(cr, box, legend, ink);
        break;
    }
}
