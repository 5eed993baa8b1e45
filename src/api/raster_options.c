#include "raster_options.h"

#include "idle.h"
#include "options.h"
#include "reader.h"
#include "stencil.h"

#include <assert.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <string.h>

static const char *method_name(size_t index) {
    demgrad_method method;
    return demgrad_method_at(index, &method) ? method.name : NULL;
}

static const char *about_method(size_t index) {
    demgrad_method method;
    return demgrad_method_at(index, &method) ? method.help : NULL;
}

static const char *band_name(size_t index) {
    demgrad_band band;
    return demgrad_band_at(index, &band) ? band.name : NULL;
}

/* Words of enums, in their order. The last metric is that of other options. */
static_assert(DEMGRAD_METRIC_SPACING == 2, "after the two that have a word");
static const char *const METRICS[] = {"ground", "map", NULL};
static const char *const DECODES[] = {"none", "terrain-rgb", "terrarium", NULL};
static const char *const FRAMES[] = {"grid", "true", NULL};
static const char *const EDGES[] = {"one-sided", "propagate", NULL};
static const char *const WRAPS[] = {"auto", "yes", "no", NULL};
static const char *const HILLSHADES[] = {"plain", "multidirectional", "combined", NULL};
static const char *const TYPES[] = {"Float32", "Float64", NULL};

#define FIELD(name) offsetof(demgrad_raster_options, name)
#define ANY_NUMBER  .most = (double)NAN
#define FINITE      .least = -DBL_MAX, .most = DBL_MAX
/* Beyond these, results leave the range of floats, which output and pictures have. */
#define MODERATE .least = -1e12, .most = 1e12
#define POSITIVE .least = 1e-12, .most = 1e12

