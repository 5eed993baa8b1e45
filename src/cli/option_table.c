#include "option_table.h"

#include "coordinates.h"
#include "numbers.h"
#include "part.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The index of `value` among NULL-terminated `names`, or -1. */
static int find(const char *value, const char *const *names) {
    for (int i = 0; names[i]; i++) {
        if (strcmp(value, names[i]) == 0)
            return i;
    }
    return -1;
}

static const char *set_band(dg_arguments *a, const char *value) {
    return dg_integer_read(value, 1, INT_MAX, &a->raster.band)
               ? NULL
               : "it must be a band's number, from 1";
}

static const char *add_open_option(dg_arguments *a, const char *value) {
    a->open_options = CSLAddString(a->open_options, value);
    return strchr(value, '=') ? NULL : "it must be KEY=VALUE";
}

static const char *add_creation_option(dg_arguments *a, const char *value) {
    a->creation_options = CSLAddString(a->creation_options, value);
    return strchr(value, '=') ? NULL : "it must be KEY=VALUE";
}

static const char *add_driver(dg_arguments *a, const char *value) {
    a->drivers = CSLAddString(a->drivers, value);
    return NULL;
}

static const char *set_crs(dg_arguments *a, const char *value) {
    a->raster.crs = value;
    return NULL;
}

/* "it must be ..." with the names of all bands. */
static const char *say_bands(void) {
    const char *text = "it must be, with commas between them:";
    demgrad_band band;
    for (size_t i = 0; demgrad_band_at(i, &band); i++)
        text = CPLSPrintf("%s %s", text, band.name);
    return text;
}

static bool is_band(const char *name) {
    demgrad_band band;
    for (size_t i = 0; demgrad_band_at(i, &band); i++) {
        if (strcmp(band.name, name) == 0)
            return true;
    }
    return false;
}

static const char *set_bands(dg_arguments *a, const char *value) {
    CSLDestroy(a->bands);
    a->bands = CSLTokenizeString2(value, ",", CSLT_ALLOWEMPTYTOKENS);
    for (int i = 0; a->bands[i]; i++) {
        if (!is_band(a->bands[i]))
            return say_bands();
        for (int j = 0; j < i; j++) {
            if (strcmp(a->bands[i], a->bands[j]) == 0)
                return "it must name each band once";
        }
    }
    return a->bands[0] ? NULL : say_bands();
}

static const char *set_method(dg_arguments *a, const char *value) {
    demgrad_method method;
    a->raster.method = value;
    for (size_t i = 0; demgrad_method_at(i, &method); i++) {
        if (strcmp(method.name, value) == 0)
            return NULL;
    }
    return "it must be central, horn, evans, florinsky or fourth";
}

static const char *set_window(dg_arguments *a, const char *value) {
    return dg_integer_read(value, 3, 99, &a->raster.window) && a->raster.window % 2 == 1
               ? NULL
               : "it must be an odd number of pixels, 3 to 99";
}

static const char *set_aspect_flat(dg_arguments *a, const char *value) {
    return dg_number_read(value, &a->raster.aspect_flat) ? NULL : "it must be a number";
}

static const char *set_hillshade(dg_arguments *a, const char *value) {
    static const char *const names[] = {"plain", "multidirectional", "combined", NULL};
    static const demgrad_hillshade kinds[] = {
        DEMGRAD_HILLSHADE_PLAIN, DEMGRAD_HILLSHADE_MULTIDIRECTIONAL, DEMGRAD_HILLSHADE_COMBINED};
    const int found = find(value, names);
    if (found >= 0)
        a->raster.hillshade = kinds[found];
    return found >= 0 ? NULL : "it must be plain, multidirectional or combined";
}

static const char *set_azimuth(dg_arguments *a, const char *value) {
    return dg_number_read(value, &a->raster.azimuth) && isfinite(a->raster.azimuth)
               ? NULL
               : "it must be degrees clockwise from north";
}

