/* From a gradient to colours: the styles of a picture; private to the preview. */
#ifndef DG_PAINT_H
#define DG_PAINT_H

#include "field.h"
#include "ramp.h"

#include <demgrad/preview.h>

/* The most maps that a style draws side by side. */
enum { DG_MOST_MAPS = 2 };

/* What a picture's legend tells of its colours. */
typedef enum dg_legend_kind {
    DG_LEGEND_RAMP,    /* a bar with numbers */
    DG_LEGEND_COMPASS, /* a ring with the winds */
    DG_LEGEND_CLASSES  /* a swatch for each class */
} dg_legend_kind;

/* A colour that stands for one thing. */
typedef struct dg_swatch {
    const char *words;
    dg_colour colour; /* transparent: hatching */
} dg_swatch;

enum { DG_MOST_SWATCHES = 5 };

typedef struct dg_swatches {
    int count;
    dg_swatch items[DG_MOST_SWATCHES];
} dg_swatches;

typedef struct dg_legend {
    dg_legend_kind kind;
    const char *caption; /* with the unit */
    const char *unit;    /* after each number; "" for none */
    dg_ramp ramp;
    bool has_lower, has_higher; /* there are values beyond the ramp's ends, in their colours */
    dg_swatches swatches;       /* the classes, and what else the maps have */
} dg_legend;

/* A style's maps. */
typedef struct dg_painting {
    int count;
    const char *names[DG_MOST_MAPS]; /* of each map, where there are several; else NULL */
    int width, height;               /* pixels of each */
    dg_colour *maps[DG_MOST_MAPS];   /* [row][column], as they lie in the picture */
    dg_legend legend;
    double exaggeration; /* of the shaded relief; 0: there is none */
} dg_painting;

/* What the page must know of a style before it is painted. */
typedef struct dg_style_facts {
    int map_count;
    bool has_names;
    dg_legend_kind legend;
    dg_swatches swatches; /* all that there can be, without their colours */
    const char *extra;    /* the band that it needs of the field beside the components, or NULL */
} dg_style_facts;

dg_style_facts dg_style_describe(demgrad_style style);

demgrad_status dg_paint(const dg_surface *surface, const dg_field *field,
                        const demgrad_preview_options *options, dg_painting *painting,
                        demgrad_error *error);
void dg_painting_free(dg_painting *painting);

#endif