const dg_option dg_raster_options[] = {
    {"band", 'b', NULL, "N", DG_ALL, DG_GROUP_INPUT, "band that holds the elevations", NULL,
     DG_OPTION_INTEGER, FIELD(band), .least = 1, .most = INT_MAX,
     .must_be = "a band's number, from 1", .changes_output = true},
    {"oo", 0, "open-option", "K=V", DG_ALL, DG_GROUP_INPUT,
     "open option of the input; may be repeated", NULL, DG_OPTION_SETTINGS, FIELD(open_options),
     .changes_output = true},
    {"if", 0, "input-format", "FORMAT", DG_ALL, DG_GROUP_INPUT,
     "GDAL format to try for the input; may be repeated", NULL, DG_OPTION_TEXTS,
     FIELD(input_drivers), .changes_output = true},
    {"crs", 0, NULL, "CRS", DG_ALL, DG_GROUP_INPUT,
     "CRS in place of the input's: EPSG:CODE, WKT, PROJ", NULL, DG_OPTION_TEXT, FIELD(crs),
     .changes_output = true, .is_common = true},
    {"input-nodata", 0, NULL, "VALUE[,VALUE...]", DG_ALL, DG_GROUP_INPUT,
     "values that are nodata in the input, in place of its own", "", DG_OPTION_NUMBERS,
     FIELD(input_nodata), .most = DG_MOST_NODATA, .must_be = "numbers, nan or none, at most 16",
     .changes_output = true},
    {"window", 0, NULL, "COL,ROW,WIDTH,HEIGHT", DG_GRADIENT | DG_INFO | DG_PREVIEW, DG_GROUP_INPUT,
     "just this part, in pixels, as it is in the whole", "", DG_OPTION_WINDOW, FIELD(output_window),
     .must_be = "COL,ROW,WIDTH,HEIGHT in pixels, the first column and row being 0",
     .of_one = "window-size", .excludes = "bbox", .changes_output = true},
    {"bbox", 0, NULL, "X0,Y0,X1,Y1[,CRS]", DG_GRADIENT | DG_INFO | DG_PREVIEW, DG_GROUP_INPUT,
     "just the part that this box meets, by x and y of two corners", "", DG_OPTION_BOX,
     FIELD(output_bbox),
     .must_be = "X0,Y0,X1,Y1 or X0,Y0,X1,Y1,CRS: two opposite corners, x being east or longitude",
     .excludes = "window", .changes_output = true},
    {"z-unit", 0, NULL, "UNIT", DG_ALL, DG_GROUP_INPUT,
     "unit of elevation in place of the input's: m, ft", NULL, DG_OPTION_UNIT, FIELD(z_unit),
     .excludes = "z-factor", .changes_output = true, .is_common = true},
    {"z-factor", 0, NULL, "F", DG_ALL, DG_GROUP_INPUT,
     "metres per unit of elevation, in place of a unit", "", DG_OPTION_NUMBER, FIELD(z_factor),
     MODERATE, .must_be = "metres per unit of elevation, not 0, up to 1e12 or down to -1e12",
     .excludes = "z-unit", .changes_output = true},
    {"decode", 0, NULL, "FORM", DG_ALL, DG_GROUP_MEANING,
     "elevations are coded in a picture's red, green and blue", NULL, DG_OPTION_CHOICE,
     FIELD(decode), .choices = DECODES, .changes_output = true},
    {"metric", 0, NULL, "NAME", DG_ALL, DG_GROUP_MEANING, "where a metre is measured", NULL,
     DG_OPTION_CHOICE, FIELD(metric), .choices = METRICS, .implied = "spacing",
     .changes_output = true, .is_common = true},
    {"frame", 0, NULL, "NAME", DG_ALL, DG_GROUP_MEANING,
     "x and y along the grid, or true east and north", NULL, DG_OPTION_CHOICE, FIELD(frame),
     .choices = FRAMES, .idle = dg_idle_frame, .changes_output = true, .is_common = true},
    {"spacing", 0, NULL, "DX[,DY]", DG_ALL, DG_GROUP_MEANING,
     "metres between columns and rows, in place of the metric", "", DG_OPTION_DISTANCES,
     FIELD(spacing_x), .must_be = "DX or DX,DY in metres, above 0", .excludes = "metric",
     .changes_output = true, .is_common = true},
    {"x-coords", 0, NULL, "FILE", DG_GRADIENT | DG_INFO, DG_GROUP_MEANING,
     "the columns' places in metres, one number a line", "", DG_OPTION_COORDINATES, FIELD(x_coords),
     .excludes = "metric", .changes_output = true},
    {"y-coords", 0, NULL, "FILE", DG_GRADIENT | DG_INFO, DG_GROUP_MEANING,
     "the rows' places in metres, one number a line", "", DG_OPTION_COORDINATES, FIELD(y_coords),
     .excludes = "metric", .changes_output = true},
    {"wrap", 0, NULL, "WHEN", DG_ALL, DG_GROUP_MEANING, "columns go round the globe", NULL,
     DG_OPTION_CHOICE, FIELD(wrap), .choices = WRAPS, .changes_output = true},
    {"method", 0, NULL, "NAME", DG_ALL, DG_GROUP_MEANING, "how differences are taken", "central",
     DG_OPTION_NAME, FIELD(method), .choice = method_name, .about = about_method,
     .changes_output = true, .is_common = true},
    {"window-size", 0, NULL, "N", DG_ALL, DG_GROUP_MEANING,
     "pixels across the window of evans: 3, 5, ... 99; --window N for short", NULL,
     DG_OPTION_INTEGER, FIELD(window), .least = 3, .most = DG_MAX_WINDOW, .step = 2,
     .must_be = "an odd number of pixels, 3 to 99", .idle = dg_idle_window_size,
     .changes_output = true},
    {"edge-order", 0, NULL, "1|2", DG_ALL, DG_GROUP_MEANING,
     "order of the one-sided differences where data ends", NULL, DG_OPTION_INTEGER,
     FIELD(edge_order), .least = 1, .most = 2, .must_be = "1 or 2", .idle = dg_idle_edge_order,
     .changes_output = true},
    {"nodata-edges", 0, NULL, "HOW", DG_ALL, DG_GROUP_MEANING,
     "where data ends: one-sided differences, or nodata", NULL, DG_OPTION_CHOICE, FIELD(edges),
     .choices = EDGES, .changes_output = true},
    {"bands", 0, NULL, "LIST", DG_WRITING | DG_INFO, DG_GROUP_BANDS, "what to write, with commas",
     "dzdx,dzdy", DG_OPTION_NAMES, FIELD(bands), .choice = band_name, .changes_output = true,
     .is_common = true},
    {"aspect-flat", 0, NULL, "VALUE", DG_WRITING | DG_INFO, DG_GROUP_BANDS, "aspect of flat ground",
     "nodata", DG_OPTION_NUMBER, FIELD(aspect_flat), ANY_NUMBER, .must_be = "a number",
     .idle = dg_idle_aspect, .changes_output = true},
    {"hillshade", 0, NULL, "KIND", DG_WRITING | DG_INFO, DG_GROUP_BANDS, "the light of a hillshade",
     NULL, DG_OPTION_CHOICE, FIELD(hillshade), .choices = HILLSHADES, .idle = dg_idle_light,
     .changes_output = true},
    {"azimuth", 0, NULL, "DEGREES", DG_WRITING | DG_INFO, DG_GROUP_BANDS,
     "the light's, clockwise from north", NULL, DG_OPTION_NUMBER, FIELD(azimuth), FINITE,
     .must_be = "degrees clockwise from north", .idle = dg_idle_azimuth, .changes_output = true},
    {"altitude", 0, NULL, "DEGREES", DG_WRITING | DG_INFO, DG_GROUP_BANDS,
     "the light's, above the horizon", NULL, DG_OPTION_NUMBER, FIELD(altitude), .least = 0,
     .most = 90, .must_be = "degrees above the horizon, 0 to 90", .idle = dg_idle_light,
     .changes_output = true},
    {"z-exaggeration", 0, NULL, "F", DG_WRITING | DG_INFO, DG_GROUP_BANDS,
     "of the slope in a hillshade", NULL, DG_OPTION_NUMBER, FIELD(z_exaggeration), POSITIVE,
     .must_be = "a number above 0, from 1e-12 to 1e12", .idle = dg_idle_light,
     .changes_output = true},
    {"z-error", 0, NULL, "S", DG_ALL, DG_GROUP_BANDS,
     "standard deviation of the elevations in metres, for the error bands", "", DG_OPTION_NUMBER,
     FIELD(z_error), POSITIVE, .must_be = "metres, above 0, from 1e-12 to 1e12",
     .idle = dg_idle_z_error, .changes_output = true},
    {"output-format", 'f', "of format", "FORMAT", DG_WRITING, DG_GROUP_OUTPUT,
     "GDAL format, where no suffix says it", "GTiff", DG_OPTION_TEXT, FIELD(format),
     .changes_output = true, .is_common = true, .is_for_lines = true},
    {"co", 0, "creation-option", "K=V", DG_WRITING, DG_GROUP_OUTPUT,
     "creation option of the format; may be repeated", NULL, DG_OPTION_SETTINGS,
     FIELD(creation_options), .changes_output = true, .is_common = true},
    {"ot", 0, "output-data-type datatype", "TYPE", DG_WRITING, DG_GROUP_OUTPUT,
     "type of the output", NULL, DG_OPTION_CHOICE, FIELD(type), .choices = TYPES,
     .changes_output = true},
    {"nodata", 0, NULL, "VALUE", DG_WRITING, DG_GROUP_OUTPUT, "nodata value of the output", NULL,
     DG_OPTION_NUMBER, FIELD(nodata), ANY_NUMBER, .must_be = "a number or nan",
     .changes_output = true, .is_common = true},
    {"overwrite", 0, NULL, NULL, DG_COMPUTING, DG_GROUP_OUTPUT, "replace an existing output", NULL,
     DG_OPTION_FLAG, FIELD(overwrite), .changes_output = false, .is_common = true,
     .is_for_lines = true},
    {"no-statistics", 0, NULL, NULL, DG_WRITING, DG_GROUP_OUTPUT,
     "leave the bands' STATISTICS_* metadata out, by which viewers stretch them", NULL,
     DG_OPTION_FLAG, FIELD(no_statistics), .changes_output = true},
    {"sync", 0, NULL, NULL, DG_COMPUTING, DG_GROUP_OUTPUT,
     "force the output to the disk before it gets its name", NULL, DG_OPTION_FLAG, FIELD(sync),
     .changes_output = false},
    {"num-threads", 'j', NULL, "N", DG_COMPUTING, DG_GROUP_RUN, "threads", NULL, DG_OPTION_THREADS,
     FIELD(threads), .least = 0, .most = 1e6, .must_be = "a number from 1 to 1000000, or ALL_CPUS",
     .is_common = true},
    {"memory", 0, NULL, "SIZE", DG_COMPUTING, DG_GROUP_RUN, "memory to keep to", NULL,
     DG_OPTION_MEMORY, FIELD(memory), .least = 0x1p27, .most = 0x1p50,
     .must_be = "128MB to 1048576GB", .changes_output = false},
};