static const char *set_altitude(dg_arguments *a, const char *value) {
    return dg_number_read(value, &a->raster.altitude) && a->raster.altitude >= 0 &&
                   a->raster.altitude <= 90
               ? NULL
               : "it must be degrees above the horizon, 0 to 90";
}

static const char *set_z_exaggeration(dg_arguments *a, const char *value) {
    return dg_number_read(value, &a->raster.z_exaggeration) && a->raster.z_exaggeration > 0 &&
                   isfinite(a->raster.z_exaggeration)
               ? NULL
               : "it must be a number above 0";
}

static const char *set_z_error(dg_arguments *a, const char *value) {
    return dg_number_read(value, &a->raster.z_error) && a->raster.z_error > 0 &&
                   isfinite(a->raster.z_error)
               ? NULL
               : "it must be metres, above 0";
}

static const char *set_edge_order(dg_arguments *a, const char *value) {
    static const char *const names[] = {"1", "2", NULL};
    const int found = find(value, names);
    a->raster.edge_order = found + 1;
    return found >= 0 ? NULL : "it must be 1 or 2";
}

static const char *set_nodata_edges(dg_arguments *a, const char *value) {
    static const char *const names[] = {"one-sided", "propagate", NULL};
    const int found = find(value, names);
    a->raster.edges = found == 1 ? DEMGRAD_EDGES_PROPAGATE : DEMGRAD_EDGES_ONE_SIDED;
    return found >= 0 ? NULL : "it must be one-sided or propagate";
}

static const char *set_metric(dg_arguments *a, const char *value) {
    static const char *const names[] = {"ground", "map", NULL};
    const int found = find(value, names);
    a->has_metric = true;
    if (a->raster.metric == DEMGRAD_METRIC_SPACING)
        return "--spacing and coordinates take its place; leave one out";
    a->raster.metric = found == 1 ? DEMGRAD_METRIC_MAP : DEMGRAD_METRIC_GROUND;
    return found >= 0 ? NULL : "it must be ground or map";
}

static const char *use_spacing(dg_arguments *a) {
    a->raster.metric = DEMGRAD_METRIC_SPACING;
    return a->has_metric ? "it takes the place of --metric; leave one out" : NULL;
}

static const char *set_frame(dg_arguments *a, const char *value) {
    static const char *const names[] = {"grid", "true", NULL};
    const int found = find(value, names);
    a->raster.frame = found == 1 ? DEMGRAD_FRAME_TRUE : DEMGRAD_FRAME_GRID;
    return found >= 0 ? NULL : "it must be grid or true";
}

static bool is_distance(double value) {
    return isfinite(value) && value > 0;
}

static const char *set_spacing(dg_arguments *a, const char *value) {
    char **parts = CSLTokenizeString2(value, ",", CSLT_ALLOWEMPTYTOKENS);
    const int count = CSLCount(parts);
    double x = 0, y = 0;
    bool is_right = (count == 1 || count == 2) && dg_number_read(parts[0], &x);
    is_right = is_right && dg_number_read(parts[count - 1], &y);
    CSLDestroy(parts);
    if (!is_right || !is_distance(x) || !is_distance(y))
        return "it must be DX or DX,DY in metres, above 0";
    a->raster.spacing_x = x;
    a->raster.spacing_y = y;
    return use_spacing(a);
}

static const char *set_x_coords(dg_arguments *a, const char *value) {
    const char *wrong = dg_coordinates_read(value, &a->x_coords, &a->raster.x_coord_count);
    a->raster.x_coords = a->x_coords;
    return wrong ? wrong : use_spacing(a);
}

static const char *set_y_coords(dg_arguments *a, const char *value) {
    const char *wrong = dg_coordinates_read(value, &a->y_coords, &a->raster.y_coord_count);
    a->raster.y_coords = a->y_coords;
    return wrong ? wrong : use_spacing(a);
}

static const char *set_z_unit(dg_arguments *a, const char *value) {
    a->raster.z_unit = value;
    if (demgrad_length_unit(value) == 0)
        return "it must be a unit of length: m, ft, us-ft, km, cm, geopotential, ...";
    return a->raster.z_factor != 0 ? "--z-factor is given too; leave one out" : NULL;
}

