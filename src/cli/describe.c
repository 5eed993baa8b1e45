#include "describe.h"

#include <math.h>
#include <string.h>

const char *dg_metric_word(demgrad_metric metric) {
    static const char *const words[] = {[DEMGRAD_METRIC_GROUND] = "ground",
                                        [DEMGRAD_METRIC_MAP] = "map",
                                        [DEMGRAD_METRIC_SPACING] = "spacing"};
    return words[metric];
}

const char *dg_frame_word(demgrad_frame frame) {
    return frame == DEMGRAD_FRAME_TRUE ? "true" : "grid";
}

static const char *const PLACES[5] = {"centre", "top left", "top right", "bottom left",
                                      "bottom right"};
static const char *const PLACE_KEYS[5] = {"centre", "top_left", "top_right", "bottom_left",
                                          "bottom_right"};

static bool has_range(double min, double max) {
    return min <= max;
}

/* As those of maps around a pole, along different meridians. */
static bool axes_are_alike(const demgrad_raster_info *i) {
    return *i->crs_axes[0] && strcmp(i->crs_axes[0], i->crs_axes[1]) == 0;
}

static void print_crs(const demgrad_raster_info *i) {
    if (strcmp(i->crs_kind, "none") == 0) {
        printf("CRS:            none\n");
        return;
    }
    printf("CRS:            %s", *i->crs ? i->crs : "without a name");
    if (*i->crs_code)
        printf(", %s%s", i->crs_code_is_alike ? "the same as " : "", i->crs_code);
    printf(" (%s; from %s%s)\n", i->crs_kind, strcmp(i->crs_by, "option") == 0 ? "--crs" : "the ",
           strcmp(i->crs_by, "option") == 0 ? "" : i->crs_by);
    printf("axes:           x counts %s, y counts %s%s\n", i->crs_axes[0], i->crs_axes[1],
           axes_are_alike(i) ? "; grid north is the way y counts" : "");
    if (*i->vertical_crs)
        printf("vertical CRS:   %s\n", i->vertical_crs);
    if (*i->ellipsoid)
        printf("ellipsoid:      %s, a = %.10g m, b = %.10g m\n", i->ellipsoid, i->semi_major_m,
               i->semi_minor_m);
}

static bool has_ellipsoid(const demgrad_raster_info *i) {
    return i->semi_major_m > 0;
}

static void print_pixel(const demgrad_raster_info *i, int place) {
    const double *size = i->pixel_m[place];
    printf("%-16s", place == 0 ? "ground pixel:" : "");
    if (!isfinite(size[1]))
        printf("none at the %s, %s\n", PLACES[place],
               strcmp(i->crs_kind, "geographic") == 0 ? "beyond the pole"
                                                      : "outside the projection's domain");
    else
        printf("%.6g x %.6g m at the %s%s\n", size[0], size[1], PLACES[place],
               size[0] > 0 ? "" : ", on a pole: no dz/dx there");
}

static void print_metric(const demgrad_raster_info *i) {
    static const char *const meanings[] = {
        [DEMGRAD_METRIC_GROUND] = "metres along the ellipsoid",
        [DEMGRAD_METRIC_MAP] = "metres of the map's plane",
        [DEMGRAD_METRIC_SPACING] = "metres as given",
    };
    const bool is_forced = i->metric == DEMGRAD_METRIC_MAP && !has_ellipsoid(i);
    printf("metric:         %s (%s%s)\n", dg_metric_word(i->metric), meanings[i->metric],
           is_forced ? ", as no ellipsoid is known" : "");
    printf("frame:          %s\n", dg_frame_word(i->frame));
    for (int p = 0; p < 5; p++)
        print_pixel(i, p);
    if (has_range(i->scale_min, i->scale_max))
        printf("map scale:      %.8g to %.8g (map length per ground length)\n", i->scale_min,
               i->scale_max);
    if (has_range(i->convergence_min, i->convergence_max))
        printf("convergence:    %.6g to %.6g degrees (true north to grid y, clockwise)\n",
               i->convergence_min, i->convergence_max);
}

static void print_elevation(const demgrad_raster_info *i) {
    const bool is_assumed = strcmp(i->z_unit_by, "default") == 0;
    printf("elevation unit: %s = %.10g m (%s%s)\n", i->z_unit, i->z_unit_m,
           is_assumed ? "assumed, as nothing says otherwise" : "from the ",
           is_assumed ? "" : i->z_unit_by);
    printf("scale, offset:  %.10g, %.10g\n", i->scale, i->offset);
    if (i->has_nodata && i->nodata_count > 1)
        printf("nodata:         %.10g and %zu more\n", i->nodata, i->nodata_count - 1);
    else if (i->has_nodata)
        printf("nodata:         %.10g\n", i->nodata);
    else
        printf("nodata:         none declared; NaN and infinite values are nodata\n");
    if (isfinite(i->valid_min) || isfinite(i->valid_max))
        printf("valid:          %.10g to %.10g, as stored; what is beyond is nodata\n",
               i->valid_min, i->valid_max);
    printf("mask:           %s\n", i->mask);
    if (i->wrap_columns)
        printf("wrap:           every %d columns\n", i->wrap_columns);
    else
        printf("wrap:           no\n");
}

