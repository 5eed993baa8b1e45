/* Properties that a plan must have, over a sweep of shapes. */
#include "plan.h"
#include "unit.h"

#include <stdio.h>

static int64_t bytes_of(const dg_plan_input *in, const dg_plan *plan) {
    const int64_t row = in->element_size * ((int64_t)plan->panel_width + 2 * in->halo);
    const int64_t slot =
        (int64_t)in->element_size * plan->compute_cols * plan->compute_rows * in->band_count;
    const int64_t readers = in->reader_bytes * plan->workers;
    return row * plan->ring_rows + slot * plan->slots +
           (readers < in->memory / 2 ? readers : in->memory / 2);
}

static void describe(const dg_plan_input *in, const dg_plan *p, char text[400]) {
    snprintf(
        text, 400,
        "%d x %d, source blocks %d high, output blocks %d x %d, %d bytes, %d bands, halo %d, "
        "%d threads, %lld bytes of memory: panel %d, read %d, ring %d, compute %d x %d in blocks "
        "of %d x %d, slots %d, workers %d",
        in->width, in->height, in->source_block_height, in->output_block_width,
        in->output_block_height, in->element_size, in->band_count, in->halo, in->threads,
        (long long)in->memory, p->panel_width, p->read_rows, p->ring_rows, p->compute_cols,
        p->compute_rows, p->block_width, p->block_height, p->slots, p->workers);
}

static int min_int(int a, int b) {
    return a < b ? a : b;
}

/* Whether `part` is all of `whole`, or a part that ends where a block does. */
static bool ends_with_block(int part, int whole, int block) {
    return part == whole || (part > 0 && part < whole && part % block == 0);
}

static bool has_whole_blocks(const dg_plan_input *in, const dg_plan *p) {
    const int width = in->output_block_width;
    const int block = width > 0 ? min_int(width, p->panel_width) : p->panel_width;
    return (width > 0 ? ends_with_block(p->panel_width, in->width, width)
                      : p->panel_width == in->width) &&
           ends_with_block(p->compute_cols, p->panel_width, block) &&
           ends_with_block(p->compute_rows, in->height, in->output_block_height) &&
           p->block_width == block &&
           p->block_height == min_int(in->output_block_height, in->height);
}

static bool has_sane_counts(const dg_plan_input *in, const dg_plan *p) {
    return p->workers >= 1 && p->workers <= in->threads && p->slots >= 1 && p->read_rows >= 1 &&
           p->ring_rows >= p->read_rows && p->ring_rows % p->read_rows == 0;
}

/* Reading goes on as long as the ring has room beside the groups that the oldest computation
 * needs: those that hold its rows and their halo, wherever the window begins. */
static bool cannot_deadlock(const dg_plan_input *in, const dg_plan *p) {
    const int held = p->ring_rows / p->read_rows;
    for (int start = 0; start < 3; start++) {
        const int64_t offset = start * (int64_t)(p->read_rows / 2), height = in->height;
        int64_t row = 0;
        for (int i = 0; row < height && i < 200; row += p->compute_rows, i++) {
            const int64_t first = row - in->halo > 0 ? row - in->halo : 0;
            const int64_t below = row + p->compute_rows;
            const int64_t end = (below < height ? below : height) + in->halo;
            const int64_t last = (offset + end - 1) / p->read_rows;
            const int64_t most = (offset + height - 1) / p->read_rows;
            if ((last < most ? last : most) - (offset + first) / p->read_rows + 1 > held)
                return false;
        }
    }
    return true;
}

/* Above its memory a plan may be only where it cannot be cut smaller. */
static bool fits(const dg_plan_input *in, const dg_plan *p) {
    ck_assert(dg_plan_fits(in, p) == (bytes_of(in, p) <= in->memory));
    return bytes_of(in, p) <= in->memory ||
           (p->workers == 1 &&
            (in->output_block_width == 0 || p->panel_width <= in->output_block_width) &&
            p->compute_rows == min_int(in->output_block_height, in->height));
}

static void check_plan(const dg_plan_input *in) {
    const dg_plan p = dg_plan_make(in);
    char text[400];
    describe(in, &p, text);
    ck_assert_msg(has_whole_blocks(in, &p), "blocks are cut: %s", text);
    ck_assert_msg(has_sane_counts(in, &p), "counts: %s", text);
    ck_assert_msg(cannot_deadlock(in, &p), "the ring is too small: %s", text);
    ck_assert_msg(fits(in, &p), "too large: %s", text);
}

static const int64_t MEMORY[] = {16 << 20, 128 << 20, (int64_t)1 << 30};
static const int THREADS[] = {1, 2, 7, 64};

static void check_shape(dg_plan_input in) {
    for (size_t i = 0; i < sizeof MEMORY / sizeof *MEMORY; i++) {
        for (size_t j = 0; j < sizeof THREADS / sizeof *THREADS; j++) {
            in.memory = MEMORY[i];
            in.threads = THREADS[j];
            in.element_size = 4;
            in.band_count = 2;
            in.halo = 1;
            in.reader_bytes = 0;
            check_plan(&in);
            in.reader_bytes = (int64_t)5 << 20;
            check_plan(&in);
            in.element_size = 8;
            in.band_count = 11;
            in.halo = 49;
            check_plan(&in);
        }
    }
}