static const char *set_z_factor(dg_arguments *a, const char *value) {
    if (!dg_number_read(value, &a->raster.z_factor) || !isfinite(a->raster.z_factor) ||
        a->raster.z_factor == 0)
        return "it must be metres per unit of elevation, not 0";
    return a->raster.z_unit ? "--z-unit is given too; leave one out" : NULL;
}

static const char *set_wrap(dg_arguments *a, const char *value) {
    static const char *const names[] = {"auto", "yes", "no", NULL};
    static const demgrad_wrap wraps[] = {DEMGRAD_WRAP_AUTO, DEMGRAD_WRAP_YES, DEMGRAD_WRAP_NO};
    const int found = find(value, names);
    if (found >= 0)
        a->raster.wrap = wraps[found];
    return found >= 0 ? NULL : "it must be auto, yes or no";
}

static const char *set_format(dg_arguments *a, const char *value) {
    a->raster.format = value;
    return NULL;
}

static const char *set_type(dg_arguments *a, const char *value) {
    a->raster.type = EQUAL(value, "Float64") ? DEMGRAD_FLOAT64 : DEMGRAD_FLOAT32;
    return EQUAL(value, "Float64") || EQUAL(value, "Float32") ? NULL
                                                              : "it must be Float32 or Float64";
}

static const char *set_nodata(dg_arguments *a, const char *value) {
    return dg_number_read(value, &a->raster.nodata) ? NULL : "it must be a number or nan";
}

static const char *set_overwrite(dg_arguments *a, const char *value) {
    (void)value;
    a->raster.overwrite = true;
    return NULL;
}

static const char *set_sync(dg_arguments *a, const char *value) {
    (void)value;
    a->raster.sync = true;
    return NULL;
}

enum { MOST_THREADS = 1000000 };

static const char *set_threads(dg_arguments *a, const char *value) {
    if (EQUAL(value, "ALL_CPUS")) {
        a->raster.threads = 0;
        return NULL;
    }
    return dg_integer_read(value, 1, MOST_THREADS, &a->raster.threads)
               ? NULL
               : "it must be a number from 1 to 1000000, or ALL_CPUS";
}

/* Bytes; far below and above what makes sense. */
static const double LEAST_MEMORY = 0x1p27, MOST_MEMORY = 0x1p50;

static const char *set_memory(dg_arguments *a, const char *value) {
    static const char *const units[] = {"MB", "GB", "M", "G", "MiB", "GiB", NULL};
    char *end;
    const double number = CPLStrtod(value, &end);
    while (*end == ' ')
        end++;
    const int unit = find(end, units);
    if (end == value || unit < 0 || !(number > 0))
        return "it must be a size with its unit, such as 512MB or 2GB";
    const double bytes = number * (unit & 1 ? 0x1p30 : 0x1p20);
    if (bytes < LEAST_MEMORY)
        return "it must be at least 128MB: the program and GDAL take half of that themselves";
    if (bytes > MOST_MEMORY)
        return "it must be at most 1048576GB";
    a->raster.memory = (int64_t)bytes;
    return NULL;
}

static const char *set_quiet(dg_arguments *a, const char *value) {
    (void)value;
    a->quiet = true;
    return NULL;
}

static const char *set_progress(dg_arguments *a, const char *value) {
    static const char *const names[] = {"auto", "bar", "gdal", "json", "none", NULL};
    static const dg_progress_form forms[] = {DG_PROGRESS_AUTO, DG_PROGRESS_BAR, DG_PROGRESS_GDAL,
                                             DG_PROGRESS_JSON, DG_PROGRESS_NONE};
    const int found = find(value, names);
    if (found >= 0)
        a->progress = forms[found];
    return found >= 0 ? NULL : "it must be bar, gdal, json or none";
}

static const char *set_report(dg_arguments *a, const char *value) {
    a->report = value;
    return NULL;
}

static const char *set_json(dg_arguments *a, const char *value) {
    (void)value;
    a->json = true;
    return NULL;
}

