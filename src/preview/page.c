#include "page.h"

#include "furniture.h"

#include <math.h>

/* In pixels at density 1. */
static const double MARGIN = 16, GAP = 10;
static const double LONGER_SIDE = 1000;   /* of a map whose size is not given */
static const double SHORTER_SIDE = 24;    /* the least that a map may have */
static const double TALLEST = 3;          /* a map whose height is not given, by its width */
static const double LEAST_WIDTH = 340;    /* of a page whose size is not given */
static const double LEAST_MAP = 40;       /* the least that the options may leave for a map */
static const double FURNITURE_WIDE = 460; /* scale bar, arrow and legend fit beside each other */
static const double BAR_HEIGHT = 34, ARROW_WIDTH = 30;

static bool is_wide(double inner) {
    return inner >= FURNITURE_WIDE;
}

/* Scale bar and arrow take the left of a wide page, the legend the rest. */
static double left_width(double inner) {
    return is_wide(inner) ? floor(inner * 0.45) : inner;
}

static double legend_width(double inner) {
    return is_wide(inner) ? inner - left_width(inner) - 2 * GAP : inner;
}

static double legend_height(const dg_page_content *c, cairo_t *cr, double inner) {
    return dg_legend_height(cr, c->style.legend, &c->style.swatches, legend_width(inner));
}

/* Maps lie side by side where they are high, else below each other. */
static bool is_side_by_side(const dg_page_content *c) {
    return c->style.map_count > 1 && c->proportion > 0.6;
}

static int across(const dg_page_content *c) {
    return is_side_by_side(c) ? c->style.map_count : 1;
}

static int down(const dg_page_content *c) {
    return c->style.map_count / across(c);
}

/* The largest map of the content's proportion within a box; of extreme ones the shorter side is drawn
 * wider than it is. */
static void fit_map(double proportion, double width, double height, double *map_width,
                    double *map_height) {
    *map_width = fmin(width, height / proportion);
    *map_height = *map_width * proportion;
    *map_width = fmin(fmax(*map_width, SHORTER_SIDE), width);
    *map_height = fmin(fmax(*map_height, SHORTER_SIDE), height);
    *map_width = fmax(floor(*map_width + 1e-6), 1);
    *map_height = fmax(round(*map_height), 1);
}

static double name_height(const dg_page_content *c, cairo_t *cr) {
    return c->style.has_names ? ceil(dg_words_height(cr, "dz", 100, DG_LABEL_TEXT)) + 4 : 0;
}

/* The height of all but the maps, for a page of this inner width. */
static double other_height(const dg_page_content *c, cairo_t *cr, double inner) {
    const double title = ceil(dg_words_height(cr, c->title, inner, DG_TITLE_TEXT));
    const double note = dg_words_height(cr, c->note, inner, DG_NOTE_TEXT);
    const double legend = legend_height(c, cr, inner);
    const double furniture = is_wide(inner) ? fmax(legend, BAR_HEIGHT) : legend + GAP + BAR_HEIGHT;
    return 2 * MARGIN + (title > 0 ? title + GAP : 0) + GAP + furniture + GAP + note +
           down(c) * name_height(c, cr) + (down(c) - 1) * GAP;
}

/* The maps' common size, and with it the page's. */
static demgrad_status choose_sizes(const dg_page_content *c, const demgrad_preview_options *o,
                                   cairo_t *cr, double *map_width, double *map_height,
                                   dg_page *page, demgrad_error *error) {
    const double gaps = (across(c) - 1) * GAP;
    double box_width = LONGER_SIDE / across(c), box_height = LONGER_SIDE / down(c);
    if (o->width > 0)
        box_width = (o->width - 2 * MARGIN - gaps) / across(c);
    if (o->width > 0 && o->height == 0)
        box_height = TALLEST * box_width;
    if (o->height > 0)
        box_height = (o->height - other_height(c, cr, o->width - 2 * MARGIN)) / down(c);
    if (box_width < LEAST_MAP || box_height < LEAST_MAP)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "a picture of %d x %d pixels has no room for a map beside its text; make it "
                       "larger, or draw the map alone (--bare)",
                       o->width, o->height);
    fit_map(c->proportion, box_width, box_height, map_width, map_height);
    if (o->width > 0 && o->height == 0)
        box_height = *map_height;
    const double maps = *map_width * across(c) + gaps;
    page->width = o->width > 0 ? o->width : fmax(maps, LEAST_WIDTH) + 2 * MARGIN;
    page->height = o->height > 0
                       ? o->height
                       : *map_height * down(c) + other_height(c, cr, page->width - 2 * MARGIN);
    page->height = ceil(page->height);
    return DEMGRAD_OK;
}

