/* Callers that were compiled with an older or a newer version of the headers. */
#include "memory_raster.h"
#include "unit.h"

#include <cpl_vsi.h>
#include <demgrad/demgrad.h>
#include <stdio.h>
#include <string.h>

static const char INPUT[] = "/vsimem/versions.tif";
static const char *const INPUTS[] = {INPUT};
static char *folder;
static demgrad_error error;

enum { MORE = 4 * (int)sizeof(void *), GUARD = 0x5A };

static void setup(void) {
    static const double transform[6] = {5e5, 10, 0, 5e6, 0, -10};
    folder = folder_create();
    memory_raster_make(&(memory_raster){.path = INPUT,
                                        .width = 30,
                                        .height = 20,
                                        .type = GDT_Float32,
                                        .transform = transform,
                                        .crs = "EPSG:32632",
                                        .alpha = -1});
}

static void teardown(void) {
    folder_remove(folder);
}

/* Room for a structure of any version, with guards behind. */
typedef union room {
    demgrad_raster_options raster;
    demgrad_batch_options batch;
    demgrad_preview_options preview;
    demgrad_raster_info info;
    demgrad_raster_report report;
    demgrad_batch_result result;
    demgrad_band band;
    demgrad_method method;
    unsigned char bytes[sizeof(demgrad_raster_report) + 1024];
} room;

static void guard(room *r) {
    memset(r, GUARD, sizeof *r);
}

static bool is_guarded(const room *r, size_t size) {
    for (size_t i = size; i < sizeof *r; i++) {
        if (r->bytes[i] != GUARD)
            return false;
    }
    return true;
}

static demgrad_status describe(const demgrad_raster_options *options) {
    demgrad_raster_info info;
    return demgrad_raster_describe(INPUTS, 1, options, &info, &error);
}

START_TEST(older_options_have_defaults_for_the_rest) {
    for (size_t size = offsetof(demgrad_raster_options, metric);
         size <= sizeof(demgrad_raster_options); size += sizeof(void *)) {
        room options;
        guard(&options);
        demgrad_raster_options_init_sized(&options.raster, size);
        ck_assert(is_guarded(&options, size));
        ASSERT_OK(describe(&options.raster));
        options.raster.band = 2;
        ASSERT_STATUS(describe(&options.raster), DEMGRAD_INVALID_ARGUMENT);
    }
}
END_TEST

START_TEST(newer_options_are_refused_where_they_say_something) {
    room options;
    const size_t size = sizeof options.raster + MORE;
    guard(&options);
    demgrad_raster_options_init_sized(&options.raster, size);
    ck_assert(is_guarded(&options, size));
    ASSERT_OK(describe(&options.raster));
    for (size_t at = sizeof options.raster; at < size; at++) {
        options.bytes[at] = 1;
        ASSERT_STATUS(describe(&options.raster), DEMGRAD_INVALID_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(error.message, "newer"));
        options.bytes[at] = 0;
    }
    ASSERT_OK(describe(&options.raster));
}
END_TEST

START_TEST(options_that_were_not_set_up_are_refused) {
    const demgrad_raster_options none = {0};
    demgrad_batch_options batch = {.output_dir = folder};
    demgrad_preview_options preview = {.density = 1};
    demgrad_batch_result result;
    char **names;
    ASSERT_STATUS(describe(&none), DEMGRAD_INVALID_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "init"));
    ASSERT_STATUS(demgrad_raster_gradient(INPUTS, 1, "/vsimem/o.tif", &none, NULL, &error),
                  DEMGRAD_INVALID_ARGUMENT);
    ASSERT_STATUS(demgrad_batch_run(INPUTS, 1, &batch, &result, &error), DEMGRAD_INVALID_ARGUMENT);
    ASSERT_STATUS(demgrad_batch_verify(INPUTS, 1, &batch, &result, &error),
                  DEMGRAD_INVALID_ARGUMENT);
    ASSERT_STATUS(demgrad_batch_expand(INPUTS, 1, &batch, &names, &error),
                  DEMGRAD_INVALID_ARGUMENT);
    demgrad_batch_options_init(&batch);
    batch.raster = none;
    batch.output_dir = folder;
    ASSERT_STATUS(demgrad_batch_run(INPUTS, 1, &batch, &result, &error), DEMGRAD_INVALID_ARGUMENT);
    ck_assert_int_ne(demgrad_preview(INPUTS, 1, "/vsimem/o.png", &preview, &error), DEMGRAD_OK);
    for (size_t size = 1; size < 8; size++) {
        demgrad_raster_options odd;
        demgrad_raster_options_init(&odd);
        odd.size += size;
        ASSERT_STATUS(describe(&odd), DEMGRAD_INVALID_ARGUMENT);
    }
}
END_TEST

