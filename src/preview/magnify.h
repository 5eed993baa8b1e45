/* A painting's map at the size at which it is drawn; private to the preview. */
#ifndef DG_MAGNIFY_H
#define DG_MAGNIFY_H

#include "paint.h"

typedef struct dg_magnifier {
    const dg_colour *map;
    int painted_width, painted_height;
    int width, height; /* as drawn */
    bool is_smooth;    /* colours run into each other, as the pixels are drawn little larger */
} dg_magnifier;

dg_magnifier dg_magnify(const dg_painting *painting, int map, int width, int height);

/* The colour at a drawn pixel. */
dg_colour dg_magnified(const dg_magnifier *magnifier, int x, int y);

/* All maps side by side, each of width x height, as an array [row][column] of red, green, blue and
 * alpha, to be freed; NULL where there is no memory. */
unsigned char *dg_painting_pixels(const dg_painting *painting, int width, int height);

#endif