static void place_maps(const dg_page_content *c, cairo_t *cr, double map_width, double map_height,
                       double *y, dg_page *page) {
    const double name = name_height(c, cr);
    const double all = map_width * across(c) + GAP * (across(c) - 1);
    const double left = floor((page->width - all) / 2);
    for (int i = 0; i < c->style.map_count; i++) {
        const int col = is_side_by_side(c) ? i : 0, row = is_side_by_side(c) ? 0 : i;
        const double x = left + col * (map_width + GAP);
        const double top = *y + row * (name + map_height + GAP);
        page->names[i] = (dg_box){x, top, c->style.has_names ? map_width : 0, name};
        page->maps[i] = (dg_box){x, top + name, map_width, map_height};
    }
    *y += down(c) * (name + map_height) + (down(c) - 1) * GAP + GAP;
}

/* Scale bar and north arrow to the left, the legend to the right; or one below the other. */
static void place_furniture(const dg_page_content *c, cairo_t *cr, double inner, double *y,
                            dg_page *page) {
    const double legend = legend_height(c, cr, inner);
    const double arrow = c->has_arrow ? ARROW_WIDTH : 0;
    const double left = left_width(inner);
    page->scale_bar = (dg_box){MARGIN, *y, left - arrow - (arrow > 0 ? GAP : 0), BAR_HEIGHT};
    page->arrow = (dg_box){MARGIN + left - arrow, *y, arrow, BAR_HEIGHT};
    const double width = legend_width(inner);
    page->legend = (dg_box){MARGIN + inner - width, *y, width, legend};
    if (!is_wide(inner))
        page->legend.y += BAR_HEIGHT + GAP;
    *y = page->legend.y + fmax(legend, is_wide(inner) ? BAR_HEIGHT : 0) + GAP;
}

static void make_bare(const dg_page_content *c, const demgrad_preview_options *o, dg_page *page) {
    double width, height;
    fit_map(c->proportion, (o->width > 0 ? o->width : LONGER_SIDE) / c->style.map_count,
            o->height > 0  ? o->height
            : o->width > 0 ? TALLEST * o->width
                           : LONGER_SIDE,
            &width, &height);
    *page = (dg_page){.width = width * c->style.map_count, .height = height};
    for (int i = 0; i < c->style.map_count; i++)
        page->maps[i] = (dg_box){i * width, 0, width, height};
}

demgrad_status dg_page_make(const dg_page_content *content, const demgrad_preview_options *options,
                            cairo_t *cr, dg_page *page, demgrad_error *error) {
    *page = (dg_page){0};
    if (options->is_bare) {
        make_bare(content, options, page);
        return DEMGRAD_OK;
    }
    double map_width = 0, map_height = 0, y = MARGIN;
    const demgrad_status status =
        choose_sizes(content, options, cr, &map_width, &map_height, page, error);
    if (status)
        return status;
    const double inner = page->width - 2 * MARGIN;
    const double title = ceil(dg_words_height(cr, content->title, inner, DG_TITLE_TEXT));
    page->title = (dg_box){MARGIN, y, inner, title};
    y += title > 0 ? title + GAP : 0;
    place_maps(content, cr, map_width, map_height, &y, page);
    place_furniture(content, cr, inner, &y, page);
    page->note =
        (dg_box){MARGIN, y, inner, dg_words_height(cr, content->note, inner, DG_NOTE_TEXT)};
    return DEMGRAD_OK;
}
