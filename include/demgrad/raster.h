/* The gradient of elevation rasters: files in, a file out.
 *
 *     demgrad_raster_options options;
 *     demgrad_raster_options_init(&options);
 *     const char *inputs[] = {"dem.tif"};
 *     demgrad_error error;
 *     if (demgrad_raster_gradient(inputs, 1, "gradient.tif", &options, NULL, &error))
 *         fprintf(stderr, "%s\n", error.message);
 *
 * dz/dx is positive where the ground rises towards grid east, dz/dy where it rises towards grid
 * north, whichever way rows, columns and the axes of the CRS run; both in metres of rise per metre
 * travelled on the ground (docs/method.md derives them).
 *
 * The program must have called GDALAllRegister() once. Calls are safe from several threads at once;
 * the only settings shared between them are GDAL's own (its configuration and block cache).
 *
 * Strips of more than 64 MB are read from a mapped file. The first time, a handler of SIGBUS is set for
 * the process: a file that another program cuts meanwhile is then an error, not the end. It hands on to
 * the handler before it whatever is not of such a map; a program that sets its own later goes without. */
#ifndef DEMGRAD_RASTER_H
#define DEMGRAD_RASTER_H

#include <demgrad/status.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a metre travelled is. */
typedef enum demgrad_metric {
    DEMGRAD_METRIC_GROUND,  /* a metre along the CRS's own ellipsoid */
    DEMGRAD_METRIC_MAP,     /* a metre of the CRS's plane */
    DEMGRAD_METRIC_SPACING, /* given distances: spacing_x, spacing_y, x_coords, y_coords; with any
                               other metric, these are refused */
} demgrad_metric;

/* Which way x and y point. */
typedef enum demgrad_frame {
    DEMGRAD_FRAME_GRID, /* y: as northing rises at fixed easting; x: 90 degrees clockwise of it */
    DEMGRAD_FRAME_TRUE, /* x: east, y: north */
} demgrad_frame;

/* What is done where a neighbour is missing: at the rim, and at the rim of a nodata hole. */
typedef enum demgrad_edges {
    DEMGRAD_EDGES_ONE_SIDED, /* a one-sided difference of edge_order */
    DEMGRAD_EDGES_PROPAGATE, /* nodata */
} demgrad_edges;

/* Whether columns go round the globe, so that the first ones are neighbours of the last. They can where the CRS is
 * geographic, the raster neither rotated nor skewed, and a whole number of its columns makes 360 degrees; not with
 * DEMGRAD_METRIC_SPACING. */
typedef enum demgrad_wrap {
    DEMGRAD_WRAP_AUTO, /* where they can */
    DEMGRAD_WRAP_YES,  /* likewise, and DEMGRAD_INVALID_ARGUMENT where they cannot */
    DEMGRAD_WRAP_NO,   /* the raster ends at its first and its last column */
} demgrad_wrap;

/* How elevations are stored. */
typedef enum demgrad_decode {
    DEMGRAD_DECODE_NONE,        /* as numbers of a band */
    DEMGRAD_DECODE_TERRAIN_RGB, /* -10000 m + 0.1 m ((R * 256 + G) * 256 + B), of three bands of bytes */
    DEMGRAD_DECODE_TERRARIUM, /* -32768 m + (R * 256 + G + B / 256) m, likewise */
} demgrad_decode;

/* The number type of the output. */
typedef enum demgrad_output_type { DEMGRAD_FLOAT32, DEMGRAD_FLOAT64 } demgrad_output_type;

/* How light falls on a hillshade: 1 + 254 s, where s, not below 0, is as in gdaldem. `angle` is that between the
 * light and the ground's normal. */
typedef enum demgrad_hillshade {
    DEMGRAD_HILLSHADE_PLAIN, /* cos(angle) */
    /* The weighted mean of that for four lights from the west half; azimuth is not used (R. K. Mark, USGS
     * Open-File Report 92-422, 1992). */
    DEMGRAD_HILLSHADE_MULTIDIRECTIONAL,
    DEMGRAD_HILLSHADE_COMBINED /* with the slope: 1 - (angle / 90 deg) (slope / 90 deg) */
} demgrad_hillshade;

/* GDAL's block cache is the program's to set (GDALSetCacheMax64). To keep to the `memory` of the
 * options below, set it to memory / DEMGRAD_CACHE_SHARE bytes, as the command does. With glibc, each thread's
 * heap keeps what was freed in it, beyond that limit where blocks are large: mallopt(M_ARENA_MAX, 1), or
 * MALLOC_ARENA_MAX=1 in the environment, before the first thread, as the command does too. */
enum { DEMGRAD_CACHE_SHARE = 8 };

/* Told how much of all is done: pixels written, of a picture thousandths; 0 of 1 while several inputs are
 * looked at. Returning 0 cancels: the call then ends with DEMGRAD_CANCELLED and leaves no output. Called by
 * one thread at a time, not always the caller's. */