void dg_describe_text(const demgrad_raster_info *i) {
    if (i->input_count > 1)
        printf("inputs:         %zu, as one mosaic\n", i->input_count);
    printf("size:           %d x %d pixels\n", i->width, i->height);
    printf("type:           %s, %s, blocks of %d x %d\n", i->type, i->driver, i->block_width,
           i->block_height);
    const double *g = i->geotransform;
    if (i->has_geotransform)
        printf("geotransform:   %.12g %.12g %.12g %.12g %.12g %.12g\n", g[0], g[1], g[2], g[3],
               g[4], g[5]);
    else
        printf("geotransform:   none\n");
    print_crs(i);
    print_metric(i);
    print_elevation(i);
    if (i->output_window[2] != i->width || i->output_window[3] != i->height)
        printf("window:         %d,%d,%d,%d\n", i->output_window[0], i->output_window[1],
               i->output_window[2], i->output_window[3]);
    printf("output:         %d bands of %d x %d pixels, %.4g MB uncompressed\n", i->output_bands,
           i->output_window[2], i->output_window[3], (double)i->output_bytes / 1e6);
}

static void json_pair(dg_json *j, const char *key, double a, double b) {
    dg_json_open(j, key, '[');
    dg_json_number(j, NULL, a);
    dg_json_number(j, NULL, b);
    dg_json_close(j, ']');
}

static void json_range(dg_json *j, const char *key, double min, double max) {
    if (has_range(min, max))
        json_pair(j, key, min, max);
    else
        dg_json_string(j, key, NULL);
}

static void json_crs(dg_json *j, const demgrad_raster_info *i) {
    dg_json_open(j, "crs", '{');
    dg_json_string(j, "name", *i->crs ? i->crs : NULL);
    dg_json_string(j, "code", *i->crs_code ? i->crs_code : NULL);
    dg_json_bool(j, "code_is_alike", i->crs_code_is_alike);
    dg_json_string(j, "from", i->crs_by);
    dg_json_string(j, "kind", i->crs_kind);
    dg_json_open(j, "axes", '[');
    for (int n = 0; n < 2 && *i->crs_axes[n]; n++)
        dg_json_string(j, NULL, i->crs_axes[n]);
    dg_json_close(j, ']');
    dg_json_string(j, "vertical", *i->vertical_crs ? i->vertical_crs : NULL);
    dg_json_number(j, "linear_unit_m", i->linear_unit_m);
    dg_json_string(j, "ellipsoid", *i->ellipsoid ? i->ellipsoid : NULL);
    dg_json_number(j, "semi_major_m", i->semi_major_m > 0 ? i->semi_major_m : (double)NAN);
    dg_json_number(j, "semi_minor_m", i->semi_minor_m > 0 ? i->semi_minor_m : (double)NAN);
    dg_json_close(j, '}');
}

static void json_metric(dg_json *j, const demgrad_raster_info *i) {
    dg_json_string(j, "metric", dg_metric_word(i->metric));
    dg_json_string(j, "frame", dg_frame_word(i->frame));
    dg_json_open(j, "ground_pixel_m", '{');
    for (int p = 0; p < 5; p++)
        json_pair(j, PLACE_KEYS[p], i->pixel_m[p][0], i->pixel_m[p][1]);
    dg_json_close(j, '}');
    json_range(j, "scale_range", i->scale_min, i->scale_max);
    json_range(j, "convergence_range_deg", i->convergence_min, i->convergence_max);
}

static void json_elevation(dg_json *j, const demgrad_raster_info *i) {
    dg_json_open(j, "elevation_unit", '{');
    dg_json_string(j, "name", i->z_unit);
    dg_json_number(j, "metres", i->z_unit_m);
    dg_json_string(j, "from", i->z_unit_by);
    dg_json_close(j, '}');
    dg_json_number(j, "scale", i->scale);
    dg_json_number(j, "offset", i->offset);
    dg_json_bool(j, "has_nodata", i->has_nodata);
    if (i->has_nodata && !isfinite(i->nodata))
        dg_json_string(j, "nodata", isnan(i->nodata) ? "nan" : i->nodata > 0 ? "inf" : "-inf");
    else
        dg_json_number(j, "nodata", i->has_nodata ? i->nodata : (double)NAN);
    json_pair(j, "valid_range", i->valid_min, i->valid_max);
    dg_json_string(j, "mask", i->mask);
    dg_json_integer(j, "wrap_columns", i->wrap_columns);
}

static void json_output(dg_json *j, const demgrad_raster_info *i) {
    dg_json_open(j, "output", '{');
    dg_json_open(j, "window", '[');
    for (int n = 0; n < 4; n++)
        dg_json_integer(j, NULL, i->output_window[n]);
    dg_json_close(j, ']');
    dg_json_integer(j, "width", i->output_window[2]);
    dg_json_integer(j, "height", i->output_window[3]);
    dg_json_integer(j, "bands", i->output_bands);
    dg_json_integer(j, "bytes", i->output_bytes);
    dg_json_close(j, '}');
}

void dg_describe_json(dg_json *j, const demgrad_raster_info *i) {
    dg_json_integer(j, "inputs", (int64_t)i->input_count);
    dg_json_string(j, "driver", i->driver);
    dg_json_integer(j, "width", i->width);
    dg_json_integer(j, "height", i->height);
    dg_json_string(j, "type", i->type);
    dg_json_open(j, "block", '[');
    dg_json_integer(j, NULL, i->block_width);
    dg_json_integer(j, NULL, i->block_height);
    dg_json_close(j, ']');
    if (i->has_geotransform) {
        dg_json_open(j, "geotransform", '[');
        for (int n = 0; n < 6; n++)
            dg_json_number(j, NULL, i->geotransform[n]);
        dg_json_close(j, ']');
    } else {
        dg_json_string(j, "geotransform", NULL);
    }
    json_crs(j, i);
    json_metric(j, i);
    json_elevation(j, i);
    json_output(j, i);
}
