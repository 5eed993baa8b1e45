/* Windows, wrap and validity of what the reader delivers. */
#include "memory_raster.h"
#include "reader.h"
#include "unit.h"

#include <cpl_conv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char PATH[] = "/vsimem/reader.tif";
static const dg_messages SILENT = {0};

enum { MOST = 40, AROUND = 400 };

/* An area with room around it, in which nothing may be written. */
typedef struct area {
    double cells[AROUND + MOST * MOST + AROUND];
    dg_window window;
    int stride;
} area;

static const double UNTOUCHED = -12345;

static dg_source *open_source(const char *const *paths, size_t count) {
    const dg_source_options options = {.band = 1};
    dg_source *source = NULL;
    demgrad_error error;
    ASSERT_OK(dg_source_open(paths, count, &options, &SILENT, &source, &error));
    return source;
}

static double cell(const area *a, int col, int row) {
    return a->cells[AROUND + (row - a->window.row) * a->stride + col - a->window.col];
}

static bool is_in_window(const area *a, int i) {
    const int row = i / a->stride, col = i % a->stride;
    return i >= 0 && row < a->window.height && col < a->window.width;
}

/* Reads a window, as floats or doubles, and checks that nothing was written around it. */
static void read_area(dg_reader *reader, dg_window window, int wrap, bool as_double, area *a) {
    a->window = window;
    a->stride = window.width + 3;
    static float floats[AROUND + MOST * MOST + AROUND];
    const int all = AROUND + MOST * MOST + AROUND;
    for (int i = 0; i < all; i++) {
        a->cells[i] = UNTOUCHED;
        floats[i] = (float)UNTOUCHED;
    }
    void *out = as_double ? (void *)(a->cells + AROUND) : (void *)(floats + AROUND);
    demgrad_error error;
    const dg_block block = {out, as_double ? DG_DOUBLE : DG_FLOAT, a->stride, 0, window};
    ASSERT_OK(dg_reader_read(reader, &block, wrap, &error));
    for (int i = 0; i < all; i++) {
        if (!as_double)
            a->cells[i] = (double)floats[i];
        /* Check notes every assertion that holds, which takes its time. */
        if (!is_in_window(a, i - AROUND) && a->cells[i] != UNTOUCHED)
            ck_abort_msg("window %d %d %d x %d: written at %d from its start", window.col,
                         window.row, window.width, window.height, i - AROUND);
    }
}

static void check_terrain(const area *a, int width, int height, int wrap) {
    for (int row = a->window.row; row < a->window.row + a->window.height; row++) {
        for (int col = a->window.col; col < a->window.col + a->window.width; col++) {
            int from = col;
            if (wrap && (col < 0 || col >= width))
                from += col < 0 ? wrap : -wrap;
            const bool is_inside = row >= 0 && row < height && from >= 0 && from < width;
            const double z = cell(a, col, row);
            if (is_inside ? z != memory_raster_height(from, row) : !isnan(z))
                ck_abort_msg("column %d, row %d: %g", col, row, z);
        }
    }
}

static void check_windows(GDALDataType type, int wrap, bool must_touch) {
    const int width = 17, height = 11;
    memory_raster_make(&(memory_raster){PATH, width, height, type, .alpha = -1});
    const char *const path = PATH;
    dg_source *source = open_source(&path, 1);
    dg_reader *reader;
    demgrad_error error;
    ASSERT_OK(dg_reader_open(source, &reader, &error));
    area *a = malloc(sizeof *a);
    for (int i = 0; i < 400; i++) {
        dg_window w = {unit_random_below(30) - 8, unit_random_below(24) - 8,
                       1 + unit_random_below(MOST - 4), 1 + unit_random_below(20)};
        if (wrap)
            w = (dg_window){-2, w.row, width + 4, w.height};
        if (must_touch && dg_window_intersect(w, (dg_window){w.col, 0, 1, height}).height == 0)
            continue;
        read_area(reader, w, wrap, i % 2, a);
        check_terrain(a, width, height, wrap);
    }
    free(a);
    dg_reader_close(reader);
    dg_source_close(source);
}

START_TEST(windows_reach_beyond_the_raster) {
    unit_random_start(41);
    check_windows(GDT_Float32, 0, true);
    check_windows(GDT_Int16, 0, true);
    check_windows(GDT_Float64, 0, true);
}
END_TEST

START_TEST(windows_may_lie_outside_altogether) {
    unit_random_start(42);
    check_windows(GDT_Float32, 0, false);
}
END_TEST

START_TEST(columns_wrap) {
    unit_random_start(43);
    check_windows(GDT_Float32, 17, true);
    check_windows(GDT_Float32, 16, true); /* the last column repeats the first */
}
END_TEST

/* Reads all of a 4 x 2 raster into z, as doubles, by way of floats where as_double is false. */
static dg_source_info read_all(const memory_raster *raster, bool as_double, double z[8]) {
    memory_raster_make(raster);
    dg_source *source = open_source(&raster->path, 1);
    dg_reader *reader;
    demgrad_error error;
    ASSERT_OK(dg_reader_open(source, &reader, &error));
    area *a = malloc(sizeof *a);
    read_area(reader, (dg_window){0, 0, 4, 2}, 0, as_double, a);
    for (int i = 0; i < 8; i++)
        z[i] = cell(a, i % 4, i / 4);
    free(a);
    dg_source_info info = *dg_source_describe(source);
    info.crs = NULL;
    dg_reader_close(reader);
    dg_source_close(source);
    return info;
}

