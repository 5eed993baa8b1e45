/* The bytes of an output must not depend on threads, memory, blocks or windows. */
#include "memory_raster.h"
#include "pipeline.h"
#include "unit.h"

#include <cpl_conv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 700, HEIGHT = 450 };

/* Memory for all rows at a time. */
static const int64_t PLENTY = 100000000;

static const char INPUT[] = "/vsimem/in.tif";

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

static const float UNTOUCHED = -12345;

typedef float pixels[2][HEIGHT][WIDTH];

static const dg_stencil *stencil;

typedef struct way {
    dg_window window;
    int threads;
    int64_t memory;
    int block_width, block_height;
    int64_t cancel_after; /* pixels; 0: never */
    int64_t told;
    pixels *out;
    bool is_full; /* the sink fails, as a disk does, at the window's middle */
} way;

static bool tell(int64_t done, int64_t all, void *user) {
    way *w = user;
    ck_assert(done >= w->told && done <= all);
    w->told = done;
    return w->cancel_after == 0 || done < w->cancel_after;
}

/* A window must be inside the one wanted, and no pixel may come twice. */
static demgrad_status take(const dg_block *block, void *user, demgrad_error *error) {
    const way *w = user;
    const dg_window window = block->window;
    const dg_window inside = dg_window_intersect(window, w->window);
    ck_assert(block->type == DG_FLOAT && memcmp(&inside, &window, sizeof window) == 0);
    if (w->is_full && window.row + window.height > w->window.row + w->window.height / 2)
        return dg_fail(error, DEMGRAD_WRITE_FAILED, "full");
    for (int i = 0; i < 2 * window.height; i++) {
        const int band = i % 2, row = i / 2;
        float *to = &(*w->out)[band][window.row + row][window.col];
        ck_assert(to[0] == UNTOUCHED && to[window.width - 1] == UNTOUCHED);
        memcpy(to, dg_block_row(block, band, row), (size_t)window.width * sizeof *to);
    }
    return DEMGRAD_OK;
}

static dg_metric *make_metric(const dg_source_info *info) {
    const dg_metric_options options = {.true_frame = true, .rise_m = 1};
    dg_metric *metric;
    demgrad_error error;
    ASSERT_OK(dg_metric_create(&info->grid, info->crs, &options, &metric, &error));
    return metric;
}