const size_t dg_raster_option_count = sizeof dg_raster_options / sizeof *dg_raster_options;

const dg_option *dg_raster_option(const char *name) {
    for (size_t i = 0; i < dg_raster_option_count; i++) {
        if (strcmp(dg_raster_options[i].name, name) == 0)
            return &dg_raster_options[i];
    }
    assert(false && "an option that is not in the table");
    return NULL;
}

void dg_raster_options_settle(demgrad_raster_options *o) {
    if (o->spacing_x > 0 || o->x_coords || o->y_coords)
        o->metric = DEMGRAD_METRIC_SPACING;
}

static demgrad_status check_choice(const dg_option *option, const demgrad_raster_options *o,
                                   demgrad_error *error) {
    int number;
    memcpy(&number, (const char *)o + option->field, sizeof number);
    const bool is_first_beyond = number > 0 && dg_option_choice(option, (size_t)number - 1);
    if (number >= 0 &&
        (dg_option_choice(option, (size_t)number) || (option->implied && is_first_beyond)))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the %s is number %d, which there is none of",
                   option->name, number);
}

static demgrad_status check_number(const dg_option *option, const demgrad_raster_options *o,
                                   demgrad_error *error) {
    double number;
    memcpy(&number, (const char *)o + option->field, sizeof number);
    if (!dg_raster_option_is_set(option, o) || isnan(option->most) ||
        (number >= option->least && number <= option->most))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the %s is %g; it must be %s", option->name,
                   number, option->must_be);
}

