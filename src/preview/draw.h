/* Draws a page; private to the preview. */
#ifndef DG_DRAW_H
#define DG_DRAW_H

#include "furniture.h"

typedef struct dg_drawing {
    const dg_page *page;
    const dg_painting *painting;
    const char *title, *note;
    double density;    /* device pixels for each of the page's */
    double unit_m;     /* ground length of a page unit across the map; NaN: not known */
    const char *where; /* where the scale bar is right; "" for everywhere */
    double north_deg;  /* clockwise from up */
    bool is_dark, is_bare;
    bool is_opaque; /* the format has no transparency */
} dg_drawing;

/* Draws on a surface whose user space is the page's. */
demgrad_status dg_draw(cairo_t *cr, const dg_drawing *drawing, demgrad_error *error);

#endif
