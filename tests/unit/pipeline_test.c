/* The bytes of an output must not depend on threads, memory, blocks or windows. */
#include "memory_raster.h"
#include "pipeline.h"
#include "unit.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 700, HEIGHT = 450 };

static const char INPUT[] = "/vsimem/in.tif", OUTPUT[] = "/vsimem/out/out.tif";

/* Heights with holes, on a grid whose factors vary from pixel to pixel. */
static void make_input(GDALDataType type, const char *const *options) {
    static const double transform[6] = {4e6, 1000, 0, 3e6, 0, -1000}, nodata = 0;
    memory_raster_make(&(memory_raster){.path = INPUT,
                                        .width = WIDTH,
                                        .height = HEIGHT,
                                        .type = type,
                                        .nodata = &nodata,
                                        .transform = transform,
                                        .crs = "EPSG:3035",
                                        .alpha = -1,
                                        .options = options});
}

typedef struct way {
    dg_window window;
    int threads;
    int64_t memory;
    const char *const *options; /* of the output */
    int64_t cancel_after;       /* pixels; 0: never */
    int64_t told;
} way;

static bool tell(int64_t done, int64_t all, void *user) {
    way *w = user;
    ck_assert(done >= w->told && done <= all);
    w->told = done;
    return w->cancel_after == 0 || done < w->cancel_after;
}

static dg_metric *make_metric(const dg_source_info *info) {
    const dg_metric_options options = {.true_frame = true, .rise_m = 1};
    dg_metric *metric;
    demgrad_error error;
    ASSERT_OK(dg_metric_create(&info->grid, info->crs, &options, &metric, &error));
    return metric;
}

static dg_writer *make_writer(const way *w) {
    static const dg_output_band bands[2] = {{"dz/dx", "m/m"}, {"dz/dy", "m/m"}};
    const dg_output output = {.path = OUTPUT,
                              .creation_options = w->options,
                              .grid = {w->window.width, w->window.height, {0, 1, 0, 0, 0, 1}, true},
                              .nodata = (double)NAN,
                              .bands = bands,
                              .band_count = 2,
                              .overwrite = true,
                              .threads = 1};
    dg_writer *writer;
    demgrad_error error;
    ASSERT_OK(dg_writer_create(&output, &writer, &error));
    return writer;
}

static demgrad_status run(way *w, dg_statistics statistics[2], demgrad_error *error_out) {
    const char *const input = INPUT;
    const dg_source_options options = {.band = 1};
    const dg_messages silent = {0};
    dg_source *source;
    demgrad_error error;
    ASSERT_OK(dg_source_open(&input, 1, &options, &silent, &source, &error));
    dg_metric *metric = make_metric(dg_source_describe(source));
    const dg_pipeline pipeline = {.source = source,
                                  .metric = metric,
                                  .writer = make_writer(w),
                                  .kernel = dg_kernel_select(NULL),
                                  .stencil = {.edge_order = 2},
                                  .window = w->window,
                                  .nodata = (double)NAN,
                                  .bands = {DG_DZDX, DG_DZDY},
                                  .band_count = 2,
                                  .threads = w->threads,
                                  .memory = w->memory,
                                  .progress = tell,
                                  .progress_user = w,
                                  .statistics = statistics};
    demgrad_status status = dg_pipeline_run(&pipeline, error_out);
    if (status)
        dg_writer_abandon(pipeline.writer);
    else
        status = dg_writer_finish(pipeline.writer, NULL, NULL, error_out);
    dg_metric_destroy(metric);
    dg_source_close(source);
    return status;
}

typedef float pixels[2][HEIGHT][WIDTH];

static void read_output(dg_window window, pixels z) {
    GDALDatasetH dataset = GDALOpen(OUTPUT, GA_ReadOnly);
    ck_assert_ptr_nonnull(dataset);
    for (int i = 0; i < 2; i++) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, i + 1);
        ck_assert_int_eq(GDALRasterIO(band, GF_Read, 0, 0, window.width, window.height,
                                      &z[i][window.row][window.col], window.width, window.height,
                                      GDT_Float32, 0, sizeof z[0][0]),
                         CE_None);
    }
    GDALClose(dataset);
    VSIUnlink(OUTPUT);
    ck_assert_int_eq(folder_count("/vsimem/out"), 0);
}

static bool is_same_window(pixels a, pixels b, dg_window w) {
    for (int row = w.row; row < w.row + w.height; row++) {
        const size_t bytes = (size_t)w.width * sizeof(float);
        if (memcmp(&a[0][row][w.col], &b[0][row][w.col], bytes) != 0 ||
            memcmp(&a[1][row][w.col], &b[1][row][w.col], bytes) != 0)
            return false;
    }
    return true;
}