typedef int (*demgrad_progress)(int64_t done, int64_t all, void *user);

/* Told of what was assumed and may be wrong, one line each, as in demgrad_error's message. Called on
 * the caller's thread, before the call returns. */
typedef void (*demgrad_warning)(const char *text, void *user);

/* Structures here and in batch.h and preview.h get new fields at their end in later versions. A program
 * goes on with any newer library as it was compiled: options carry the size that they have for it, which
 * their init sets, and the fields that it does not know have their defaults; what a call fills comes with
 * its size, in the calls below that are inline. With an older library than its headers, a program gets
 * DEMGRAD_INVALID_ARGUMENT where it sets what that library does not know. So: always start from the init
 * (options that do not are refused), and copy structures as a whole, by assignment. */

/* How to compute, read and write. Pointers stay the caller's, and must live until the call returns. NULL for
 * the options means the defaults; for any other argument, where it does not say so, it is
 * DEMGRAD_INVALID_ARGUMENT. */
typedef struct demgrad_raster_options {
    size_t size; /* set by demgrad_raster_options_init; leave it */

    /* Reading */
    int band;              /* 1-based; default 1 */
    demgrad_decode decode; /* default DEMGRAD_DECODE_NONE; else `band` is that of R, G and B
                                         follow it, and `input_nodata` are decoded elevations */
    const char *const *open_options;  /* GDAL's, "K=V", NULL-terminated; default NULL */
    const char *const *input_drivers; /* the only ones to try, NULL-terminated; default NULL: all */
    const char *crs;            /* in place of the input's, as GDAL understands it; default NULL */
    const double *input_nodata; /* stored values that are nodata, in place of those that the input
                                   declares, 1 to 16; NaN, infinities, and what a mask says, are nodata
                                   in any case; default NULL: as the input says */
    size_t input_nodata_count;

    /* The part of the input that the output covers. Its values are those of the whole's gradient, bit for
     * bit; just the blocks that it and its neighbours are in are read. A part that reaches outside the
     * input is an error. Batches refuse them. */
    int output_window[4];  /* column, row, width, height in pixels; default all 0: the whole */
    double output_bbox[4]; /* instead, x and y of two opposite corners: all pixels that the box
                                    meets; default all 0: not given */
    const char *output_bbox_crs; /* of the corners, as GDAL understands it, x being east or
                                    longitude; default NULL: the input's */

    /* Meaning */
    demgrad_metric metric; /* default DEMGRAD_METRIC_GROUND */
    demgrad_frame frame;   /* default DEMGRAD_FRAME_GRID */
    double spacing_x;      /* metres from column to column; default 0: not given. Negative and
                                     infinite ones are refused */
    double spacing_y;      /* metres from row to row, likewise */
    /* Metres, one for each column of the input, in place of spacing_x: finite, and each other than the one
     * before. dz/dx is positive where the ground rises with them. With the method "central" alone. Default NULL. */
    const double *x_coords;
    size_t x_coord_count;
    const double *y_coords; /* likewise, one for each row of the input; default NULL */
    size_t y_coord_count;
    const char *z_unit; /* of the elevations, such as "ft"; default NULL: as the input says */
    double z_factor;    /* metres per stored unit, after scale and offset, 1e-12 to 1e12 either side
                           of 0; default 0: from z_unit */
    /* Of the differences: a name of demgrad_method_at; default NULL: "central". */
    const char *method;
    int window;          /* pixels across of a method that has a window: odd, 3 (default) to 99 */
    int edge_order;      /* 1 (default) or 2 */
    demgrad_edges edges; /* default DEMGRAD_EDGES_ONE_SIDED */
    demgrad_wrap wrap;   /* whether columns go round the globe; default DEMGRAD_WRAP_AUTO */

    /* What the output holds */
    const char *const *bands; /* in their order: names of demgrad_band_at, each once,
                                 NULL-terminated; default NULL: "dzdx", "dzdy" */
    double aspect_flat;       /* degrees: the aspect of flat ground; default NaN: nodata, as is what
                                 equals `nodata` below */
    demgrad_hillshade hillshade; /* default DEMGRAD_HILLSHADE_PLAIN */
    double azimuth;        /* degrees clockwise from the frame's north: the light; default 315 */
    double altitude;       /* degrees above the horizon, 0 to 90: the light; default 45 */
    double z_exaggeration; /* of the slope in a hillshade, 1e-12 to 1e12; default 1 */
    double z_error;        /* metres, one standard deviation of the elevations, whose errors are
                              taken as uncorrelated, 1e-12 to 1e12; for the bands "error-..."; default 0:
                              not given */

    /* Writing */
    /* GDAL driver; default NULL: the output's suffix says it, and without one it is GTiff. */
    const char *format;
    const char *const *creation_options; /* "K=V", NULL-terminated; default NULL */
    demgrad_output_type type;            /* default DEMGRAD_FLOAT32 */
    double nodata;                       /* default NaN */
    bool overwrite;                      /* default false: an existing output is an error */
    /* Leave out STATISTICS_MINIMUM, _MAXIMUM, _MEAN, _STDDEV and _VALID_PERCENT of each band, which
     * come with a file wherever its format keeps them without a file more; a report then has no
     * mean and no deviation; default false. */
    bool no_statistics;
    bool sync; /* force the output to the disk before it gets its name; default false */
    /* Files that the caller read for the run, such as lists and coordinates: no output replaces them.
     * NULL-terminated; default NULL. */
    const char *const *also_read;
    /* Files that the caller will write about the run, such as a report: an error where one is an
     * input or an output. NULL-terminated; default NULL. */
    const char *const *also_written;

    /* Running */
    int threads; /* up to 1,000,000; default 0: all CPUs */
    int64_t
        memory; /* bytes to keep to, the program and GDAL's cache included, 2^27 to 2^50; default
                        256 MiB */
    const char *cpu; /* highest kernel tier to use: "baseline", "x86-64-v3", "x86-64-v4"; default
                        NULL. All tiers give the same bytes. */
    demgrad_progress progress; /* or NULL */
    void *progress_user;
    demgrad_warning warning; /* or NULL */
    void *warning_user;
} demgrad_raster_options;