static void check_validity(memory_raster raster, const bool valid[8], dg_mask mask) {
    for (int as_double = 0; as_double < 2; as_double++) {
        double z[8];
        raster.path = PATH;
        raster.width = 4;
        raster.height = 2;
        const dg_source_info info = read_all(&raster, as_double, z);
        ck_assert_int_eq(info.mask, mask);
        ck_assert_int_eq(info.has_nodata, raster.nodata != NULL);
        for (int i = 0; i < 8; i++)
            ck_assert_msg(isfinite(z[i]) == valid[i], "pixel %d is %g", i, z[i]);
    }
}

START_TEST(nodata_values_are_met) {
    const bool valid[8] = {false, true, true, true, true, false, true, true};
    const double plain[8] = {-9999, 1, 2, 3, 4, -9999, 6, -9998};
    const double digits[8] = {-9999.00586, 1, 2, 3, 4, -9999.00586, 6, -9999};
    const double huge[8] = {1.70141e38, 1, 2, 3, 4, 1.70141183e38, 6, 1e30};
    const double largest[8] = {-3.4028234663852886e38, 1, 2, 3, 4, -3.4028234663852886e38, 6, 7};
    const double nan_too[8] = {-9999, 1, 2, 3, 4, (double)NAN, 6, -9998};
    const double infinite[8] = {-9999, 1, 2, 3, 4, (double)INFINITY, 6, -9998};
    const struct {
        const double *values;
        double nodata;
    } cases[] = {{plain, -9999},         {digits, -9999.00586}, {huge, 1.70141e38},
                 {largest, -3.40282e38}, {nan_too, -9999},      {infinite, -9999}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int type = GDT_Float32; type <= GDT_Float64; type++) {
            const memory_raster raster = {.type = (GDALDataType)type,
                                          .values = cases[i].values,
                                          .nodata = &cases[i].nodata,
                                          .alpha = -1};
            check_validity(raster, valid, DG_MASK_NONE);
        }
    }
}
END_TEST

START_TEST(nodata_of_integers_is_met) {
    const bool valid[8] = {false, true, true, true, true, false, true, true};
    const double values[8] = {200, 1, 2, 3, 4, 200, 6, 7}, nodata = 200;
    const GDALDataType types[] = {GDT_Byte,   GDT_Int16, GDT_UInt16, GDT_Int32,
                                  GDT_UInt32, GDT_Int64, GDT_UInt64};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const memory_raster raster = {
            .type = types[i], .values = values, .nodata = &nodata, .alpha = -1};
        check_validity(raster, valid, DG_MASK_NONE);
    }
}
END_TEST

START_TEST(masks_and_alpha_are_met) {
    const bool valid[8] = {false, true, true, true, true, true, true, true};
    const bool all[8] = {true, true, true, true, true, true, true, true};
    check_validity((memory_raster){.type = GDT_Float32, .has_mask = true, .alpha = -1}, valid,
                   DG_MASK_BAND);
    check_validity((memory_raster){.type = GDT_Byte, .alpha = 0}, valid, DG_MASK_ALPHA);
    check_validity((memory_raster){.type = GDT_Byte, .alpha = 1}, all, DG_MASK_ALPHA);
    const double values[8] = {1, 2, 3, 4, -1, 5, 6, 7}, nodata = -1;
    const bool both[8] = {false, true, true, true, false, true, true, true};
    check_validity(
        (memory_raster){.type = GDT_Int16, .values = values, .nodata = &nodata, .alpha = 0}, both,
        DG_MASK_ALPHA);
}
END_TEST

/* Later inputs lie on top; their nodata and the gaps between them are NaN. */
START_TEST(mosaics_are_one_raster) {
    static const char *const paths[] = {"/vsimem/west.tif", "/vsimem/east.tif"};
    const double west[6] = {500000, 10, 0, 5000000, 0, -10};
    const double east[6] = {500040, 10, 0, 4999990, 0, -10}; /* 4 columns, 1 row further */
    double ones[30], twos[30];
    const double nodata = 0;
    for (int i = 0; i < 30; i++) {
        ones[i] = 1;
        twos[i] = i == 7 ? 0 : 2;
    }
    memory_raster raster = {.path = paths[0],
                            .width = 6,
                            .height = 5,
                            .type = GDT_Float32,
                            .values = ones,
                            .transform = west,
                            .crs = "EPSG:32632",
                            .alpha = -1};
    memory_raster_make(&raster);
    raster.path = paths[1];
    raster.values = twos;
    raster.nodata = &nodata;
    raster.transform = east;
    memory_raster_make(&raster);
    dg_source *source = open_source(paths, 2);
    dg_reader *reader;
    demgrad_error error;
    ASSERT_OK(dg_reader_open(source, &reader, &error));
    ck_assert_int_eq(dg_source_describe(source)->grid.width, 10);
    ck_assert_int_eq(dg_source_describe(source)->grid.height, 6);
    area *a = malloc(sizeof *a);
    read_area(reader, (dg_window){-1, -1, 12, 8}, 0, false, a);
    ck_assert(cell(a, 0, 0) == 1 && cell(a, 3, 4) == 1 && cell(a, 4, 1) == 2);
    ck_assert(cell(a, 9, 5) == 2 && cell(a, 5, 2) == 1); /* through the hole of the upper one */
    ck_assert(isnan(cell(a, 6, 0)) && isnan(cell(a, 3, 5)) && isnan(cell(a, 10, 3)));
    free(a);
    dg_reader_close(reader);
    dg_source_close(source);
}
END_TEST

int main(void) {
    unit_seed();
    GDALAllRegister();
    Suite *suite = suite_create("reader");
    const TTest *const tests[] = {windows_reach_beyond_the_raster,
                                  windows_may_lie_outside_altogether,
                                  columns_wrap,
                                  nodata_values_are_met,
                                  nodata_of_integers_is_met,
                                  masks_and_alpha_are_met,
                                  mosaics_are_one_raster,
                                  NULL};
    unit_add(suite, "reader", tests);
    return unit_run(suite);
}
