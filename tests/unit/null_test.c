/* Public calls without what they need answer with a line. */
#include "memory_raster.h"
#include "unit.h"

#include <cpl_vsi.h>
#include <demgrad/demgrad.h>
#include <string.h>

static const char INPUT[] = "/vsimem/null.tif", OUTPUT[] = "/vsimem/null/out.tif";
static const char *const INPUTS[] = {INPUT}, *const NO_INPUT[] = {INPUT, NULL};

static void setup(void) {
    static const double transform[6] = {500000, 10, 0, 5000000, 0, -10};
    memory_raster_make(&(memory_raster){.path = INPUT,
                                        .width = 30,
                                        .height = 20,
                                        .type = GDT_Int16,
                                        .transform = transform,
                                        .crs = "EPSG:32632",
                                        .alpha = -1});
}

#define REFUSE(call)                                                                               \
    do {                                                                                           \
        error.message[0] = '\0';                                                                   \
        ASSERT_STATUS(call, DEMGRAD_INVALID_ARGUMENT);                                             \
        ck_assert_str_ne(error.message, "");                                                       \
    } while (0)

START_TEST(rasters) {
    demgrad_raster_info info;
    demgrad_raster_report report;
    demgrad_error error;
    REFUSE(demgrad_raster_gradient(NULL, 1, OUTPUT, NULL, NULL, &error));
    REFUSE(demgrad_raster_gradient(NO_INPUT, 2, OUTPUT, NULL, NULL, &error));
    REFUSE(demgrad_raster_gradient(INPUTS, 1, NULL, NULL, NULL, &error));
    REFUSE(demgrad_raster_describe(NULL, 1, NULL, &info, &error));
    REFUSE(demgrad_raster_describe(INPUTS, 1, NULL, NULL, &error));
    ASSERT_OK(demgrad_raster_gradient(INPUTS, 1, OUTPUT, NULL, &report, &error));
    ck_assert_int_eq(report.band_count, 2);
    ASSERT_OK(demgrad_raster_describe(INPUTS, 1, NULL, &info, &error));
    ck_assert_int_eq(info.width, 30);
    ck_assert(demgrad_length_unit(NULL) == 0);
    ck_assert(!demgrad_band_at(0, NULL));
    ck_assert(!demgrad_method_at(0, NULL));
    ck_assert(!demgrad_ramp_at(0, NULL));
    demgrad_raster_options options;
    demgrad_raster_options_init(&options);
    options.input_nodata_count = 1;
    REFUSE(demgrad_raster_gradient(INPUTS, 1, OUTPUT, &options, NULL, &error));
    REFUSE(demgrad_raster_describe(INPUTS, 1, &options, &info, &error));
    VSIUnlink(OUTPUT);
}
END_TEST

/* As the command refuses them. */
START_TEST(numbers_out_of_range) {
    static const struct {
        int threads, band, window, edge_order;
        int64_t memory;
        size_t coords;
    } wrong[] = {{-1, 1, 3, 1, 1 << 28, 0}, {1, 0, 3, 1, 1 << 28, 0}, {1, 1, 4, 1, 1 << 28, 0},
                 {1, 1, 3, 0, 1 << 28, 0},  {1, 1, 3, 1, -1, 0},      {1, 1, 3, 1, 1 << 20, 0},
                 {1, 1, 3, 1, 1 << 28, 5}};
    demgrad_error error;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        demgrad_raster_options o;
        demgrad_raster_options_init(&o);
        o.threads = wrong[i].threads;
        o.band = wrong[i].band;
        o.window = wrong[i].window;
        o.edge_order = wrong[i].edge_order;
        o.memory = wrong[i].memory;
        o.x_coord_count = wrong[i].coords;
        REFUSE(demgrad_raster_gradient(INPUTS, 1, OUTPUT, &o, NULL, &error));
    }
}
END_TEST

