/* Reads, writes and allocations that fail: the call ends with an error and leaves nothing. */
#include "memory_raster.h"
#include "unit.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <demgrad/raster.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char INPUT[] = "/vsimem/fault.tif";

static char *folder;
static char output[512];

static void setup(void) {
    folder = folder_create();
    snprintf(output, sizeof output, "%s/out.tif", folder);
}

static void teardown(void) {
    folder_remove(folder);
}

static void make_input(const char *const *options) {
    static const double transform[6] = {5e5, 10, 0, 5e6, 0, -10};
    memory_raster_make(&(memory_raster){.path = INPUT,
                                        .width = 300,
                                        .height = 200,
                                        .type = GDT_Float32,
                                        .transform = transform,
                                        .crs = "EPSG:32632",
                                        .alpha = -1,
                                        .options = options});
}

static demgrad_status compute(int threads, const char *format, demgrad_error *error) {
    const char *const input = INPUT;
    demgrad_raster_options options;
    demgrad_raster_options_init(&options);
    options.threads = threads;
    options.format = format;
    return demgrad_raster_gradient(&input, 1, output, &options, NULL, error);
}

static void check_failure(demgrad_status status, const demgrad_error *error, const char *what,
                          int at) {
    ck_assert_msg(status == error->status, "%s at %d: two statuses", what, at);
    ck_assert_msg(*error->message && !strpbrk(error->message, "\r\n"), "%s at %d: no line", what,
                  at);
    ck_assert_msg(folder_count(folder) == 0, "%s at %d: files are left", what, at);
}

static const char *const TILED[] = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", NULL};
static const char *const STRIPED[] = {"BLOCKYSIZE=8", NULL};
static const char *const DEFLATE[] = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64",
                                      "COMPRESS=DEFLATE", NULL};
static const char *const LZW[] = {"COMPRESS=LZW", "BLOCKYSIZE=16", NULL};

/* A file that is cut short, anywhere. */
static void check_cuts(const char *const *options) {
    make_input(options);
    const int whole = memory_file_size(INPUT);
    for (int i = 0; i < 25; i++) {
        const int size = whole - 1 - (int)((double)i / 25 * (whole - 1));
        demgrad_error error;
        make_input(options);
        memory_file_truncate(INPUT, size);
        const demgrad_status status = compute(1 + i % 3, NULL, &error);
        ck_assert_msg(status == DEMGRAD_READ_FAILED, "cut at %d of %d: %d", size, whole,
                      (int)status);
        check_failure(status, &error, "cut", size);
    }
}

START_TEST(cut_files_fail) {
    check_cuts(TILED);
    check_cuts(STRIPED);
    check_cuts(DEFLATE);
    check_cuts(LZW);
}
END_TEST

/* Overwrites some bytes in the second half of the file, where its pixels are. */
static void damage(int size) {
    VSILFILE *file = VSIFOpenL(INPUT, "r+");
    const int at = size / 2 + unit_random_below(size / 2 - 16);
    unsigned char noise[16];
    for (int i = 0; i < 16; i++)
        noise[i] = (unsigned char)unit_random_below(256);
    VSIFSeekL(file, (vsi_l_offset)at, SEEK_SET);
    VSIFWriteL(noise, 1, sizeof noise, file);
    VSIFCloseL(file);
}

/* GDAL sees most damage to Deflate, not all: where it reads on, an output is as good as its input.
 */
START_TEST(damaged_files_fail) {
    unit_random_start(71);
    int failed = 0;
    for (int i = 0; i < 60; i++) {
        demgrad_error error;
        make_input(DEFLATE);
        damage(memory_file_size(INPUT));
        const demgrad_status status = compute(1 + i % 3, NULL, &error);
        if (status == DEMGRAD_OK) {
            ck_assert_int_eq(folder_count(folder), 1);
            VSIUnlink(output);
            continue;
        }
        ASSERT_STATUS(status, DEMGRAD_READ_FAILED);
        check_failure(status, &error, "damage", i);
        failed++;
    }
    ck_assert_int_gt(failed, 30);
}
END_TEST

START_TEST(missing_sources_fail) {
    demgrad_error error;
    VSIUnlink(INPUT);
    check_failure(compute(1, NULL, &error), &error, "no input", 0);
    static const char text[] =
        "<VRTDataset rasterXSize=\"300\" rasterYSize=\"200\"><VRTRasterBand dataType=\"Float32\" "
        "band=\"1\"><SimpleSource><SourceFilename>/vsimem/no-such.tif</SourceFilename>"
        "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>";
    VSILFILE *file = VSIFOpenL(INPUT, "w");
    VSIFWriteL(text, 1, sizeof text - 1, file);
    VSIFCloseL(file);
    const demgrad_status status = compute(1, NULL, &error);
    ASSERT_STATUS(status, DEMGRAD_READ_FAILED);
    check_failure(status, &error, "no source", 0);
}
END_TEST

static void limit_file_size(rlim_t bytes) {
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A disk that is full after some bytes. */
START_TEST(full_disks_fail) {
    static const char *const formats[] = {"GTiff", "COG"};
    for (int i = 0; i < 2 * 20; i++) {
        demgrad_error error;
        make_input(TILED);
        limit_file_size((rlim_t)(i / 2 * 20000));
        const demgrad_status status = compute(1 + i % 3, formats[i % 2], &error);
        limit_file_size(RLIM_INFINITY);
        ASSERT_STATUS(status, DEMGRAD_WRITE_FAILED);
        check_failure(status, &error, formats[i % 2], i / 2 * 20000);
    }
}
END_TEST

/* The linker sends the library's calls of malloc and the like here. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);

static int countdown = -1; /* allocations until the one that fails; below 0: none does */

static bool fails(void) {
    return __atomic_load_n(&countdown, __ATOMIC_SEQ_CST) >= 0 &&
           __atomic_fetch_sub(&countdown, 1, __ATOMIC_SEQ_CST) == 0;
}

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size) {
    return fails() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text) {
    return fails() ? NULL : __real_strdup(text);
}

static void check_allocations(int threads) {
    make_input(TILED);
    for (int n = 0;; n++) {
        demgrad_error error;
        __atomic_store_n(&countdown, n, __ATOMIC_SEQ_CST);
        const demgrad_status status = compute(threads, NULL, &error);
        const bool has_failed = __atomic_exchange_n(&countdown, -1, __ATOMIC_SEQ_CST) < 0;
        if (!has_failed) {
            ASSERT_OK(status);
            ck_assert_int_gt(n, 5);
            VSIUnlink(output);
            return;
        }
        ck_assert_msg(status == DEMGRAD_OUT_OF_MEMORY, "allocation %d: status %d", n, (int)status);
        check_failure(status, &error, "allocation", n);
    }
}

START_TEST(failing_allocations_fail) {
    check_allocations(1);
    check_allocations(3);
}
END_TEST

int main(void) {
    unit_seed();
    GDALAllRegister();
    Suite *suite = suite_create("fault");
    TCase *faults = tcase_create("faults");
    tcase_set_timeout(faults, 120);
    tcase_add_checked_fixture(faults, setup, teardown);
    tcase_add_test(faults, cut_files_fail);
    tcase_add_test(faults, damaged_files_fail);
    tcase_add_test(faults, missing_sources_fail);
    tcase_add_test(faults, full_disks_fail);
    tcase_add_test(faults, failing_allocations_fail);
    suite_add_tcase(suite, faults);
    return unit_run(suite);
}