static const char *const TILED[] = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", NULL};
static const char *const STRIPED[] = {"TILED=NO", "BLOCKYSIZE=7", NULL};
static const char *const ONE_STRIP[] = {"TILED=NO", "BLOCKYSIZE=450", NULL};
static const char *const *const LAYOUTS[] = {TILED, STRIPED, ONE_STRIP};
static const dg_window ALL = {0, 0, WIDTH, HEIGHT};

static pixels *whole, *part;
static dg_statistics whole_statistics[2];

static void setup(void) {
    demgrad_error error;
    whole = malloc(sizeof *whole);
    part = malloc(sizeof *part);
    make_input(GDT_Float32, TILED);
    way w = {.window = ALL, .threads = 1, .memory = (int64_t)1 << 30};
    ASSERT_OK(run(&w, whole_statistics, &error));
    ck_assert_int_eq(w.told, WIDTH * HEIGHT);
    read_output(ALL, *whole);
}

static void teardown(void) {
    free(whole);
    free(part);
}

static void check_way(way *w, const char *what) {
    demgrad_error error;
    dg_statistics statistics[2];
    ASSERT_OK(run(w, statistics, &error));
    ck_assert_int_eq(w->told, (int64_t)w->window.width * w->window.height);
    read_output(w->window, *part);
    ck_assert_msg(is_same_window(*whole, *part, w->window),
                  "%s: the bytes differ; %d threads, %lld bytes of memory, window %d %d %d x %d",
                  what, w->threads, (long long)w->memory, w->window.col, w->window.row,
                  w->window.width, w->window.height);
    if (memcmp(&w->window, &ALL, sizeof ALL) == 0) {
        ck_assert(statistics[0].min == whole_statistics[0].min);
        ck_assert(statistics[1].max == whole_statistics[1].max);
        ck_assert_int_eq(statistics[1].valid, whole_statistics[1].valid);
    }
}

START_TEST(threads_memory_and_blocks_change_nothing) {
    static const int64_t memory[] = {1, 100000, 1000000, 100000000};
    static const int threads[] = {1, 2, 5, 16};
    static const GDALDataType types[] = {GDT_Float32, GDT_Int16, GDT_Byte};
    for (int i = 0; i < 3 * 3 * 4 * 4; i++) {
        if (i % 48 == 0)
            make_input(types[i / 48], LAYOUTS[i / 16 % 3]);
        way w = {.window = ALL,
                 .threads = threads[i % 4],
                 .memory = memory[i / 4 % 4],
                 .options = LAYOUTS[i / 16 % 3]};
        check_way(&w, "whole");
    }
}
END_TEST

START_TEST(windows_are_parts_of_the_whole) {
    unit_random_start(61);
    for (int i = 0; i < 60; i++) {
        if (i % 20 == 0)
            make_input(GDT_Float32, LAYOUTS[i / 20]);
        const int width = 1 + unit_random_below(WIDTH), height = 1 + unit_random_below(HEIGHT);
        const dg_window window = {unit_random_below(WIDTH - width + 1),
                                  unit_random_below(HEIGHT - height + 1), width, height};
        way w = {.window = window,
                 .threads = 1 + unit_random_below(4),
                 .memory = unit_random_chance(0.5) ? 300000 : 100000000};
        check_way(&w, "part");
    }
}
END_TEST

START_TEST(cancelling_ends_it_anywhere) {
    for (int64_t after = 1; after < WIDTH * HEIGHT; after += WIDTH * HEIGHT / 9) {
        for (int threads = 1; threads <= 4; threads++) {
            demgrad_error error;
            way w = {.window = ALL, .threads = threads, .memory = 500000, .cancel_after = after};
            ASSERT_STATUS(run(&w, NULL, &error), DEMGRAD_CANCELLED);
            ck_assert_int_eq(folder_count("/vsimem/out"), 0);
        }
    }
}
END_TEST

int main(void) {
    unit_seed();
    GDALAllRegister();
    VSIMkdir("/vsimem/out", 0755);
    Suite *suite = suite_create("pipeline");
    TCase *runs = tcase_create("runs");
    tcase_set_timeout(runs, 120);
    tcase_add_checked_fixture(runs, setup, teardown);
    tcase_add_test(runs, threads_memory_and_blocks_change_nothing);
    tcase_add_test(runs, windows_are_parts_of_the_whole);
    tcase_add_test(runs, cancelling_ends_it_anywhere);
    suite_add_tcase(suite, runs);
    return unit_run(suite);
}