/* 0 threads are all CPUs. */
static demgrad_status check_integer(const dg_option *option, const demgrad_raster_options *o,
                                    demgrad_error *error) {
    int number;
    memcpy(&number, (const char *)o + option->field, sizeof number);
    const bool is_inside = (double)number >= option->least && (double)number <= option->most;
    if (is_inside && (option->step == 0 || (number - (int)option->least) % option->step == 0))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the %s is %d; it must be %s", option->name,
                   number, option->must_be);
}

static demgrad_status check_memory(const dg_option *option, const demgrad_raster_options *o,
                                   demgrad_error *error) {
    int64_t bytes;
    memcpy(&bytes, (const char *)o + option->field, sizeof bytes);
    if ((double)bytes >= option->least && (double)bytes <= option->most)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the %s is %lld bytes; it must be %s",
                   option->name, (long long)bytes, option->must_be);
}

static demgrad_status check_list(const dg_option *option, const demgrad_raster_options *o,
                                 demgrad_error *error) {
    const double *numbers;
    size_t count;
    memcpy(&numbers, (const char *)o + option->field, sizeof numbers);
    memcpy(&count, (const char *)o + option->field + sizeof numbers, sizeof count);
    if (numbers || count == 0)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the %s are %zu, but NULL", option->name,
                   count);
}

typedef demgrad_status checker(const dg_option *option, const demgrad_raster_options *o,
                               demgrad_error *error);

/* Other kinds are checked where they are used. */
static checker *const CHECKERS[DG_OPTION_CALL + 1] = {
    [DG_OPTION_CHOICE] = check_choice,   [DG_OPTION_INTEGER] = check_integer,
    [DG_OPTION_THREADS] = check_integer, [DG_OPTION_MEMORY] = check_memory,
    [DG_OPTION_NUMBER] = check_number,   [DG_OPTION_COORDINATES] = check_list,
    [DG_OPTION_NUMBERS] = check_list};

demgrad_status dg_raster_options_check(const demgrad_raster_options *o, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < dg_raster_option_count && !status; i++) {
        checker *check = CHECKERS[dg_raster_options[i].kind];
        status = check ? check(&dg_raster_options[i], o, error) : DEMGRAD_OK;
    }
    if (!status && o->z_factor != 0 && fabs(o->z_factor) < 1e-12)
        status =
            dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                    "the z factor is %g; it must be at least 1e-12 metres a unit", o->z_factor);
    return status;
}

bool dg_raster_option_is_set(const dg_option *option, const demgrad_raster_options *options) {
    char text[1024], usual[1024];
    const demgrad_raster_options defaults = dg_raster_options_default();
    dg_option_text(option, options, text, sizeof text);
    dg_option_text(option, &defaults, usual, sizeof usual);
    return strcmp(text, usual) != 0;
}
