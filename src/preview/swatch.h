/* Patches of colour with their words beside them, in rows, and the hatching of what has no colour;
 * private to the preview. */
#ifndef DG_SWATCH_H
#define DG_SWATCH_H

#include "paint.h"
#include "words.h"

/* The colours of a page. */
typedef struct dg_ink {
    double paper, text, faint; /* grey levels, 0 to 1 */
} dg_ink;

void dg_use_ink(cairo_t *cr, double grey);

/* Hatches a rectangle, as holes are. */
void dg_hatch(cairo_t *cr, double x, double y, double width, double height, dg_ink ink);

/* The width of the widest one, and the height of all in rows of `width`. */
double dg_swatches_width(cairo_t *cr, const dg_swatches *swatches);
double dg_swatches_height(cairo_t *cr, const dg_swatches *swatches, double width);

/* Draws them from the upper left corner (x, y) on; words wider than `width` are cut. */
void dg_swatches_draw(cairo_t *cr, const dg_swatches *swatches, double x, double y, double width,
                      dg_ink ink);

#endif
