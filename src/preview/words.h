/* Text that stays where it may be: wrapped, and cut where there is too much of it; private to the
 * preview. It must be as dg_text_clean leaves it. */
#ifndef DG_WORDS_H
#define DG_WORDS_H

#include "cairo_calls.h"

#include <stdbool.h>

typedef struct dg_words_style {
    double size; /* of the font, in the page's units */
    bool is_bold;
    int most_lines;
} dg_words_style;

/* The sizes of a picture's text. */
extern const dg_words_style DG_TITLE_TEXT, DG_LABEL_TEXT, DG_NOTE_TEXT;

/* The height that `text` takes within `width`; 0 for none. */
double dg_words_height(cairo_t *cr, const char *text, double width, dg_words_style style);

/* The width of one line of it. */
double dg_words_width(cairo_t *cr, const char *text, dg_words_style style);

/* Draws it from the upper left corner (x, y) on, in the source colour; `align` is 0 for the left, 0.5
 * for the middle, 1 for the right of `width`. */
void dg_words_draw(cairo_t *cr, const char *text, double x, double y, double width, double align,
                   dg_words_style style);

#endif
