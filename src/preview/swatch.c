#include "swatch.h"

#include <math.h>

static const double SIDE = 11, TO_WORDS = 16, APART = 16, ROW = 18;

void dg_use_ink(cairo_t *cr, double grey) {
    dg_cairo.set_source_rgb(cr, grey, grey, grey);
}

void dg_hatch(cairo_t *cr, double x, double y, double width, double height, dg_ink ink) {
    dg_cairo.save(cr);
    dg_cairo.rectangle(cr, x, y, width, height);
    dg_cairo.clip(cr);
    dg_cairo.set_source_rgba(cr, ink.faint, ink.faint, ink.faint, 0.55);
    dg_cairo.set_line_width(cr, 0.8);
    for (double at = x - height; at < x + width; at += 6) {
        dg_cairo.move_to(cr, at, y + height);
        dg_cairo.line_to(cr, at + height, y);
    }
    dg_cairo.stroke(cr);
    dg_cairo.restore(cr);
}

static double width_of(cairo_t *cr, const dg_swatch *swatch) {
    return TO_WORDS + ceil(dg_words_width(cr, swatch->words, DG_LABEL_TEXT)) + 1;
}

static void draw_swatch(cairo_t *cr, const dg_swatch *swatch, double x, double y, double width,
                        dg_ink ink) {
    const dg_colour c = swatch->colour;
    const double side = fmin(SIDE, width);
    if (c.alpha == 0)
        dg_hatch(cr, x, y + 3, side, side, ink);
    dg_cairo.rectangle(cr, x, y + 3, side, side);
    dg_cairo.set_source_rgba(cr, c.red / 255.0, c.green / 255.0, c.blue / 255.0, c.alpha / 255.0);
    dg_cairo.fill_preserve(cr);
    dg_use_ink(cr, ink.faint);
    dg_cairo.set_line_width(cr, 0.75);
    dg_cairo.stroke(cr);
    dg_use_ink(cr, ink.text);
    if (width > 2 * TO_WORDS)
        dg_words_draw(cr, swatch->words, x + TO_WORDS, y + 1, width - TO_WORDS, 0, DG_LABEL_TEXT);
}

/* Goes through the rows, draws them where there is ink, and counts them. */
static int set_rows(cairo_t *cr, const dg_swatches *swatches, double x, double y, double width,
                    const dg_ink *ink) {
    int rows = 0;
    double at = 0;
    for (int i = 0; i < swatches->count; i++) {
        const double own = fmin(width_of(cr, &swatches->items[i]), width);
        if (i == 0 || at + own > width) {
            rows++;
            at = 0;
        }
        if (ink)
            draw_swatch(cr, &swatches->items[i], x + at, y + (rows - 1) * ROW, own, *ink);
        at += own + APART;
    }
    return rows;
}

double dg_swatches_width(cairo_t *cr, const dg_swatches *swatches) {
    double widest = 0;
    for (int i = 0; i < swatches->count; i++)
        widest = fmax(widest, width_of(cr, &swatches->items[i]));
    return widest;
}

double dg_swatches_height(cairo_t *cr, const dg_swatches *swatches, double width) {
    return set_rows(cr, swatches, 0, 0, width, NULL) * ROW;
}

void dg_swatches_draw(cairo_t *cr, const dg_swatches *swatches, double x, double y, double width,
                      dg_ink ink) {
    if (width > 0)
        set_rows(cr, swatches, x, y, width, &ink);
}
