/* Rows of strips, against GDAL's own reading of the same files. */
#include "mapped.h"
#include "memory_raster.h"
#include "strips.h"
#include "unit.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WIDTH = 53, HEIGHT = 41, MOST_BYTES = WIDTH * HEIGHT * 8 };

static char *folder, *path;

static void make_folder(void) {
    folder = folder_create();
    path = CPLStrdup(CPLFormFilename(folder, "strips", "tif"));
}

static void remove_folder(void) {
    CPLFree(path);
    folder_remove(folder);
}

static GDALDatasetH make(GDALDataType type, int rows_per_strip, const char *more) {
    char **options = CSLTokenizeString2(more, " ", 0);
    options = CSLSetNameValue(options, "BLOCKYSIZE", CPLSPrintf("%d", rows_per_strip));
    double values[WIDTH * HEIGHT];
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        values[i] = unit_random_between(0, 255);
    memory_raster_make(&(memory_raster){.path = path,
                                        .width = WIDTH,
                                        .height = HEIGHT,
                                        .type = type,
                                        .values = values,
                                        .alpha = -1,
                                        .options = (const char *const *)options});
    CSLDestroy(options);
    return GDALOpen(path, GA_ReadOnly);
}

static void check_rows(dg_strips *strips, const char *all, size_t row_bytes, int row, int count) {
    const char *rows = dg_strips_rows(strips, row, count);
    if (!rows)
        ck_abort_msg("rows %d to %d: %s", row, row + count - 1, CPLGetLastErrorMsg());
    if (memcmp(rows, all + (size_t)row * row_bytes, (size_t)count * row_bytes) != 0)
        ck_abort_msg("rows %d to %d differ from GDAL's", row, row + count - 1);
}

static void check_file(GDALDataType written, int rows_per_strip, const char *options) {
    GDALDatasetH dataset = make(written, rows_per_strip, options);
    const GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(dataset, 1));
    const int size = GDALGetDataTypeSizeBytes(type);
    const size_t row_bytes = (size_t)WIDTH * (size_t)size;
    char all[MOST_BYTES];
    ck_assert_int_eq(GDALRasterIO(GDALGetRasterBand(dataset, 1), GF_Read, 0, 0, WIDTH, HEIGHT, all,
                                  WIDTH, HEIGHT, type, 0, 0),
                     CE_None);
    dg_strips *strips = dg_strips_open(dataset);
    ck_assert_msg(strips != NULL, "%s %d %s", GDALGetDataTypeName(type), rows_per_strip, options);
    for (int row = 0; row < HEIGHT; row += 4) {
        check_rows(strips, all, row_bytes, row, row + 4 < HEIGHT ? 4 : HEIGHT - row);
        check_rows(strips, all, row_bytes, row, 1); /* still there */
    }
    for (int i = 0; i < 60; i++) {
        const int row = unit_random_below(HEIGHT);
        check_rows(strips, all, row_bytes, row, 1 + unit_random_below(HEIGHT - row));
    }
    dg_strips_close(strips);
    GDALClose(dataset);
}

static const GDALDataType TYPES[] = {GDT_Byte,   GDT_Int16, GDT_UInt16,  GDT_Int32,
                                     GDT_UInt32, GDT_Int64, GDT_Float32, GDT_Float64};

START_TEST(rows_are_gdals) {
    static const char *const codecs[] = {"COMPRESS=DEFLATE",  "COMPRESS=LZW",
                                         "COMPRESS=ZSTD",     "COMPRESS=LZMA",
                                         "COMPRESS=PACKBITS", "COMPRESS=LZW ENDIANNESS=BIG"};
    static const int heights[] = {HEIGHT, 7, 1};
    for (size_t t = 0; t < sizeof TYPES / sizeof *TYPES; t++) {
        for (size_t c = 0; c < sizeof codecs / sizeof *codecs; c++) {
            for (size_t h = 0; h < sizeof heights / sizeof *heights; h++)
                check_file(TYPES[t], heights[h], codecs[c]);
        }
    }
}
END_TEST

