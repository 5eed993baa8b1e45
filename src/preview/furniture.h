/* What stands around the map: scale bar, north arrow, legend; private to the preview. All draw within
 * their box, in the ink's colour. */
#ifndef DG_FURNITURE_H
#define DG_FURNITURE_H

#include "page.h"
#include "swatch.h"

/* `unit_m` is the ground length of one page unit across the map. `where` is told after the length, as
 * it is right there only; "" where it is right everywhere. Draws nothing for a length that is not finite
 * and above 0. */
void dg_draw_scale_bar(cairo_t *cr, dg_box box, double unit_m, const char *where, dg_ink ink);

/* `degrees` clockwise from up. */
void dg_draw_arrow(cairo_t *cr, dg_box box, double degrees, dg_ink ink);

/* The height of a legend of this width. */
double dg_legend_height(cairo_t *cr, dg_legend_kind kind, const dg_swatches *swatches,
                        double width);

void dg_draw_legend(cairo_t *cr, dg_box box, const dg_legend *legend, dg_ink ink);

#endif