static demgrad_status run(way *w, dg_statistics bands_seen[2], demgrad_error *error_out) {
    const char *const input = INPUT;
    const dg_source_options options = {.band = 1};
    const dg_messages silent = {0};
    dg_source *source;
    demgrad_error error;
    ASSERT_OK(dg_source_open(&input, 1, &options, &silent, &source, &error));
    dg_metric *metric = make_metric(dg_source_describe(source));
    const dg_kernel *kernel = dg_kernel_select(NULL);
    const dg_band *const bands[2] = {dg_kernel_band(kernel, "dzdx"),
                                     dg_kernel_band(kernel, "dzdy")};
    const dg_recipe recipe = {.differences = dg_differences_make(stencil, 9, 2, false),
                              .bands = bands,
                              .band_count = 2,
                              .nodata = (double)NAN};
    const dg_stored stored = {DG_FLOAT, (double)NAN};
    dg_watch watch = {.window = w->window, .bands = bands_seen};
    const dg_pipeline pipeline = {.source = source,
                                  .metric = metric,
                                  .sink = take,
                                  .sink_user = w,
                                  .block_width = w->block_width,
                                  .block_height = w->block_height,
                                  .kernel = kernel,
                                  .recipe = recipe,
                                  .window = w->window,
                                  .threads = w->threads,
                                  .memory = w->memory,
                                  .progress = tell,
                                  .progress_user = w,
                                  .settling = dg_settling_for(&stored),
                                  .gap = (double)INFINITY,
                                  .watches = &watch,
                                  .watch_count = 1};
    for (int i = 0; i < 2 * WIDTH * HEIGHT; i++)
        (*w->out)[i / (WIDTH * HEIGHT)][i / WIDTH % HEIGHT][i % WIDTH] = UNTOUCHED;
    const demgrad_status status = dg_pipeline_run(&pipeline, error_out);
    dg_metric_destroy(metric);
    dg_source_close(source);
    return status;
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

/* Computes the whole with a stencil of the table. */
static void start(int which) {
    demgrad_error error;
    stencil = &dg_stencils[which];
    whole = malloc(sizeof *whole);
    part = malloc(sizeof *part);
    make_input(GDT_Float32, TILED);
    way w = {.window = ALL,
             .threads = 1,
             .memory = 1 << 30,
             .block_width = 256,
             .block_height = 256,
             .out = whole};
    ASSERT_OK(run(&w, whole_statistics, &error));
    ck_assert_int_eq(w.told, WIDTH * HEIGHT);
}

static void end(void) {
    free(whole);
    free(part);
}

/* The figures are exact, so that neither do they depend on the way. */
static void check_statistics(const dg_statistics *found, const dg_statistics *whole_band) {
    ck_assert(found->min == whole_band->min && found->max == whole_band->max);
    ck_assert_int_eq(found->valid, whole_band->valid);
    ck_assert(dg_statistics_mean(found) == dg_statistics_mean(whole_band));
    ck_assert(dg_statistics_deviation(found) == dg_statistics_deviation(whole_band));
}

static void check_way(way *w, const char *what) {
    demgrad_error error;
    dg_statistics statistics[2];
    w->out = part;
    ASSERT_OK(run(w, statistics, &error));
    ck_assert_int_eq(w->told, (int64_t)w->window.width * w->window.height);
    ck_assert_msg(is_same_window(*whole, *part, w->window),
                  "%s: the bytes differ; %d threads, %lld bytes of memory, window %d %d %d x %d",
                  what, w->threads, (long long)w->memory, w->window.col, w->window.row,
                  w->window.width, w->window.height);
    for (int i = 0; i < 2 && memcmp(&w->window, &ALL, sizeof ALL) == 0; i++)
        check_statistics(&statistics[i], &whole_statistics[i]);
}

START_TEST(threads_memory_and_blocks_change_nothing) {
    start(_i);
    const int64_t memory[] = {1, 100000, 1000000, PLENTY};
    static const int threads[] = {1, 2, 5, 16};
    static const int blocks[][2] = {{64, 32}, {WIDTH, 7}, {256, 256}};
    static const GDALDataType types[] = {GDT_Float32, GDT_Int16, GDT_Byte};
    /* All ways with the first stencil; with the others each seventh, among which is every value of each. */
    for (int i = 0, made = -1; i < 3 * 3 * 4 * 4; i += _i == 0 ? 1 : 7) {
        const int input = i / 48, block = i / 16 % 3;
        if (input != made)
            make_input(types[input], LAYOUTS[input]);
        made = input;
        way w = {.window = ALL,
                 .threads = threads[i % 4],
                 .memory = memory[i / 4 % 4],
                 .block_width = blocks[block][0],
                 .block_height = blocks[block][1]};
        check_way(&w, "whole");
    }
    end();
}
END_TEST

START_TEST(windows_are_parts_of_the_whole) {
    start(_i);
    unit_random_start(61);
    for (int i = 0; i < 60; i++) {
        if (i % 20 == 0)
            make_input(GDT_Float32, LAYOUTS[i / 20]);
        const int width = 1 + unit_random_below(WIDTH), height = 1 + unit_random_below(HEIGHT);
        const dg_window window = {unit_random_below(WIDTH - width + 1),
                                  unit_random_below(HEIGHT - height + 1), width, height};
        way w = {.window = window,
                 .threads = 1 + unit_random_below(4),
                 .memory = unit_random_chance(0.5) ? 300000 : 100000000,
                 .block_width = unit_random_chance(0.5) ? 64 : 128,
                 .block_height = 1 + unit_random_below(100)};
        check_way(&w, "part");
    }
    end();
}
END_TEST

START_TEST(cancelling_ends_it_anywhere) {
    start(0);
    for (int64_t after = 1; after < WIDTH * HEIGHT; after += WIDTH * HEIGHT / 9) {
        for (int threads = 1; threads <= 4; threads++) {
            demgrad_error error;
            way w = {.window = ALL,
                     .threads = threads,
                     .memory = 500000,
                     .block_width = 64,
                     .block_height = 32,
                     .cancel_after = after,
                     .out = part};
            ASSERT_STATUS(run(&w, NULL, &error), DEMGRAD_CANCELLED);
        }
    }
    end();
}
END_TEST

START_TEST(a_sink_that_fails_ends_it) {
    start(0);
    for (int threads = 1; threads <= 4; threads++) {
        demgrad_error error;
        way w = {.window = ALL,
                 .threads = threads,
                 .memory = 500000,
                 .block_width = 64,
                 .block_height = 32,
                 .out = part,
                 .is_full = true};
        ASSERT_STATUS(run(&w, NULL, &error), DEMGRAD_WRITE_FAILED);
        ck_assert_str_eq(error.message, "full");
    }
    end();
}
END_TEST

int main(void) {
    unit_seed();
    GDALAllRegister();
    Suite *suite = suite_create("pipeline");
    TCase *runs = tcase_create("runs");
    tcase_set_timeout(runs, 120);
    const int stencils = (int)dg_stencil_count;
    tcase_add_loop_test(runs, threads_memory_and_blocks_change_nothing, 0, stencils);
    tcase_add_loop_test(runs, windows_are_parts_of_the_whole, 0, stencils);
    tcase_add_test(runs, cancelling_ends_it_anywhere);
    tcase_add_test(runs, a_sink_that_fails_ends_it);
    suite_add_tcase(suite, runs);
    return unit_run(suite);
}
