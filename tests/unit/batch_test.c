/* Batches as a program sees them: who is told what on which thread, and where they can be ended. */
#include "memory_raster.h"
#include "unit.h"

#include <cpl_vsi.h>
#include <demgrad/batch.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { TILES = 6 };

static char *folder;
static const char *inputs[TILES];

/* A row of tiles of which each overlaps the next by a column; `stranger` is without a CRS. */
static void make_tiles(int stranger) {
    static char names[TILES][32];
    for (int i = 0; i < TILES; i++) {
        const double transform[6] = {5e5 + 290.0 * i, 10, 0, 5e6, 0, -10};
        snprintf(names[i], sizeof names[i], "/vsimem/batch/t%d.tif", i);
        inputs[i] = names[i];
        memory_raster_make(&(memory_raster){.path = names[i],
                                            .width = 30,
                                            .height = 20,
                                            .type = GDT_Float32,
                                            .transform = transform,
                                            .crs = i == stranger ? NULL : "EPSG:32632",
                                            .alpha = -1});
    }
}

static void setup(void) {
    folder = folder_create();
    make_tiles(-1);
}

static void teardown(void) {
    folder_remove(folder);
}

typedef struct heard {
    pthread_t caller;
    int warnings, strangers;
    int calls, calls_left; /* of the progress; until it cancels, below 0: never */
    int pieces, overlaps;
} heard;

static void hear(const char *text, void *user) {
    heard *h = user;
    ck_assert(*text != '\0');
    h->warnings++;
    h->strangers += !pthread_equal(pthread_self(), h->caller);
}

static int tell(int64_t pixels_done, int64_t pixels_all, size_t pieces_done, size_t pieces_all,
                void *user) {
    heard *h = user;
    h->calls++;
    if (pixels_done > pixels_all || pixels_all < 1 || pieces_done > pieces_all)
        h->strangers++;
    return h->calls_left < 0 || h->calls_left-- > 0;
}

static void count_piece(const demgrad_piece *piece, void *user) {
    ((heard *)user)->pieces += piece->state == DEMGRAD_PIECE_DONE;
}

static void count_overlap(const char *input, const char *other, double difference, int64_t pixels,
                          void *user) {
    (void)input;
    (void)other;
    (void)difference;
    (void)pixels;
    ((heard *)user)->overlaps++;
}

static int refuse(int64_t done, int64_t all, void *user) {
    (void)done;
    (void)all;
    ((heard *)user)->strangers++; /* not to be called in a batch */
    return 0;
}

static demgrad_batch_options options_for(heard *h, int calls) {
    demgrad_batch_options o;
    demgrad_batch_options_init(&o);
    *h = (heard){.caller = pthread_self(), .calls_left = calls};
    o.output_dir = folder;
    o.raster.threads = 4;
    o.raster.warning = hear;
    o.raster.warning_user = h;
    o.raster.progress = refuse;
    o.raster.progress_user = h;
    o.piece = count_piece;
    o.overlap_told = count_overlap;
    o.progress = tell;
    o.user = h;
    return o;
}

START_TEST(warnings_come_on_the_callers_thread) {
    demgrad_error error;
    demgrad_batch_result result;
    heard h;
    const demgrad_batch_options o = options_for(&h, -1);
    make_tiles(3);
    ASSERT_OK(demgrad_batch_run(inputs, TILES, &o, &result, &error));
    ck_assert_uint_eq(result.done, TILES);
    /* That it is off the grid, and that it has no CRS. */
    ck_assert_int_ge(h.warnings, 2);
    ck_assert_int_eq(h.strangers, 0);
}
END_TEST

/* Cancels after each number of calls, until one batch gets through. */
START_TEST(it_can_be_ended_at_any_call) {
    demgrad_error error;
    demgrad_batch_result result;
    bool was_scanning = false, was_comparing = false;
    for (int calls = 0;; calls++) {
        heard h;
        const demgrad_batch_options o = options_for(&h, calls);
        const demgrad_status status = demgrad_batch_run(inputs, TILES, &o, &result, &error);
        ck_assert_int_eq(h.strangers, 0);
        ck_assert_int_eq(folder_count(folder), h.pieces);
        folder_remove(folder);
        folder = folder_create();
        if (!status)
            break;
        ASSERT_STATUS(status, DEMGRAD_CANCELLED);
        ck_assert_int_eq(h.calls, calls + 1);
        was_scanning |= h.calls <= TILES && result.pieces == 0;
        was_comparing |= h.pieces == TILES;
    }
    ck_assert(was_scanning && was_comparing);
}
END_TEST

START_TEST(a_check_can_be_ended_too) {
    demgrad_error error;
    demgrad_batch_result result;
    heard h;
    demgrad_batch_options o = options_for(&h, -1);
    ASSERT_OK(demgrad_batch_run(inputs, TILES, &o, &result, &error));
    for (int calls = 0; calls < 2 * TILES; calls++) {
        o = options_for(&h, calls);
        ASSERT_STATUS(demgrad_batch_verify(inputs, TILES, &o, &result, &error), DEMGRAD_CANCELLED);
        ck_assert_int_eq(h.calls, calls + 1);
        ck_assert_int_eq(folder_count(folder), TILES);
    }
    o = options_for(&h, -1);
    ASSERT_OK(demgrad_batch_verify(inputs, TILES, &o, &result, &error));
}
END_TEST

int main(void) {
    unit_seed();
    GDALAllRegister();
    Suite *suite = suite_create("batch");
    TCase *batch = tcase_create("batch");
    tcase_set_timeout(batch, 120);
    tcase_add_checked_fixture(batch, setup, teardown);
    tcase_add_test(batch, warnings_come_on_the_callers_thread);
    tcase_add_test(batch, it_can_be_ended_at_any_call);
    tcase_add_test(batch, a_check_can_be_ended_too);
    suite_add_tcase(suite, batch);
    return unit_run(suite);
}
