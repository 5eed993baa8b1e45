/* Every allocation of the library's own fails once: the call ends with DEMGRAD_OUT_OF_MEMORY, or does
 * without and comes to the same output; nothing else is left, and the process goes on. Issue 15. */
#include "memory_raster.h"
#include "unit.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <demgrad/demgrad.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Allocations that fail ------------------------------------------------------------------- */

static int countdown = -1; /* allocations until the one that fails; below 0: none does */

static bool fails(void) {
    return __atomic_load_n(&countdown, __ATOMIC_SEQ_CST) >= 0 &&
           __atomic_fetch_sub(&countdown, 1, __ATOMIC_SEQ_CST) == 0;
}

/* The linker sends the library's calls here. */
#define WRAP(type, name, parameters, arguments)                                                    \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters {                                                                \
        return fails() ? NULL : __real_##name arguments;                                           \
    }

WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t count, size_t size), (count, size))
WRAP(void *, realloc, (void *memory, size_t size), (memory, size))
WRAP(char *, strdup, (const char *text), (text))
WRAP(void *, VSIMalloc, (size_t size), (size))
WRAP(void *, VSICalloc, (size_t count, size_t size), (count, size))
WRAP(void *, VSIRealloc, (void *memory, size_t size), (memory, size))
WRAP(void *, VSIMalloc2, (size_t a, size_t b), (a, b))
WRAP(void *, VSIMalloc3, (size_t a, size_t b, size_t c), (a, b, c))

/* ---- Calls ----------------------------------------------------------------------------------- */

enum { TILES = 3 };

static char *folder, *input_folder;
static char output[512];
static char names[TILES][512];
static const char *inputs[TILES];
static demgrad_error error;

static void setup(void) {
    folder = folder_create();
    input_folder = folder_create();
    for (int i = 0; i < TILES; i++) {
        const double transform[6] = {5e5 + 290.0 * i, 10, 0, 5e6, 0, -10};
        snprintf(names[i], sizeof names[i], "%s/t%d.tif", input_folder, i);
        inputs[i] = names[i];
        memory_raster_make(&(memory_raster){.path = names[i],
                                            .width = 30,
                                            .height = 20,
                                            .type = GDT_Float32,
                                            .transform = transform,
                                            .crs = "EPSG:32632",
                                            .has_mask = i == 1,
                                            .alpha = -1});
    }
}

static void teardown(void) {
    folder_remove(folder);
    folder_remove(input_folder);
}

static demgrad_raster_options options_for(const char *format, int threads) {
    demgrad_raster_options o;
    demgrad_raster_options_init(&o);
    o.threads = threads;
    o.format = format;
    return o;
}

static demgrad_status gradient(int count, const char *format, int threads) {
    demgrad_raster_options o = options_for(format, threads);
    static const char *const bands[] = {"dzdx", NULL};
    if (format && strcmp(format, "AAIGrid") == 0)
        o.bands = bands; /* it holds one */
    demgrad_raster_report report;
    snprintf(output, sizeof output, "%s/out", folder);
    return demgrad_raster_gradient(inputs, (size_t)count, output, &o, &report, &error);
}

static demgrad_status describe(void) {
    const demgrad_raster_options o = options_for(NULL, 1);
    demgrad_raster_info info;
    return demgrad_raster_describe(inputs, TILES, &o, &info, &error);
}

static demgrad_status one(void) {
    return gradient(1, NULL, 1);
}

static demgrad_status threaded(void) {
    return gradient(1, NULL, 3);
}

static demgrad_status mosaic(void) {
    return gradient(TILES, NULL, 2);
}

static demgrad_status cog(void) {
    return gradient(1, "COG", 1);
}

static demgrad_status envi(void) {
    return gradient(2, "ENVI", 1);
}

static demgrad_status copied(void) {
    return gradient(1, "AAIGrid", 1);
}

static demgrad_status picture_as(const char *suffix, demgrad_style style) {
    demgrad_preview_options o;
    demgrad_preview_options_init(&o);
    o.raster.threads = 1;
    o.width = 300;
    o.style = style;
    o.raster.z_error = 1;
    snprintf(output, sizeof output, "%s/out%s", folder, suffix);
    const demgrad_status status = demgrad_preview(inputs, TILES, output, &o, &error);
    return status == DEMGRAD_UNSUPPORTED ? DEMGRAD_OK : status; /* without cairo */
}

static demgrad_status picture(void) {
    return picture_as(".png", DEMGRAD_STYLE_RELIEF);
}

static demgrad_status components(void) {
    return picture_as(".jpg", DEMGRAD_STYLE_COMPONENTS);
}

static demgrad_status errors(void) {
    return picture_as(".png", DEMGRAD_STYLE_ERROR);
}

static demgrad_batch_options batch_options(int threads) {
    demgrad_batch_options o;
    demgrad_batch_options_init(&o);
    o.raster.threads = threads;
    o.output_dir = folder;
    return o;
}

static demgrad_status batch_with(int threads) {
    const demgrad_batch_options o = batch_options(threads);
    demgrad_batch_result result;
    return demgrad_batch_run(inputs, TILES, &o, &result, &error);
}