/* Sets every field to its default. */
DEMGRAD_API void demgrad_raster_options_init_sized(demgrad_raster_options *options, size_t size);
static inline void demgrad_raster_options_init(demgrad_raster_options *options) {
    demgrad_raster_options_init_sized(options, sizeof *options);
}

/* What can be named in `bands`. Text is static. */
typedef struct demgrad_band {
    const char *name;
    const char *description, *unit; /* as the output's band has them; unit may be "" */
    /* Of the values, in that unit; infinite where there is no limit. `aspect_flat` may lie outside. */
    double min, max;
} demgrad_band;

/* Fills *band with the band number `index`, from 0; false beyond the last. */
DEMGRAD_API bool demgrad_band_at_sized(size_t index, demgrad_band *band, size_t size);
static inline bool demgrad_band_at(size_t index, demgrad_band *band) {
    return demgrad_band_at_sized(index, band, sizeof *band);
}

/* What can be named in `method`. Text is static. */
typedef struct demgrad_method {
    const char *name;
    const char *help; /* a few words */
    bool has_window;  /* `window` is used */
} demgrad_method;

/* Fills *method with the method number `index`, from 0; false beyond the last. */
DEMGRAD_API bool demgrad_method_at_sized(size_t index, demgrad_method *method, size_t size);
static inline bool demgrad_method_at(size_t index, demgrad_method *method) {
    return demgrad_method_at_sized(index, method, sizeof *method);
}

/* What a run assumes of its input. Plain data: nothing to free. Text is as in demgrad_error's message,
 * and cut where it would not fit, or static; lengths are in metres. */
typedef struct demgrad_raster_info {
    char driver[32];
    int width, height; /* pixels */
    char type[16];     /* of the stored values, such as "Int16" */
    int block_width, block_height;
    bool has_geotransform;
    /* GDAL's, in units of the CRS: x = [0] + [1] column + [2] row, y = [3] + [4] column + [5] row, counted from
     * the first pixel's outer corner. 0 1 0 0 0 1 where has_geotransform is false. */
    double geotransform[6];
    size_t input_count; /* 1, or the inputs of the mosaic */

    char crs[128]; /* name of the horizontal CRS; "" for none */
    /* "none", "local", "geographic", "derived geographic" (poles of its own), "projected". */
    const char *crs_kind;
    char ellipsoid[64];
    double semi_major_m, semi_minor_m; /* 0: no ellipsoid */
    double linear_unit_m;              /* metres per unit of a projected or local CRS */

    demgrad_metric metric; /* in force: without an ellipsoid ground becomes map */
    demgrad_frame frame;
    double pixel_m[5][2]; /* width, height of a pixel on the ground: centre, corners top left, top
                          right, bottom left, bottom right; NaN outside the projection's domain,
                          0 wide at a pole in degrees */
    /* Map length per ground length, and degrees clockwise from true north to the grid's y, over the
     * raster. A minimum above its maximum says that there is none. */
    double scale_min, scale_max;
    double convergence_min, convergence_max;

    char z_unit[32];       /* "m" where nothing says otherwise */
    double z_unit_m;       /* metres per unit of elevation, z_factor included */
    const char *z_unit_by; /* what says so: "z-factor", "z-unit", "band" (or metadata that a
                              driver has in its place), "crs", "default" */
    double scale, offset;  /* elevation = stored value * scale + offset */
    bool has_nodata;
    double nodata;       /* the first, where `input_nodata` has several */
    size_t nodata_count; /* of values */
    const char *mask;    /* what else marks pixels as not valid: "none", "mask", "alpha",
                            "mask and alpha" */
    int wrap_columns;    /* columns of a full turn of the globe, or 0 */

    const char *crs_by;     /* what says the CRS: "option", "file", "axis units", "nothing" */
    char crs_code[64];      /* of the horizontal CRS, such as "EPSG:32632"; "" for none */
    bool crs_code_is_alike; /* the CRS names no code; this one's definition is the same */
    char crs_axes[2][24];   /* the directions of the coordinates x and y, such as "east" */
    char vertical_crs[128]; /* its name; "" for none */
    int output_bands;       /* as the options have them */
    int64_t output_bytes;   /* that their values take, uncompressed */
    int output_window[4];   /* that it covers: column, row, width, height, pixels of the input */
    /* Stored values beyond these are nodata too, as the file declares; infinite: no such end. */
    double valid_min, valid_max;
} demgrad_raster_info;