START_TEST(predictors_are_gdals) {
    static const char *const codecs[] = {"DEFLATE", "LZW", "ZSTD"};
    for (size_t c = 0; c < sizeof codecs / sizeof *codecs; c++) {
        for (size_t t = 0; t < sizeof TYPES / sizeof *TYPES; t++) {
            const bool is_floating = GDALDataTypeIsFloating(TYPES[t]);
            char options[64];
            snprintf(options, sizeof options, "COMPRESS=%s PREDICTOR=%d", codecs[c],
                     is_floating ? 3 : 2);
            check_file(TYPES[t], HEIGHT, options);
            check_file(TYPES[t], 9, options);
        }
    }
}
END_TEST

static void check_unsuited(const char *what, GDALDatasetH dataset) {
    ck_assert_msg(dataset != NULL, "%s", what);
    ck_assert_msg(dg_strips_open(dataset) == NULL, "%s", what);
    GDALClose(dataset);
}

/* A type of its own, or, before GDAL 3.11, widened by the driver, so that the file's rows are others. */
START_TEST(half_floats_suit_where_gdal_keeps_them) {
    static const char *const options = "COMPRESS=LZW NBITS=16";
    GDALDatasetH dataset = make(GDT_Float32, HEIGHT, options);
    if (GDALGetRasterDataType(GDALGetRasterBand(dataset, 1)) == GDT_Float32) {
        check_unsuited("half floats", dataset);
        return;
    }
    GDALClose(dataset);
    check_file(GDT_Float32, HEIGHT, options);
}
END_TEST

START_TEST(others_do_not_suit) {
    check_unsuited("not compressed", make(GDT_Float32, HEIGHT, ""));
    check_unsuited("tiles", make(GDT_Float32, 16, "COMPRESS=LZW TILED=YES BLOCKXSIZE=16"));
    check_unsuited("12 bits", make(GDT_UInt16, HEIGHT, "COMPRESS=LZW NBITS=12"));
    check_unsuited("a codec of blocks", make(GDT_Byte, HEIGHT, "COMPRESS=JPEG"));
    memory_raster more = {.path = path, .width = WIDTH, .height = HEIGHT, .type = GDT_Byte};
    const char *const options[] = {"COMPRESS=LZW", "BLOCKYSIZE=41", "INTERLEAVE=BAND", NULL};
    more.options = options;
    more.alpha = 7;
    memory_raster_make(&more);
    check_unsuited("alpha", GDALOpen(path, GA_ReadOnly));
    more.alpha = -1;
    more.has_mask = true;
    memory_raster_make(&more);
    check_unsuited("a mask", GDALOpen(path, GA_ReadOnly));
    more.path = "/vsimem/strips.tif";
    more.has_mask = false;
    memory_raster_make(&more);
    check_unsuited("not on a disk", GDALOpen(more.path, GA_ReadOnly));
    VSIUnlink(more.path);
}
END_TEST

START_TEST(strips_without_bytes_do_not_suit) {
    const char *const options[] = {"COMPRESS=LZW", "BLOCKYSIZE=10", "SPARSE_OK=TRUE", NULL};
    GDALDatasetH made = GDALCreate(GDALGetDriverByName("GTiff"), path, WIDTH, HEIGHT, 1, GDT_Byte,
                                   (char **)options);
    unsigned char ones[WIDTH];
    memset(ones, 1, sizeof ones);
    ck_assert_int_eq(GDALRasterIO(GDALGetRasterBand(made, 1), GF_Write, 0, 0, WIDTH, 1, ones, WIDTH,
                                  1, GDT_Byte, 0, 0),
                     CE_None);
    GDALClose(made);
    check_unsuited("sparse", GDALOpen(path, GA_ReadOnly));
}
END_TEST