static demgrad_status batch(void) {
    return batch_with(1);
}

static demgrad_status batch_threaded(void) {
    return batch_with(3);
}

static demgrad_status verified(void) {
    const demgrad_batch_options o = batch_options(1);
    demgrad_batch_result result;
    return demgrad_batch_verify(inputs, TILES, &o, &result, &error);
}

static demgrad_status expanded(void) {
    const demgrad_batch_options o = batch_options(1);
    char **found;
    const demgrad_status status =
        demgrad_batch_expand((const char *const *)&input_folder, 1, &o, &found, &error);
    const int count = CSLCount((CSLConstList)found);
    demgrad_batch_free_inputs(found);
    return !status && count != TILES ? DEMGRAD_READ_FAILED : status;
}

/* ---- Checks ---------------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The folder's files, one after the other, with their names and sizes; outputs of one kind are the same
 * bytes. */
static char *list_folder(void) {
    char **entries = VSIReadDir(folder);
    char *text = CPLStrdup("");
    if (entries)
        qsort(entries, (size_t)CSLCount(entries), sizeof *entries, compare_names);
    for (int i = 0; entries && entries[i]; i++) {
        if (strcmp(entries[i], ".") == 0 || strcmp(entries[i], "..") == 0)
            continue;
        VSIStatBufL stat;
        char *path = CPLStrdup(CPLFormFilename(folder, entries[i], NULL));
        ck_assert_int_eq(VSIStatL(path, &stat), 0);
        char *longer = CPLStrdup(CPLSPrintf("%s%s %d\n", text, entries[i], (int)stat.st_size));
        CPLFree(text);
        CPLFree(path);
        text = longer;
    }
    CSLDestroy(entries);
    return text;
}

static void empty_folder(void) {
    folder_remove(folder);
    folder = folder_create();
}

/* Whether each line of the one is in the other: a batch may have made some of its outputs. */
static bool is_part_of(const char *some, const char *all) {
    char **lines = CSLTokenizeString2(some, "\n", 0);
    bool is_part = true;
    for (int i = 0; lines && lines[i]; i++)
        is_part &= strstr(all, lines[i]) != NULL;
    CSLDestroy(lines);
    return is_part;
}

/* Fails every allocation, or with a `step` each of so many of them. */
static void check_some(demgrad_status (*call)(void), const char *name, bool keeps, int step) {
    if (!keeps)
        empty_folder();
    ASSERT_OK(call());
    char *expected = list_folder();
    for (int n = step - 1;; n += step) {
        if (!keeps)
            empty_folder();
        memset(&error, 0, sizeof error);
        __atomic_store_n(&countdown, n, __ATOMIC_SEQ_CST);
        const demgrad_status status = call();
        const bool has_failed = __atomic_exchange_n(&countdown, -1, __ATOMIC_SEQ_CST) < 0;
        char *found = list_folder();
        ck_assert_msg(status == DEMGRAD_OK || status == DEMGRAD_OUT_OF_MEMORY,
                      "%s, allocation %d: status %d, %s", name, n, (int)status, error.message);
        ck_assert_msg(status || strcmp(found, expected) == 0, "%s, allocation %d: other files: %s",
                      name, n, found);
        ck_assert_msg(is_part_of(found, expected), "%s, allocation %d: left %s", name, n, found);
        ck_assert_msg(!status || (error.status == status && *error.message), "%s, %d: no message",
                      name, n);
        CPLFree(found);
        if (!has_failed) {
            ASSERT_OK(status);
            ck_assert_int_gt(n, 5);
            printf("%s: %d allocations\n", name, n);
            break;
        }
    }
    CPLFree(expected);
}

static void check(demgrad_status (*call)(void), const char *name, bool keeps) {
    check_some(call, name, keeps, 1);
}

START_TEST(gradients) {
    check(describe, "describe", false);
    check(one, "gradient", false);
    check_some(threaded, "gradient of three threads", false, 3);
    check(mosaic, "mosaic", false);
}
END_TEST

START_TEST(formats) {
    check(cog, "COG", false);
    check(envi, "ENVI", false);
    check(copied, "AAIGrid", false);
}
END_TEST

START_TEST(pictures) {
    check(picture, "relief", false);
    check_some(components, "components", false, 2);
    check_some(errors, "errors", false, 3);
}
END_TEST

START_TEST(batches) {
    check(expanded, "expand", false);
    check(batch, "batch", false);
    check_some(batch_threaded, "batch of three threads", false, 7);
    empty_folder();
    ASSERT_OK(batch());
    check(verified, "verify", true);
}
END_TEST

int main(void) {
    unit_seed();
    GDALAllRegister();
    Suite *suite = suite_create("memory fault");
    TCase *faults = tcase_create("memory faults");
    tcase_set_timeout(faults, 200);
    tcase_add_checked_fixture(faults, setup, teardown);
    tcase_add_test(faults, gradients);
    tcase_add_test(faults, formats);
    tcase_add_test(faults, pictures);
    tcase_add_test(faults, batches);
    suite_add_tcase(suite, faults);
    return unit_run(suite);
}
