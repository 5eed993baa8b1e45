/* Bands: what can be made of a gradient. Each is a row of one table. */
#ifndef DG_BAND_H
#define DG_BAND_H

#include <stdbool.h>
#include <stddef.h>

/* What a band's values are made of, and what they are; a set of bits. */
enum {
    DG_NEEDS_DZDX = 1,
    DG_NEEDS_DZDY = 2,
    DG_NEEDS_BOTH = 3,
    DG_NEEDS_WHOLE = 4,  /* whether the stencil is whole */
    DG_NEEDS_NOISE = 8,  /* variances and covariance of dz/dx and dz/dy */
    DG_NEEDS_LIGHT = 16, /* of the settings: the light */
    DG_NEEDS_FLAT = 32,  /* of the settings: the aspect of flat ground */
    DG_HAS_CLASSES = 64  /* they are numbers of classes: none is nodata, or infinite */
};

typedef enum dg_hillshade {
    DG_HILLSHADE_PLAIN,
    DG_HILLSHADE_MULTIDIRECTIONAL,
    DG_HILLSHADE_COMBINED
} dg_hillshade;

/* Where the light comes from, and what it does. */
typedef struct dg_light {
    dg_hillshade kind;
    double sin_azimuth, cos_azimuth; /* clockwise from the frame's north */
    double sin_altitude, cos_altitude;
    double exaggeration; /* of the slope */
} dg_light;

/* In degrees. Not by the C library's sines, whose last digit depends on the CPU. */
dg_light dg_light_make(dg_hillshade kind, double azimuth_deg, double altitude_deg,
                       double exaggeration);

/* What the user chooses about the bands. */
typedef struct dg_band_settings {
    double flat_aspect;  /* the aspect of flat ground; NaN: no data */
    bool becomes_floats; /* what is made of doubles is stored as floats */
    double z_error;      /* one standard deviation of the elevations, in stored units */
    dg_light light;
} dg_band_settings;

/* Values of a run of pixels, floats or doubles, to make a band's of. Those that a band does not need
 * may be NULL. */
typedef struct dg_band_input {
    const void *dzdx, *dzdy;               /* m/m; NaN: does not exist */
    const void *whole;                     /* 1 where the stencil is whole, else 0 */
    const void *var_dzdx, *cov, *var_dzdy; /* for elevations of variance 1, in stored units */
    const dg_band_settings *settings;
    double nodata;
} dg_band_input;

/* Fills out[n], of the input's type: with `nodata` instead of NaN, and with infinity where the value is
 * beyond the type. */
typedef void (*dg_band_function)(const dg_band_input *input, int n, void *out);

typedef struct dg_band {
    const char *name;        /* the word that picks it */
    const char *description; /* in the output's band */
    const char *unit;
    double min, max; /* that the values can have; infinite: no limit */
    int needs;
    dg_band_function of_floats, of_doubles; /* NULL: the band is the component that it needs */
} dg_band;

#endif
