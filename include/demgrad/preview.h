/* Pictures of a surface's gradient, to look at and to paste into a report.
 *
 *     demgrad_preview_options options;
 *     demgrad_preview_options_init(&options);
 *     const char *inputs[] = {"dem.tif"};
 *     demgrad_error error;
 *     if (demgrad_preview(inputs, 1, "dem.png", &options, &error))
 *         fprintf(stderr, "%s\n", error.message);
 *
 * A picture is a map with what one needs to read it: a title, a legend, a scale bar in metres on the
 * ground, a north arrow where north is not up, and in small print the CRS, the metric and how the
 * pixels came about. Rasters of any size will do: what is drawn is the gradient of the surface reduced
 * to the map's pixels.
 *
 * As in raster.h, the program must have called GDALAllRegister(). A library that was built without
 * cairo, or finds none on its machine, has the calls all the same, and answers DEMGRAD_UNSUPPORTED. */
#ifndef DEMGRAD_PREVIEW_H
#define DEMGRAD_PREVIEW_H

#include <demgrad/raster.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is drawn. */
typedef enum demgrad_style {
    DEMGRAD_STYLE_RELIEF,     /* relief shaded from several sides, softly tinted by slope */
    DEMGRAD_STYLE_SLOPE,      /* degrees */
    DEMGRAD_STYLE_ASPECT,     /* the way down, paler where it is flat */
    DEMGRAD_STYLE_COMPONENTS, /* dz/dx and dz/dy side by side, in one ramp about 0 */
    DEMGRAD_STYLE_QUALITY,    /* where differences are one-sided */
    DEMGRAD_STYLE_ERROR,      /* of the slope, one standard deviation; needs raster.z_error */
    DEMGRAD_STYLE_END
} demgrad_style;

/* The colours of a ramp, evenly spaced from its low end to its high one, as #rrggbb. This
 * structure gets no new fields. */
enum { DEMGRAD_RAMP_COLOURS = 17 };

typedef struct demgrad_ramp {
    const char *name; /* static */
    char colours[DEMGRAD_RAMP_COLOURS][8];
} demgrad_ramp;

/* Fills *ramp with the ramp number `index`, from 0; false beyond the last. Works without cairo too. */
DEMGRAD_API bool demgrad_ramp_at(size_t index, demgrad_ramp *ramp);

typedef struct demgrad_preview_options {
    size_t size;                   /* set by demgrad_preview_options_init; leave it */
    demgrad_raster_options raster; /* how to read and compute; what it says of writing, but for
                                      `overwrite`, `sync`, `also_read` and `also_written`,
                                      does not count */
    demgrad_style style;           /* default DEMGRAD_STYLE_RELIEF */
    int width, height; /* of the picture, pixels at density 1; default 0, 0: as large as the
                                      map needs, 1,000 pixels along its longer side; a height of 0 with a
                                      width: as it comes */
    double density;    /* pixels of the file for each of these; default 1, for the best screens 2 */
    const char *title; /* UTF-8; "" for none; default NULL: the name of the first
                          input's file, or of a folder */
    const char *ramp;  /* its name, or a text file in gdaldem color-relief's form; default NULL: the
                           style's own */
    double low, high;  /* values at the ramp's ends, in the legend's unit; default 0, 0: found. Not
                           finite, or low above high: DEMGRAD_INVALID_ARGUMENT */
    bool is_dark;      /* light text on a dark page; default false */
    bool is_bare;      /* the map alone, with a world file beside it; default false */
} demgrad_preview_options;

/* Sets every field to its default. */
DEMGRAD_API void demgrad_preview_options_init_sized(demgrad_preview_options *options, size_t size,
                                                    size_t raster_size);
static inline void demgrad_preview_options_init(demgrad_preview_options *options) {
    demgrad_preview_options_init_sized(options, sizeof *options, sizeof options->raster);
}

/* Draws `count` inputs (several: their mosaic) and writes the picture to `output`, in the format of its
 * suffix: .png, .svg, .pdf, .jpg or .jpeg. An input is a DEM, a gradient that demgrad wrote, or the
 * folder of a batch's outputs; for quality and errors it must be a DEM. As with all outputs, the file
 * appears whole or not at all. Errors: those of demgrad_raster_gradient; DEMGRAD_INVALID_OPTION for a
 * suffix that is none of these, DEMGRAD_INVALID_ARGUMENT for a size with no room for a map. */
DEMGRAD_API demgrad_status demgrad_preview(const char *const *inputs, size_t count,
                                           const char *output,
                                           const demgrad_preview_options *options,
                                           demgrad_error *error);

/* Whether such a picture may be written to `output`, as far as that can be known before the work: the
 * options, the suffix, the folder, what is there. Errors: those of demgrad_preview. */
DEMGRAD_API demgrad_status demgrad_preview_check(const char *output,
                                                 const demgrad_preview_options *options,
                                                 demgrad_error *error);

/* The map of such a picture alone, as pixels: *pixels gets an array [*height][*width][4] of red, green,
 * blue and alpha (255, or 0 where there is no data), to be freed with demgrad_preview_free. The map is
 * as large as fits into the options' width and height. Errors: as above; nothing is to be freed then. A
 * style of two maps gives them side by side. */
DEMGRAD_API demgrad_status demgrad_preview_pixels(const char *const *inputs, size_t count,
                                                  const demgrad_preview_options *options,
                                                  unsigned char **pixels, int *width, int *height,
                                                  demgrad_error *error);

/* NULL is allowed. */
DEMGRAD_API void demgrad_preview_free(unsigned char *pixels);

#ifdef __cplusplus
}
#endif

#endif
