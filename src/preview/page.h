/* Where everything is on a picture; private to the preview. */
#ifndef DG_PAGE_H
#define DG_PAGE_H

#include "paint.h"
#include "words.h"

typedef struct dg_box {
    double x, y, width, height;
} dg_box;

/* What a page has to make room for. */
typedef struct dg_page_content {
    dg_style_facts style;
    double proportion; /* height of a map by its width */
    const char *title; /* "" for none */
    const char *note;  /* the small print, at its longest */
    bool has_arrow;
} dg_page_content;

/* Boxes do not overlap, and lie within the page. */
typedef struct dg_page {
    double width, height;
    dg_box title, maps[DG_MOST_MAPS], names[DG_MOST_MAPS];
    dg_box scale_bar, arrow, legend, note; /* a width of 0: there is none */
} dg_page;

/* Lays the page out for the size that the options give; `cr` measures the text. A bare page is its map.
 * DEMGRAD_INVALID_ARGUMENT where there is no room. */
demgrad_status dg_page_make(const dg_page_content *content, const demgrad_preview_options *options,
                            cairo_t *cr, dg_page *page, demgrad_error *error);

#endif
