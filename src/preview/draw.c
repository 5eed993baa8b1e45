#include "draw.h"

#include "magnify.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const dg_ink LIGHT = {1, 0.12, 0.6}, DARK = {0.11, 0.92, 0.5};

/* Fills cairo's pixels, words of alpha, red, green and blue. A colour is opaque, or not there: none is to
 * be multiplied with its alpha. */
static void fill_image(const dg_painting *p, int map, cairo_surface_t *image) {
    const int width = dg_cairo.image_surface_get_width(image);
    const int height = dg_cairo.image_surface_get_height(image);
    unsigned char *data = dg_cairo.image_surface_get_data(image);
    const dg_magnifier m = dg_magnify(p, map, width, height);
    for (int y = 0; y < height; y++) {
        uint32_t *to =
            (uint32_t *)(void *)(data + (ptrdiff_t)y * dg_cairo.image_surface_get_stride(image));
        for (int x = 0; x < width; x++) {
            const dg_colour c = dg_magnified(&m, x, y);
            to[x] = (uint32_t)c.alpha << 24 | (uint32_t)c.red << 16 | (uint32_t)c.green << 8 |
                    (uint32_t)c.blue;
        }
    }
}

static demgrad_status draw_map(cairo_t *cr, const dg_drawing *d, int map, demgrad_error *error) {
    const dg_box box = d->page->maps[map];
    const int width = (int)lround(box.width * d->density);
    const int height = (int)lround(box.height * d->density);
    cairo_surface_t *image = dg_cairo.image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    demgrad_status status = DEMGRAD_OK;
    if (dg_cairo.surface_status(image) == CAIRO_STATUS_SUCCESS) {
        dg_cairo.surface_flush(image);
        fill_image(d->painting, map, image);
        dg_cairo.surface_mark_dirty(image);
        dg_cairo.save(cr);
        dg_cairo.translate(cr, box.x, box.y);
        dg_cairo.scale(cr, box.width / width, box.height / height);
        dg_cairo.set_source_surface(cr, image, 0, 0);
        dg_cairo.pattern_set_filter(dg_cairo.get_source(cr), CAIRO_FILTER_NEAREST);
        dg_cairo.paint(cr);
        dg_cairo.restore(cr);
    } else {
        status = dg_fail_memory(error, "the picture's map");
    }
    dg_cairo.surface_destroy(image);
    return status;
}

static void draw_frame(cairo_t *cr, dg_box box, dg_ink ink) {
    dg_use_ink(cr, ink.faint);
    dg_cairo.set_line_width(cr, 1);
    dg_cairo.rectangle(cr, box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
    dg_cairo.stroke(cr);
}

static void draw_around(cairo_t *cr, const dg_drawing *d, dg_ink ink) {
    const dg_page *p = d->page;
    dg_use_ink(cr, ink.text);
    dg_words_draw(cr, d->title, p->title.x, p->title.y, p->title.width, 0, DG_TITLE_TEXT);
    for (int i = 0; i < d->painting->count; i++) {
        draw_frame(cr, p->maps[i], ink);
        dg_use_ink(cr, ink.text);
        if (p->names[i].width > 0)
            dg_words_draw(cr, d->painting->names[i], p->names[i].x, p->names[i].y,
                          p->names[i].width, 0, DG_LABEL_TEXT);
    }
    dg_draw_scale_bar(cr, p->scale_bar, d->unit_m, d->where, ink);
    dg_draw_arrow(cr, p->arrow, d->north_deg, ink);
    dg_draw_legend(cr, p->legend, &d->painting->legend, ink);
    dg_use_ink(cr, ink.text * 0.7 + ink.paper * 0.3);
    dg_words_draw(cr, d->note, p->note.x, p->note.y, p->note.width, 0, DG_NOTE_TEXT);
}

demgrad_status dg_draw(cairo_t *cr, const dg_drawing *drawing, demgrad_error *error) {
    const dg_ink ink = drawing->is_dark ? DARK : LIGHT;
    if (!drawing->is_bare || drawing->is_opaque) {
        dg_use_ink(cr, ink.paper);
        dg_cairo.paint(cr);
    }
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; i < drawing->painting->count && !status; i++) {
        const dg_box map = drawing->page->maps[i];
        if (!drawing->is_bare) /* shows in holes; it is no colour of a map */
            dg_hatch(cr, map.x, map.y, map.width, map.height, ink);
        status = draw_map(cr, drawing, i, error);
    }
    if (!status && !drawing->is_bare)
        draw_around(cr, drawing, ink);
    if (!status && dg_cairo.status(cr) != CAIRO_STATUS_SUCCESS)
        status = dg_fail(error, DEMGRAD_WRITE_FAILED, "the picture cannot be drawn: %s",
                         dg_cairo.status_to_string(dg_cairo.status(cr)));
    return status;
}