/* The file's end is its last strip's. */
START_TEST(a_file_cut_short_is_an_error) {
    GDALClose(make(GDT_Float64, 10, "COMPRESS=LZW"));
    memory_file_truncate(path, memory_file_size(path) - 100);
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    dg_strips *strips = dataset ? dg_strips_open(dataset) : NULL;
    ck_assert_ptr_nonnull(strips);
    ck_assert_ptr_nonnull(dg_strips_rows(strips, 0, 10));
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
    ck_assert_ptr_null(dg_strips_rows(strips, 35, 6));
    ck_assert_int_eq(CPLGetLastErrorType(), CE_Failure);
    CPLPopErrorHandler();
    ck_assert_ptr_nonnull(dg_strips_rows(strips, 5, 10)); /* the others are as they were */
    dg_strips_close(strips);
    GDALClose(dataset);
}
END_TEST

/* Issue 15: 10. At any length, also 0, between any two calls. */
START_TEST(a_file_that_is_cut_while_it_is_read_is_an_error) {
    static const char *const codecs[] = {"COMPRESS=LZW", "COMPRESS=DEFLATE"};
    for (int i = 0; i < 24; i++) {
        GDALDatasetH dataset = make(GDT_Float64, i % 3 ? HEIGHT : 10, codecs[i % 2]);
        dg_strips *strips = dg_strips_open(dataset);
        ck_assert_ptr_nonnull(strips);
        ck_assert_ptr_nonnull(dg_strips_rows(strips, 0, 1 + i % 7));
        const int size = memory_file_size(path);
        memory_file_truncate(path, i < 2 ? 0 : i < 4 ? size - 1 : unit_random_below(size));
        CPLPushErrorHandler(CPLQuietErrorHandler);
        CPLErrorReset();
        ck_assert_ptr_null(dg_strips_rows(strips, 7, 20));
        ck_assert_ptr_nonnull(strstr(CPLGetLastErrorMsg(), "shorter"));
        ck_assert_ptr_null(dg_strips_rows(strips, 0, 2));
        CPLPopErrorHandler();
        dg_strips_close(strips);
        GDALClose(dataset);
        VSIUnlink(path);
    }
}
END_TEST

/* The same within a row, where nothing can be asked beforehand: the process goes on, and what had the signal
 * before still has all others. */
static char *other_map;

static void take_other(int number, siginfo_t *info, void *context) {
    (void)context;
    ck_assert_int_eq(number, SIGBUS);
    ck_assert_ptr_eq(info->si_addr, other_map);
    ck_assert_ptr_eq(mmap(other_map, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
                     other_map);
}

START_TEST(a_map_that_is_cut_within_a_row_is_no_signal) {
    enum { PAGE = 4096, PAGES = 5 };
    const struct sigaction action = {.sa_sigaction = take_other, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &action, NULL);
    const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_eq(ftruncate(file, (off_t)PAGES * PAGE), 0);
    volatile char *map = mmap(NULL, (size_t)PAGES * PAGE, PROT_READ, MAP_SHARED, file, 0);
    other_map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file, (off_t)4 * PAGE);
    dg_mapped_begin((void *)map, (size_t)PAGES * PAGE);
    ck_assert_int_eq(map[3 * PAGE], 0);
    ck_assert(!dg_mapped_end());
    dg_mapped_begin((void *)map, (size_t)PAGES * PAGE);
    ck_assert_int_eq(ftruncate(file, PAGE), 0);
    ck_assert_int_eq(map[2 * PAGE] + map[4 * PAGE] + map[PAGE] + map[0], 0);
    ck_assert_int_eq(*(volatile char *)other_map, 0);
    ck_assert(dg_mapped_end());
    munmap((void *)map, (size_t)PAGES * PAGE);
    munmap(other_map, PAGE);
    close(file);
}
END_TEST

int main(void) {
    GDALAllRegister();
    const TTest *const tests[] = {rows_are_gdals,
                                  predictors_are_gdals,
                                  half_floats_suit_where_gdal_keeps_them,
                                  others_do_not_suit,
                                  strips_without_bytes_do_not_suit,
                                  a_file_cut_short_is_an_error,
                                  a_file_that_is_cut_while_it_is_read_is_an_error,
                                  a_map_that_is_cut_within_a_row_is_no_signal,
                                  NULL};
    Suite *suite = suite_create("strips");
    TCase *tcase = tcase_create("strips");
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    for (int i = 0; tests[i]; i++)
        tcase_add_test(tcase, tests[i]);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
