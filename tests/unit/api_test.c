/* The library's calls as a program sees them. */
#include "memory_raster.h"
#include "unit.h"

#include <cpl_vsi.h>
#include <demgrad/demgrad.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char INPUT[] = "/vsimem/api.tif", OUTPUT[] = "/vsimem/api/out.tif";
static const char *const INPUTS[] = {INPUT};

static void setup(void) {
    static const double transform[6] = {9, 0.001, 0, 46, 0, -0.001};
    memory_raster_make(&(memory_raster){.path = INPUT,
                                        .width = 400,
                                        .height = 300,
                                        .type = GDT_Int16,
                                        .transform = transform,
                                        .crs = "EPSG:4326",
                                        .alpha = -1});
}

START_TEST(length_units_are_known) {
    static const struct {
        const char *name;
        double metres;
    } units[] = {{"m", 1},
                 {"Metre", 1},
                 {"METERS", 1},
                 {"ft", 0.3048},
                 {"Foot", 0.3048},
                 {"us-ft", 1200.0 / 3937.0},
                 {"US survey foot", 1200.0 / 3937.0},
                 {"us_survey_foot", 1200.0 / 3937.0},
                 {"cm", 0.01},
                 {"km", 1000},
                 {"fathom", 1.8288},
                 {"sft", 1200.0 / 3937.0},
                 {"millimetres", 0.001},
                 {"inches", 0.0254},
                 {"", 0},
                 {"mete", 0},
                 {"metress", 0},
                 {"degree", 0},
                 {"m ", 0}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        ck_assert_msg(demgrad_length_unit(units[i].name) == units[i].metres, "\"%s\" is %g",
                      units[i].name, demgrad_length_unit(units[i].name));
}
END_TEST

START_TEST(defaults_are_as_documented) {
    demgrad_raster_options o;
    memset(&o, 0x5a, sizeof o);
    demgrad_raster_options_init(&o);
    ck_assert_int_eq(o.band, 1);
    ck_assert(!o.open_options && !o.input_drivers && !o.crs && !o.format && !o.creation_options);
    ck_assert_int_eq(o.metric, DEMGRAD_METRIC_GROUND);
    ck_assert_int_eq(o.frame, DEMGRAD_FRAME_GRID);
    ck_assert(o.spacing_x == 0 && o.spacing_y == 0 && !o.x_coords && !o.y_coords);
    ck_assert(!o.z_unit && o.z_factor == 0);
    ck_assert_int_eq(o.edge_order, 1);
    ck_assert_int_eq(o.edges, DEMGRAD_EDGES_ONE_SIDED);
    ck_assert_int_eq(o.wrap, DEMGRAD_WRAP_AUTO);
    ck_assert(!o.method && !o.bands);
    ck_assert_int_eq(o.window, 3);
    ck_assert(isnan(o.aspect_flat) && o.azimuth == 315 && o.altitude == 45);
    ck_assert(o.hillshade == DEMGRAD_HILLSHADE_PLAIN && o.z_exaggeration == 1 && o.z_error == 0);
    ck_assert_int_eq(o.type, DEMGRAD_FLOAT32);
    ck_assert(isnan(o.nodata) && !o.overwrite && !o.sync);
    ck_assert_int_eq(o.threads, 0);
    ck_assert_int_eq(o.memory, (int64_t)256 << 20);
    ck_assert(!o.cpu && !o.progress && !o.warning);
}
END_TEST

START_TEST(statuses_have_names) {
    for (int i = 0; i < DEMGRAD_STATUS_END; i++) {
        ck_assert_str_ne(demgrad_status_text((demgrad_status)i), "unknown status");
        ck_assert_str_ne(demgrad_status_text((demgrad_status)i), "");
    }
    ck_assert_str_eq(demgrad_status_text((demgrad_status)DEMGRAD_STATUS_END), "unknown status");
    ck_assert_str_eq(demgrad_status_text((demgrad_status)-1), "unknown status");
    ck_assert_str_eq(demgrad_version(), DEMGRAD_VERSION);
}
END_TEST

static void refuse(const demgrad_raster_options *options, demgrad_status expected) {
    demgrad_error error;
    ASSERT_STATUS(demgrad_raster_gradient(INPUTS, 1, OUTPUT, options, NULL, &error), expected);
    ck_assert_int_eq(demgrad_raster_gradient(INPUTS, 1, OUTPUT, options, NULL, NULL), expected);
    ck_assert_int_eq(folder_count("/vsimem/api"), 0);
}

#define REFUSE(field, value, status)                                                               \
    do {                                                                                           \
        demgrad_raster_options refused;                                                            \
        demgrad_raster_options_init(&refused);                                                     \
        refused.field = value;                                                                     \
        refuse(&refused, status);                                                                  \
    } while (0)

START_TEST(wrong_options_are_refused) {
    static const double coords[3] = {0, 1, 2};
    REFUSE(edge_order, 0, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(edge_order, 3, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(band, 0, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(band, 2, DEMGRAD_INVALID_ARGUMENT);
    static const char *const none[] = {NULL}, *const unknown[] = {"dzdx", "dzdz", NULL};
    static const char *const twice[] = {"dzdx", "slope", "dzdx", NULL};
    static const char *const error_band[] = {"error-slope", NULL};
    REFUSE(bands, none, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(bands, unknown, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(bands, twice, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(bands, error_band, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(method, "sobel", DEMGRAD_INVALID_ARGUMENT);
    REFUSE(altitude, 91, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(azimuth, (double)INFINITY, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_exaggeration, 0, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(aspect_flat, (double)INFINITY, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_error, -1, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(metric, DEMGRAD_METRIC_MAP, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(metric, DEMGRAD_METRIC_SPACING, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(spacing_x, -1, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(spacing_y, (double)NAN, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_unit, "parsec", DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_factor, (double)INFINITY, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(x_coords, coords, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(wrap, DEMGRAD_WRAP_YES, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(crs, "nonsense", DEMGRAD_INVALID_ARGUMENT);
    REFUSE(cpu, "x86-64-v9", DEMGRAD_INVALID_ARGUMENT);
    REFUSE(spacing_x, 10, DEMGRAD_INVALID_ARGUMENT); /* without its metric */
    REFUSE(spacing_y, 10, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_exaggeration, 1e39, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_exaggeration, 1e-39, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_error, 1e300, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_factor, 1e40, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_factor, -1e40, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(z_factor, 1e-46, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(hillshade, (demgrad_hillshade)7, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(decode, (demgrad_decode)3, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(decode, (demgrad_decode)-1, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(metric, (demgrad_metric)9, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(frame, (demgrad_frame)9, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(edges, (demgrad_edges)7, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(wrap, (demgrad_wrap)9, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(type, (demgrad_output_type)5, DEMGRAD_INVALID_ARGUMENT);
    REFUSE(format, "NoSuchFormat", DEMGRAD_INVALID_OPTION);
}
END_TEST

START_TEST(distances_go_with_their_metric) {
    double coords[400];
    for (int i = 0; i < 400; i++)
        coords[i] = 10.0 * i;
    demgrad_raster_options o;
    demgrad_error error;
    demgrad_raster_options_init(&o);
    o.x_coords = coords;
    o.x_coord_count = 400;
    refuse(&o, DEMGRAD_INVALID_ARGUMENT);
    static const char *const bands[] = {"dzdx", NULL};
    o.bands = bands;
    o.metric = DEMGRAD_METRIC_SPACING;
    ASSERT_OK(demgrad_raster_gradient(INPUTS, 1, OUTPUT, &o, NULL, &error));
    VSIUnlink(OUTPUT);
}
END_TEST

START_TEST(inputs_must_be_there) {
    demgrad_raster_options o;
    demgrad_raster_info info;
    demgrad_error error;
    const char *const missing[] = {"/vsimem/no-such.tif"};
    demgrad_raster_options_init(&o);
    ASSERT_STATUS(demgrad_raster_gradient(INPUTS, 0, OUTPUT, &o, NULL, &error),
                  DEMGRAD_INVALID_ARGUMENT);
    ASSERT_STATUS(demgrad_raster_gradient(missing, 1, OUTPUT, &o, NULL, &error),
                  DEMGRAD_READ_FAILED);
    ASSERT_STATUS(demgrad_raster_describe(missing, 1, &o, &info, &error), DEMGRAD_READ_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, missing[0]));
    ck_assert_int_eq(folder_count("/vsimem/api"), 0);
}
END_TEST

START_TEST(descriptions_say_what_is_assumed) {
    demgrad_raster_options o;
    demgrad_raster_info info;
    demgrad_error error;
    demgrad_raster_options_init(&o);
    o.z_unit = "ft";
    ASSERT_OK(demgrad_raster_describe(INPUTS, 1, &o, &info, &error));
    ck_assert(info.width == 400 && info.height == 300 && info.input_count == 1);
    ck_assert_str_eq(info.type, "Int16");
    ck_assert_str_eq(info.crs, "WGS 84");
    ck_assert_str_eq(info.crs_kind, "geographic");
    ck_assert_int_eq(info.metric, DEMGRAD_METRIC_GROUND);
    ck_assert(info.z_unit_m == 0.3048 && info.wrap_columns == 0 && !info.has_nodata);
    ck_assert_str_eq(info.z_unit_by, "z-unit");
    ck_assert_str_eq(info.mask, "none");
}
END_TEST

typedef struct watch {
    int calls, cancel_at; /* 0: never */
    int64_t done, all;
} watch;

static int tell(int64_t done, int64_t all, void *user) {
    watch *w = user;
    ck_assert(done >= w->done && done <= all);
    w->done = done;
    w->all = all;
    w->calls++;
    return w->cancel_at == 0 || w->calls < w->cancel_at;
}

START_TEST(progress_ends_with_all) {
    demgrad_raster_options o;
    demgrad_error error;
    for (int threads = 1; threads <= 4; threads++) {
        watch w = {0};
        demgrad_raster_options_init(&o);
        o.threads = threads;
        o.overwrite = true;
        o.progress = tell;
        o.progress_user = &w;
        ASSERT_OK(demgrad_raster_gradient(INPUTS, 1, OUTPUT, &o, NULL, &error));
        ck_assert_int_eq(w.done, 400 * 300);
        ck_assert_int_eq(w.all, 400 * 300);
    }
    VSIUnlink(OUTPUT);
}
END_TEST

static void check_cancel(const char *format, int threads, int at) {
    demgrad_raster_options o;
    demgrad_error error;
    watch w = {.cancel_at = at};
    demgrad_raster_options_init(&o);
    o.format = format;
    o.threads = threads;
    o.progress = tell;
    o.progress_user = &w;
    ASSERT_STATUS(demgrad_raster_gradient(INPUTS, 1, OUTPUT, &o, NULL, &error), DEMGRAD_CANCELLED);
    ck_assert_int_eq(folder_count("/vsimem/api"), 0);
}

START_TEST(progress_can_cancel) {
    for (int i = 0; i < 4 * 3; i++) {
        check_cancel("GTiff", 1 + i % 4, 1 + i / 4);
        check_cancel("COG", 1 + i % 4, 1 + i / 4);
    }
}
END_TEST

START_TEST(a_cancelled_output_leaves_the_old_one) {
    demgrad_raster_options o;
    demgrad_error error;
    watch w = {.cancel_at = 2};
    demgrad_raster_options_init(&o);
    ASSERT_OK(demgrad_raster_gradient(INPUTS, 1, OUTPUT, &o, NULL, &error));
    const int size = memory_file_size(OUTPUT);
    ASSERT_STATUS(demgrad_raster_gradient(INPUTS, 1, OUTPUT, &o, NULL, &error), DEMGRAD_EXISTS);
    o.overwrite = true;
    o.progress = tell;
    o.progress_user = &w;
    ASSERT_STATUS(demgrad_raster_gradient(INPUTS, 1, OUTPUT, &o, NULL, &error), DEMGRAD_CANCELLED);
    ck_assert_int_eq(memory_file_size(OUTPUT), size);
    ck_assert_int_eq(folder_count("/vsimem/api"), 1);
    VSIUnlink(OUTPUT);
}
END_TEST

START_TEST(reports_say_what_was_found) {
    demgrad_raster_options o;
    demgrad_raster_report report;
    demgrad_error error;
    demgrad_raster_options_init(&o);
    o.cpu = "baseline";
    ASSERT_OK(demgrad_raster_gradient(INPUTS, 1, OUTPUT, &o, &report, &error));
    ck_assert_str_eq(report.kernel, "baseline");
    ck_assert_int_eq(report.band_count, 2);
    ck_assert_int_eq(report.bands[0].valid, 400 * 300);
    ck_assert(report.bands[1].min < report.bands[1].mean &&
              report.bands[1].mean < report.bands[1].max);
    VSIUnlink(OUTPUT);
}
END_TEST

int main(void) {
    GDALAllRegister();
    VSIMkdir("/vsimem/api", 0755);
    Suite *suite = suite_create("api");
    TCase *calls = tcase_create("calls");
    tcase_set_timeout(calls, 120);
    tcase_add_checked_fixture(calls, setup, NULL);
    const TTest *const tests[] = {length_units_are_known,
                                  defaults_are_as_documented,
                                  statuses_have_names,
                                  wrong_options_are_refused,
                                  distances_go_with_their_metric,
                                  inputs_must_be_there,
                                  descriptions_say_what_is_assumed,
                                  progress_ends_with_all,
                                  progress_can_cancel,
                                  a_cancelled_output_leaves_the_old_one,
                                  reports_say_what_was_found,
                                  NULL};
    for (int i = 0; tests[i]; i++)
        tcase_add_test(calls, tests[i]);
    suite_add_tcase(suite, calls);
    return unit_run(suite);
}