static const char *set_output_dir(dg_arguments *a, const char *value) {
    a->batch.output_dir = value;
    return NULL;
}

static const char *add_include(dg_arguments *a, const char *value) {
    a->include = CSLAddString(a->include, value);
    return NULL;
}

static const char *add_exclude(dg_arguments *a, const char *value) {
    a->exclude = CSLAddString(a->exclude, value);
    return NULL;
}

static const char *set_recursive(dg_arguments *a, const char *value) {
    (void)value;
    a->batch.is_recursive = true;
    return NULL;
}

static const char *set_tile(dg_arguments *a, const char *value) {
    int size[2];
    if (!dg_integers_read(value, 'x', 1, INT_MAX, size))
        return "it must be WxH in pixels, such as 2048x2048";
    a->batch.tile_width = size[0];
    a->batch.tile_height = size[1];
    return NULL;
}

static const char *set_overlap(dg_arguments *a, const char *value) {
    return dg_integer_read(value, 0, INT_MAX, &a->batch.overlap) ? NULL
                                                                 : "it must be a number of pixels";
}

static const char *set_strict(dg_arguments *a, const char *value) {
    (void)value;
    a->batch.is_strict = true;
    return NULL;
}

static const char *set_part(dg_arguments *a, const char *value) {
    return dg_part_read(value, &a->batch.part_index, &a->batch.part_count);
}

static const char *set_verify(dg_arguments *a, const char *value) {
    (void)value;
    a->verify = true;
    return NULL;
}

static const char *set_config(dg_arguments *a, const char *value) {
    (void)a;
    char *key = NULL;
    const char *setting = CPLParseNameValue(value, &key);
    if (key && setting)
        CPLSetConfigOption(key, setting);
    const bool is_right = key && setting;
    CPLFree(key);
    return is_right ? NULL : "it must be KEY=VALUE";
}

static const char *set_help(dg_arguments *a, const char *value) {
    (void)value;
    a->help = true;
    return NULL;
}

static const char *set_picture(dg_arguments *a, const char *value) {
    a->picture = value;
    return NULL;
}

static const char *set_style(dg_arguments *a, const char *value) {
    static const char *const names[] = {"relief",  "slope", "aspect", "components",
                                        "quality", "error", NULL};
    const int found = find(value, names);
    a->preview.style = (demgrad_style)(found >= 0 ? found : 0);
    return found >= 0 ? NULL : "it must be relief, slope, aspect, components, quality or error";
}

static const char *set_size(dg_arguments *a, const char *value) {
    static const char wrong[] = "it must be WIDTHxHEIGHT or WIDTH in pixels";
    char **parts = CSLTokenizeString2(value, "x", CSLT_ALLOWEMPTYTOKENS);
    const int count = CSLCount(parts);
    bool is_right =
        (count == 1 || count == 2) && dg_integer_read(parts[0], 1, INT_MAX, &a->preview.width);
    is_right =
        is_right && (count == 1 || dg_integer_read(parts[1], 1, INT_MAX, &a->preview.height));
    CSLDestroy(parts);
    return is_right ? NULL : wrong;
}

static const char *set_density(dg_arguments *a, const char *value) {
    const bool is_right = dg_number_read(value, &a->preview.density) && a->preview.density >= 0.1 &&
                          a->preview.density <= 10;
    return is_right ? NULL : "it must be a number from 0.1 to 10";
}

static const char *set_range(dg_arguments *a, const char *value) {
    char **parts = CSLTokenizeString2(value, ",", CSLT_ALLOWEMPTYTOKENS);
    const bool is_right = CSLCount(parts) == 2 && dg_number_read(parts[0], &a->preview.low) &&
                          dg_number_read(parts[1], &a->preview.high) &&
                          a->preview.low < a->preview.high;
    CSLDestroy(parts);
    return is_right ? NULL : "it must be LOW,HIGH, the lower one first";
}

static const char *set_ramp(dg_arguments *a, const char *value) {
    a->preview.ramp = value;
    return NULL;
}