START_TEST(plans_are_sound_for_every_shape) {
    static const int sizes[] = {1, 2, 3, 5, 100, 255, 256, 257, 1000, 10000, 1000000};
    static const int blocks[] = {1, 2, 16, 128, 256, 512, 10000};
    enum { SIZES = sizeof sizes / sizeof *sizes, BLOCKS = sizeof blocks / sizeof *blocks };
    for (int i = 0; i < SIZES * SIZES * BLOCKS; i++) {
        const int width = sizes[i % SIZES], height = sizes[i / SIZES % SIZES];
        const int source = blocks[i / SIZES / SIZES];
        for (int output = 0; output < 5; output++) {
            /* Blocks are never larger than the raster, but for tiles. */
            const int tiles[5][2] = {
                {256, 256}, {width, 1}, {512, 512}, {width, min_int(30, height)}, {0, 256}};
            check_shape((dg_plan_input){.width = width,
                                        .height = height,
                                        .source_block_height = source,
                                        .output_block_width = tiles[output][0],
                                        .output_block_height = tiles[output][1]});
        }
    }
}
END_TEST

START_TEST(plans_are_sound_for_random_shapes) {
    unit_random_start(51);
    for (int i = 0; i < 20000; i++) {
        const int bits = 1 + unit_random_below(20);
        dg_plan_input in = {.width = 1 + unit_random_below(1 << bits),
                            .height = 1 + unit_random_below(1 << (21 - bits)),
                            .source_block_height = 1 + unit_random_below(2000),
                            .output_block_width = 16 * (1 + unit_random_below(64)),
                            .output_block_height = 16 * (1 + unit_random_below(64)),
                            .element_size = unit_random_chance(0.5) ? 4 : 8,
                            .band_count = 1 + unit_random_below(11),
                            .halo = 1 + unit_random_below(49),
                            .threads = 1 + unit_random_below(80),
                            .reader_bytes = unit_random_below(1 << 24)};
        in.memory = (int64_t)unit_random_between(1e6, 1e9);
        check_plan(&in);
    }
}
END_TEST

/* Width, height and the source's block height: one block as high as the raster, and rasters near
 * the largest that GDAL opens. */
static const int HUGE_SHAPES[][3] = {{1, 2147483647, 2147483647}, {1, 600000000, 600000000},
                                     {40, 2147483000, 256},       {2147483000, 1, 1},
                                     {2147483000, 2000000, 1},    {40000, 2147483000, 256},
                                     {600, 1000000, 1000000},     {1000000, 600, 600}};

START_TEST(plans_are_sound_for_huge_rasters) {
    check_shape((dg_plan_input){.width = HUGE_SHAPES[_i][0],
                                .height = HUGE_SHAPES[_i][1],
                                .source_block_height = HUGE_SHAPES[_i][2],
                                .output_block_width = 256,
                                .output_block_height = 256});
}
END_TEST

/* Plenty of memory: all threads work, and no column is read twice. */
START_TEST(memory_is_used) {
    const dg_plan_input in = {10000, 10000, 256, 256, 256, 4, 2, 2, 4, (int64_t)1 << 30, 0};
    const dg_plan p = dg_plan_make(&in);
    ck_assert_int_eq(p.panel_width, 10000);
    ck_assert_int_eq(p.workers, 4);
    ck_assert_int_ge(p.slots, p.workers);
}
END_TEST

/* Blocks of the source that no plan has room for leave the rest as it is: a narrow panel would have each
 * decoded once more. */
START_TEST(huge_blocks_do_not_narrow_panels) {
    dg_plan_input in = {6000, 6000, 4096, 256, 256, 8, 2, 1, 4, (int64_t)200 << 20, 0};
    const dg_plan without = dg_plan_make(&in);
    in.reader_bytes = (int64_t)2 << 30;
    const dg_plan with = dg_plan_make(&in);
    ck_assert_int_eq(without.panel_width, 6000);
    ck_assert_int_eq(with.panel_width, 6000);
    ck_assert_int_eq(with.workers, 1);
}
END_TEST

int main(void) {
    unit_seed();
    Suite *suite = suite_create("plan");
    const TTest *const tests[] = {plans_are_sound_for_every_shape,
                                  plans_are_sound_for_random_shapes, memory_is_used,
                                  huge_blocks_do_not_narrow_panels, NULL};
    unit_add(suite, "plan", tests);
    TCase *huge = tcase_create("huge");
    tcase_add_loop_test(huge, plans_are_sound_for_huge_rasters, 0,
                        sizeof HUGE_SHAPES / sizeof *HUGE_SHAPES);
    suite_add_tcase(suite, huge);
    return unit_run(suite);
}