/* What follows the raster's options lies elsewhere where these are shorter or longer. */
static void check_batch(int raster_more, int batch_more) {
    const size_t raster_size = (size_t)((int)sizeof(demgrad_raster_options) + raster_more);
    const size_t tail = offsetof(demgrad_batch_options, output_dir);
    const size_t size = (size_t)((int)sizeof(demgrad_batch_options) + raster_more + batch_more);
    room options, result;
    guard(&options);
    guard(&result);
    demgrad_batch_options_init_sized(&options.batch, size, raster_size);
    ck_assert(is_guarded(&options, size));
    memcpy(options.bytes + (int)tail + raster_more, &folder, sizeof folder);
    options.batch.raster.overwrite = true;
    const size_t counts = offsetof(demgrad_batch_result, kept);
    ASSERT_OK(demgrad_batch_run_sized(INPUTS, 1, &options.batch, &result.result, counts, &error));
    ck_assert_uint_eq(result.result.pieces, 1);
    ck_assert_uint_eq(result.result.done, 1);
    ck_assert(is_guarded(&result, counts));
    ck_assert_int_eq(folder_count(folder), 1);
    /* Also the fields after that are found. */
    const int none = -1;
    const size_t part = offsetof(demgrad_batch_options, part_index);
    memcpy(options.bytes + (int)part + raster_more, &none, sizeof none);
    ASSERT_STATUS(
        demgrad_batch_run_sized(INPUTS, 1, &options.batch, &result.result, counts, &error),
        DEMGRAD_INVALID_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "part"));
}

START_TEST(options_within_options_grow_too) {
    static const int steps[] = {-2 * (int)sizeof(void *), 0, MORE};
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            check_batch(steps[i], steps[j]);
    }
}
END_TEST

START_TEST(results_are_cut_to_what_the_caller_knows) {
    demgrad_raster_options options;
    demgrad_raster_options_init(&options);
    options.overwrite = true;
    const demgrad_raster_options *o = &options;
    room r;
    const size_t some = offsetof(demgrad_raster_info, crs);
    guard(&r);
    ASSERT_OK(demgrad_raster_describe_sized(INPUTS, 1, o, &r.info, some, &error));
    ck_assert_int_eq(r.info.width, 30);
    ck_assert(is_guarded(&r, some));
    guard(&r);
    ASSERT_OK(demgrad_raster_describe_sized(INPUTS, 1, o, &r.info, sizeof r.info + MORE, &error));
    ck_assert(is_guarded(&r, sizeof r.info));
    guard(&r);
    /* An older report: an info that ends early, and after it the name of the tier alone. */
    ASSERT_OK(demgrad_raster_gradient_sized(INPUTS, 1, "/vsimem/versions/out.tif", o, &r.report,
                                            some + sizeof(char *), some, &error));
    const char *tier;
    memcpy(&tier, r.bytes + some, sizeof tier);
    ck_assert_int_eq(r.report.input.height, 20);
    ck_assert_ptr_nonnull(strchr("bx", tier[0])); /* baseline, x86-64-v3, ... */
    ck_assert(is_guarded(&r, some + sizeof tier));
    guard(&r);
    ck_assert(demgrad_band_at_sized(0, &r.band, sizeof r.band.name));
    ck_assert(is_guarded(&r, sizeof r.band.name));
    guard(&r);
    ck_assert(demgrad_method_at_sized(0, &r.method, sizeof r.method.name));
    ck_assert(is_guarded(&r, sizeof r.method.name));
}
END_TEST

int main(void) {
    unit_seed();
    GDALAllRegister();
    Suite *suite = suite_create("versions");
    TCase *versions = tcase_create("versions");
    tcase_set_timeout(versions, 60);
    tcase_add_checked_fixture(versions, setup, teardown);
    tcase_add_test(versions, older_options_have_defaults_for_the_rest);
    tcase_add_test(versions, newer_options_are_refused_where_they_say_something);
    tcase_add_test(versions, options_that_were_not_set_up_are_refused);
    tcase_add_test(versions, options_within_options_grow_too);
    tcase_add_test(versions, results_are_cut_to_what_the_caller_knows);
    suite_add_tcase(suite, versions);
    return unit_run(suite);
}
