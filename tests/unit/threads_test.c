/* Gradients at once, from several threads of one process. */
#include "memory_raster.h"
#include "unit.h"

#include <cpl_multiproc.h>
#include <cpl_vsi.h>
#include <demgrad/raster.h>
#include <stdio.h>
#include <string.h>

enum { JOBS = 4 };

typedef struct job {
    const char *input;
    const char *crs;
    demgrad_frame frame;
    int threads;
    char alone[64], at_once[64]; /* outputs */
    const char *output;
    demgrad_status status;
    demgrad_error error;
} job;

static void make_input(const char *path, const char *crs, double x, double y, double pixel) {
    const double transform[6] = {x, pixel, 0, y, 0, -pixel};
    memory_raster_make(&(memory_raster){.path = path,
                                        .width = 500,
                                        .height = 400,
                                        .type = GDT_Float32,
                                        .transform = transform,
                                        .crs = crs,
                                        .alpha = -1});
}

static void run_job(void *user) {
    job *j = user;
    demgrad_raster_options o;
    demgrad_raster_report report;
    demgrad_raster_options_init(&o);
    o.threads = j->threads;
    o.frame = j->frame;
    j->status = demgrad_raster_gradient(&j->input, 1, j->output, &o, &report, &j->error);
}

static void check_jobs(job jobs[JOBS]) {
    for (int i = 0; i < JOBS; i++) {
        const demgrad_error error = jobs[i].error;
        ASSERT_OK(jobs[i].status);
    }
}

static void run_at_once(job jobs[JOBS]) {
    CPLJoinableThread *threads[JOBS];
    for (int i = 0; i < JOBS; i++) {
        jobs[i].output = jobs[i].at_once;
        threads[i] = CPLCreateJoinableThread(run_job, &jobs[i]);
        ck_assert_ptr_nonnull(threads[i]);
    }
    for (int i = 0; i < JOBS; i++)
        CPLJoinThread(threads[i]);
}

START_TEST(gradients_at_once_are_as_alone) {
    job jobs[JOBS] = {{.input = "/vsimem/utm.tif", .threads = 2},
                      {.input = "/vsimem/utm.tif", .threads = 3, .frame = DEMGRAD_FRAME_TRUE},
                      {.input = "/vsimem/laea.tif", .threads = 1, .frame = DEMGRAD_FRAME_TRUE},
                      {.input = "/vsimem/degrees.tif", .threads = 2}};
    make_input("/vsimem/utm.tif", "EPSG:32632", 4e5, 6e6, 100);
    make_input("/vsimem/laea.tif", "EPSG:3035", 4e6, 3e6, 1000);
    make_input("/vsimem/degrees.tif", "EPSG:4326", 10, 50, 0.01);
    for (int i = 0; i < JOBS; i++) {
        snprintf(jobs[i].alone, sizeof jobs[i].alone, "/vsimem/threads/alone%d.tif", i);
        snprintf(jobs[i].at_once, sizeof jobs[i].at_once, "/vsimem/threads/once%d.tif", i);
        jobs[i].output = jobs[i].alone;
        run_job(&jobs[i]);
    }
    check_jobs(jobs);
    for (int round = 0; round < 5; round++) {
        run_at_once(jobs);
        check_jobs(jobs);
        for (int i = 0; i < JOBS; i++) {
            ck_assert_msg(memory_file_equal(jobs[i].alone, jobs[i].at_once),
                          "job %d: other bytes at once than alone", i);
            VSIUnlink(jobs[i].at_once);
        }
        ck_assert_int_eq(folder_count("/vsimem/threads"), JOBS);
    }
}
END_TEST

/* Errors of one thread must not show in another's. */
START_TEST(failures_at_once_stay_apart) {
    job jobs[JOBS] = {{.input = "/vsimem/utm.tif", .threads = 2},
                      {.input = "/vsimem/no-such.tif", .threads = 2},
                      {.input = "/vsimem/utm.tif", .threads = 2},
                      {.input = "/vsimem/nor-this.tif", .threads = 2}};
    make_input("/vsimem/utm.tif", "EPSG:32632", 4e5, 6e6, 100);
    for (int i = 0; i < JOBS; i++)
        snprintf(jobs[i].at_once, sizeof jobs[i].at_once, "/vsimem/threads/once%d.tif", i);
    for (int round = 0; round < 5; round++) {
        run_at_once(jobs);
        for (int i = 0; i < JOBS; i++) {
            ck_assert_int_eq(jobs[i].status, i % 2 ? DEMGRAD_READ_FAILED : DEMGRAD_OK);
            ck_assert(i % 2 == 0 || strstr(jobs[i].error.message, jobs[i].input));
            VSIUnlink(jobs[i].at_once);
        }
        ck_assert_int_eq(folder_count("/vsimem/threads"), 0);
    }
}
END_TEST

int main(void) {
    GDALAllRegister();
    VSIMkdir("/vsimem/threads", 0755);
    Suite *suite = suite_create("threads");
    const TTest *const tests[] = {gradients_at_once_are_as_alone, failures_at_once_stay_apart,
                                  NULL};
    unit_add(suite, "threads", tests);
    return unit_run(suite);
}