static const char *set_title(dg_arguments *a, const char *value) {
    a->preview.title = value;
    return NULL;
}

static const char *set_terminal(dg_arguments *a, const char *value) {
    static const char *const names[] = {"auto", "blocks", "sixel", "kitty", NULL};
    const int found = find(value, names);
    a->is_terminal = true;
    a->terminal = (dg_terminal)(found >= 0 ? found : 0);
    return found >= 0 ? NULL : "it must be auto, blocks, sixel or kitty";
}

static const char *set_dark(dg_arguments *a, const char *value) {
    (void)value;
    a->preview.is_dark = true;
    return NULL;
}

static const char *set_bare(dg_arguments *a, const char *value) {
    (void)value;
    a->preview.is_bare = true;
    return NULL;
}

enum {
    WRITING = DG_GRADIENT | DG_BATCH,
    COMPUTING = WRITING | DG_PREVIEW,
    ALL = DG_GRADIENT | DG_INFO | DG_BATCH | DG_PREVIEW
};

const dg_option dg_options[] = {
    {"output-dir", 0, "DIR", DG_BATCH, "folder for the outputs; must be there", set_output_dir},
    {"include", 0, "GLOB", DG_BATCH,
     "take just inputs of such a name, as '*_dem.tif'; may be repeated", add_include},
    {"exclude", 0, "GLOB", DG_BATCH,
     "leave out inputs of such a name; with a slash: of such a path; may be repeated", add_exclude},
    {"recursive", 0, NULL, DG_BATCH, "search the folders in a folder too", set_recursive},
    {"tile", 0, "WxH", DG_BATCH, "cut inputs into outputs of this size in pixels", set_tile},
    {"overlap", 0, "N", DG_BATCH, "pixels by which such outputs overlap on each side (0)",
     set_overlap},
    {"strict", 0, NULL, DG_BATCH, "an input off the common grid is an error before any work",
     set_strict},
    {"part", 0, "I/N", DG_BATCH,
     "do every N-th output from the I-th on, from 0; auto: as the array job says", set_part},
    {"verify", 0, NULL, DG_BATCH,
     "compute nothing: check that all outputs are there, write DIR/gradient.vrt", set_verify},
    {"style", 0, "NAME", DG_PREVIEW, "relief, slope, aspect, components, quality or error (relief)",
     set_style},
    {"size", 0, "WxH|W", DG_PREVIEW, "of the picture in pixels (as the map needs)", set_size},
    {"scale", 0, "F", DG_PREVIEW, "pixels of the file for each of these (1)", set_density},
    {"range", 0, "LOW,HIGH", DG_PREVIEW, "values at the ends of the colours (found)", set_range},
    {"ramp", 0, "NAME|FILE", DG_PREVIEW,
     "colours: heat, tint, ice, grey, balance, compass, error, or a file of gdaldem color-relief's "
     "form",
     set_ramp},
    {"title", 0, "TEXT", DG_PREVIEW, "in place of the input's name", set_title},
    {"terminal", 0, "HOW", DG_PREVIEW,
     "show the map in the terminal, and write no file: auto, blocks, sixel, kitty", set_terminal},
    {"dark", 0, NULL, DG_PREVIEW, "a dark page", set_dark},
    {"bare", 0, NULL, DG_PREVIEW, "the map alone, with a world file", set_bare},
    {"band", 'b', "N", ALL, "band that holds the elevations (1)", set_band},
    {"bands", 0, "LIST", DG_GRADIENT | DG_INFO | DG_BATCH,
     "what to write, in order: dzdx, dzdy, slope, slope-degrees, slope-percent, aspect, hillshade, "
     "quality, error-dzdx, error-dzdy, error-slope (dzdx,dzdy)",
     set_bands},
    {"method", 0, "NAME", ALL, "differences: central, horn, evans, florinsky, fourth (central)",
     set_method},
    {"window", 0, "N", ALL, "pixels across the window of evans: 3, 5, ... 99 (3)", set_window},
    {"edge-order", 0, "1|2", ALL, "order of the one-sided differences where data ends (1)",
     set_edge_order},
    {"nodata-edges", 0, "HOW", COMPUTING,
     "where data ends: one-sided differences, or propagate nodata (one-sided)", set_nodata_edges},
    {"metric", 0, "NAME", ALL,
     "a metre travelled is one on the ground, or one of the map's plane: ground, map (ground)",
     set_metric},
    {"frame", 0, "NAME", ALL, "x and y along the grid, or true east and north: grid, true (grid)",
     set_frame},
    {"spacing", 0, "DX[,DY]", ALL, "metres between columns and rows, in place of the metric",
     set_spacing},
    {"x-coords", 0, "FILE", DG_GRADIENT | DG_INFO,
     "the columns' places in metres, one number a line", set_x_coords},
    {"y-coords", 0, "FILE", DG_GRADIENT | DG_INFO, "the rows' places in metres, one number a line",
     set_y_coords},
    {"crs", 0, "CRS", ALL, "the input's CRS, in place of its own: EPSG:CODE, WKT, PROJ string",
     set_crs},
    {"z-unit", 0, "UNIT", ALL, "unit of the elevations, in place of the input's own: m, ft, ...",
     set_z_unit},
    {"z-factor", 0, "F", ALL, "metres per unit of elevation, in place of a unit", set_z_factor},
    {"aspect-flat", 0, "VALUE", WRITING, "aspect of flat ground (nodata)", set_aspect_flat},
    {"hillshade", 0, "KIND", WRITING, "light: plain, multidirectional, combined (plain)",
     set_hillshade},
    {"azimuth", 0, "DEGREES", WRITING, "the light's, clockwise from north (315)", set_azimuth},
    {"altitude", 0, "DEGREES", WRITING, "the light's, above the horizon (45)", set_altitude},
    {"z-exaggeration", 0, "F", WRITING, "of the slope in a hillshade (1)", set_z_exaggeration},
    {"z-error", 0, "S", ALL, "standard deviation of the elevations in metres, for error-...",
     set_z_error},
    {"wrap", 0, "WHEN", ALL, "columns go round the globe: auto, yes, no (auto)", set_wrap},
    {"output-format", 'f', "FORMAT", WRITING, "GDAL format of the output (GTiff)", set_format},
    {"of", 0, "FORMAT", WRITING, NULL, set_format},
    {"co", 0, "K=V", WRITING, "creation option of the format; may be repeated",
     add_creation_option},
    {"ot", 0, "TYPE", WRITING, "type of the output: Float32, Float64 (Float32)", set_type},
    {"nodata", 0, "VALUE", WRITING, "nodata value of the output (nan)", set_nodata},
    {"overwrite", 0, NULL, COMPUTING, "replace an existing output", set_overwrite},
    {"sync", 0, NULL, COMPUTING, "force the output to the disk before it gets its name", set_sync},
    {"oo", 0, "K=V", ALL, "open option of the input; may be repeated", add_open_option},
    {"if", 0, "FORMAT", ALL, "GDAL format to try for the input; may be repeated", add_driver},
    {"num-threads", 'j', "N", COMPUTING, "threads, or ALL_CPUS (ALL_CPUS)", set_threads},
    {"memory", 0, "SIZE", COMPUTING, "memory to keep to (256MB)", set_memory},
    {"quiet", 'q', NULL, ALL, "no progress and no warnings", set_quiet},
    {"progress", 0, "FORM", COMPUTING,
     "bar, gdal, json or none (a bar on a terminal, else as gdal tools do)", set_progress},
    {"report", 0, "FILE", WRITING, "write what was assumed and found as JSON", set_report},
    {"preview", 0, "FILE", WRITING, "draw a picture of the output too: .png, .svg, .pdf, .jpg",
     set_picture},
    {"json", 0, NULL, DG_INFO, "answer as JSON", set_json},
    {"config", 0, "K=V", ALL, "GDAL configuration option; may be repeated", set_config},
    {"help", 'h', NULL, ALL, "show this help", set_help},
};

const int dg_option_count = sizeof dg_options / sizeof *dg_options;