/* Figures of an output band over its valid pixels. */
typedef struct demgrad_band_statistics {
    /* In the band's unit; NaN where no pixel is valid, and the mean beyond 1e140 or with `no_statistics`. */
    double min, max, mean;
    int64_t valid;    /* pixels */
    double deviation; /* from the mean, standard, in the band's unit; NaN likewise */
} demgrad_band_statistics;

/* The most bands that an output can have. */
enum { DEMGRAD_REPORT_BANDS = 32 };

/* What a run found. */
typedef struct demgrad_raster_report {
    demgrad_raster_info input;
    const char *kernel;                                  /* the CPU tier that computed; static */
    demgrad_band_statistics bands[DEMGRAD_REPORT_BANDS]; /* in the output's order */
    int band_count;
} demgrad_raster_report;

/* Opens `count` inputs (several: the mosaic of them) and says what a run with `options` would
 * assume. Reads no pixels. Errors: those of demgrad_raster_gradient that have to do with the
 * input. */
DEMGRAD_API demgrad_status demgrad_raster_describe_sized(const char *const *inputs, size_t count,
                                                         const demgrad_raster_options *options,
                                                         demgrad_raster_info *info,
                                                         size_t info_size, demgrad_error *error);
static inline demgrad_status demgrad_raster_describe(const char *const *inputs, size_t count,
                                                     const demgrad_raster_options *options,
                                                     demgrad_raster_info *info,
                                                     demgrad_error *error) {
    return demgrad_raster_describe_sized(inputs, count, options, info, sizeof *info, error);
}

/* Writes the gradient of `count` inputs (several: of their mosaic, later ones on top) to `output`.
 * Inputs are anything that GDAL opens; the output is a local file, or one in /vsimem/, and none that an
 * input is made of. Temporary folders (.demgrad-*) that killed runs left beside it are removed. The output
 * appears under its name when it is whole, and on failure there is none; a file that was there before is
 * then as it was. `report` may be NULL; its bands' figures take some time to gather.
 * Errors: DEMGRAD_INVALID_ARGUMENT (options that contradict each other or the input),
 * DEMGRAD_INVALID_OPTION (a format or a creation option that is wrong for any input),
 * DEMGRAD_READ_FAILED, DEMGRAD_UNSUPPORTED (complex numbers, a CRS that PROJ cannot build),
 * DEMGRAD_EXISTS, DEMGRAD_WRITE_FAILED, DEMGRAD_CANCELLED, DEMGRAD_OUT_OF_MEMORY. */
DEMGRAD_API demgrad_status demgrad_raster_gradient_sized(const char *const *inputs, size_t count,
                                                         const char *output,
                                                         const demgrad_raster_options *options,
                                                         demgrad_raster_report *report,
                                                         size_t report_size, size_t info_size,
                                                         demgrad_error *error);
static inline demgrad_status demgrad_raster_gradient(const char *const *inputs, size_t count,
                                                     const char *output,
                                                     const demgrad_raster_options *options,
                                                     demgrad_raster_report *report,
                                                     demgrad_error *error) {
    return demgrad_raster_gradient_sized(inputs, count, output, options, report, sizeof *report,
                                         sizeof report->input, error);
}

/* The release of PROJ that does the geodesy, such as "9.1.1". Static. */
DEMGRAD_API const char *demgrad_proj_version(void);

/* Metres per unit of length that goes by `name` ("m", "ft", "US survey foot", ...), or 0. Geopotential
 * ("geopotential", "m2/s2", "m**2 s**-2", "J/kg") counts as height: 1 / 9.80665. NULL gives 0. */
DEMGRAD_API double demgrad_length_unit(const char *name);

#ifdef __cplusplus
}
#endif

#endif