START_TEST(batches) {
    demgrad_batch_options o;
    demgrad_batch_result result;
    demgrad_batch_options_init(&o);
    demgrad_error error;
    char **inputs = NULL;
    REFUSE(demgrad_batch_run(INPUTS, 1, NULL, &result, &error));
    REFUSE(demgrad_batch_run(INPUTS, 1, &o, &result, &error));
    REFUSE(demgrad_batch_verify(INPUTS, 1, NULL, &result, &error));
    o.output_dir = "/vsimem/null";
    REFUSE(demgrad_batch_run(NULL, 1, &o, &result, &error));
    REFUSE(demgrad_batch_run(NO_INPUT, 2, &o, &result, &error));
    REFUSE(demgrad_batch_expand(NULL, 1, &o, &inputs, &error));
    REFUSE(demgrad_batch_expand(NO_INPUT, 2, &o, &inputs, &error));
    REFUSE(demgrad_batch_expand(INPUTS, 1, &o, NULL, &error));
    ASSERT_OK(demgrad_batch_expand(INPUTS, 1, NULL, &inputs, &error));
    demgrad_batch_free_inputs(inputs);
    demgrad_batch_free_inputs(NULL);
    ASSERT_OK(demgrad_batch_run_sized(INPUTS, 1, &o, NULL, 0, &error));
    VSIRmdirRecursive("/vsimem/null");
}
END_TEST

/* A library without pictures refuses all of them. */
static bool has_pictures(void) {
    demgrad_error error;
    return demgrad_preview_check("/vsimem/x.png", NULL, &error) != DEMGRAD_UNSUPPORTED;
}

START_TEST(pictures) {
    unsigned char *pixels = NULL;
    int width, height;
    demgrad_error error;
    if (!has_pictures()) {
        ASSERT_STATUS(demgrad_preview(INPUTS, 1, NULL, NULL, &error), DEMGRAD_UNSUPPORTED);
        return;
    }
    REFUSE(demgrad_preview(INPUTS, 1, NULL, NULL, &error));
    REFUSE(demgrad_preview(NULL, 1, "/tmp/x.png", NULL, &error));
    REFUSE(demgrad_preview(NO_INPUT, 2, "/tmp/x.png", NULL, &error));
    REFUSE(demgrad_preview_check(NULL, NULL, &error));
    REFUSE(demgrad_preview_pixels(NULL, 1, NULL, &pixels, &width, &height, &error));
    REFUSE(demgrad_preview_pixels(INPUTS, 1, NULL, NULL, &width, &height, &error));
    REFUSE(demgrad_preview_pixels(INPUTS, 1, NULL, &pixels, NULL, &height, &error));
    REFUSE(demgrad_preview_pixels(INPUTS, 1, NULL, &pixels, &width, NULL, &error));
    ASSERT_OK(demgrad_preview_pixels(INPUTS, 1, NULL, &pixels, &width, &height, &error));
    demgrad_preview_free(pixels);
}
END_TEST

START_TEST(inits) {
    demgrad_raster_options_init_sized(NULL, sizeof(demgrad_raster_options));
    demgrad_batch_options_init_sized(NULL, sizeof(demgrad_batch_options),
                                     sizeof(demgrad_raster_options));
    demgrad_preview_options_init_sized(NULL, sizeof(demgrad_preview_options),
                                       sizeof(demgrad_raster_options));
}
END_TEST

int main(void) {
    GDALAllRegister();
    VSIMkdir("/vsimem/null", 0755);
    Suite *suite = suite_create("null");
    TCase *calls = tcase_create("calls");
    tcase_set_timeout(calls, 120);
    tcase_add_checked_fixture(calls, setup, NULL);
    tcase_add_test(calls, rasters);
    tcase_add_test(calls, numbers_out_of_range);
    tcase_add_test(calls, batches);
    tcase_add_test(calls, pictures);
    tcase_add_test(calls, inits);
    suite_add_tcase(suite, calls);
    return unit_run(suite);
}
