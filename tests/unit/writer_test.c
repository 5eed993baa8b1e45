/* Outputs appear whole, with their sidecars, or not at all. */
#include "memory_raster.h"
#include "unit.h"
#include "writer.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WIDTH = 300, HEIGHT = 200 };

static char *folder;

static void setup(void) {
    folder = folder_create();
}

static void teardown(void) {
    folder_remove(folder);
}

/* A name in the folder; good until the next but one. */
static const char *in_folder(const char *name) {
    static char names[2][512];
    static int which;
    which = !which;
    snprintf(names[which], sizeof names[which], "%s/%s", folder, name);
    return names[which];
}

static bool is_there(const char *path) {
    return memory_file_size(path) >= 0;
}

static void put_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static dg_output describe(const char *path, const char *format, const char *const *options) {
    static const dg_output_band bands[2] = {{"dz/dx", "m/m"}, {"dz/dy", "m/m"}};
    return (dg_output){.target = {.path = path},
                       .format = format,
                       .creation_options = options,
                       .grid = {WIDTH, HEIGHT, {5e5, 10, 0, 5e6, 0, -10}, true},
                       .nodata = (double)NAN,
                       .bands = bands,
                       .band_count = 2,
                       .threads = 1};
}

/* Window `w` of both bands: column + 1000 row, and the same below 0. */
static demgrad_status write_window(dg_writer *writer, dg_window w, demgrad_error *error) {
    static float z[2 * WIDTH * HEIGHT];
    const int n = w.width * w.height;
    for (int i = 0; i < n; i++) {
        z[i] = (float)(w.col + i % w.width + 1000 * (w.row + i / w.width));
        z[n + i] = -z[i];
    }
    const dg_block block = {z, DG_FLOAT, w.width, n, w};
    return dg_writer_write(writer, &block, error);
}

/* In groups of 32 rows. */
static demgrad_status write_all(dg_writer *writer, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (int row = 0; row < HEIGHT && !status; row += 32) {
        const int n = HEIGHT - row < 32 ? HEIGHT - row : 32;
        status = write_window(writer, (dg_window){0, row, WIDTH, n}, error);
    }
    return status;
}

static demgrad_status write_output(const dg_output *output, demgrad_error *error) {
    dg_writer *writer;
    demgrad_status status = dg_writer_create(output, &writer, error);
    if (status)
        return status;
    status = write_all(writer, error);
    if (!status)
        return dg_writer_finish(writer, NULL, NULL, error);
    dg_writer_abandon(writer);
    return status;
}

static void check_pixels(const char *path) {
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    ck_assert_ptr_nonnull(dataset);
    float *z = malloc(sizeof(float) * WIDTH * HEIGHT);
    for (int band = 1; band <= 2; band++) {
        GDALRasterBandH b = GDALGetRasterBand(dataset, band);
        ck_assert_int_eq(
            GDALRasterIO(b, GF_Read, 0, 0, WIDTH, HEIGHT, z, WIDTH, HEIGHT, GDT_Float32, 0, 0),
            CE_None);
        const float sign = band == 1 ? 1 : -1;
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            if (z[i] != sign * (float)(i % WIDTH + 1000 * (i / WIDTH)))
                ck_abort_msg("band %d, pixel %d: %g", band, i, (double)z[i]);
        }
    }
    free(z);
    GDALClose(dataset);
}

/* Block number i of those that the writer asks for, in the order of their rows. */
static dg_window block_window(const dg_writer *writer, int i) {
    const dg_writer_needs needs = dg_writer_needs_of(writer);
    const int width = needs.block_width, height = needs.block_height;
    const int across = (WIDTH - 1) / width + 1;
    const dg_window block = {i % across * width, i / across * height, width, height};
    return dg_window_intersect(block, (dg_window){0, 0, WIDTH, HEIGHT});
}

static int count_blocks(const dg_writer *writer) {
    int i = 0;
    while (block_window(writer, i).height > 0)
        i++;
    return i;
}

static void write_blocks(const char *format, const char *const *options, bool backwards) {
    demgrad_error error;
    dg_writer *writer;
    dg_output output = describe(in_folder("blocks.img"), format, options);
    output.target.overwrite = true;
    ASSERT_OK(dg_writer_create(&output, &writer, &error));
    const int count = count_blocks(writer);
    for (int i = 0; i < count; i++)
        ASSERT_OK(
            write_window(writer, block_window(writer, backwards ? count - 1 - i : i), &error));
    ASSERT_OK(dg_writer_finish(writer, NULL, NULL, &error));
    check_pixels(in_folder("blocks.img"));
}

static const struct layout {
    const char *format;
    const char *options[5];
} LAYOUTS[] = {{"GTiff", {"BLOCKXSIZE=64", "BLOCKYSIZE=48"}},
               {"GTiff", {"BLOCKXSIZE=64", "BLOCKYSIZE=48", "INTERLEAVE=PIXEL"}},
               {"GTiff", {"INTERLEAVE=PIXEL", "COMPRESS=DEFLATE", "PREDICTOR=3"}},
               {"GTiff", {"TILED=NO", "BLOCKYSIZE=7"}},
               {"GTiff", {"TILED=NO", "BLOCKYSIZE=1", "INTERLEAVE=PIXEL"}},
               {"GTiff", {"TILED=NO", "BLOCKYSIZE=200", "COMPRESS=LZW"}},
               {"ENVI", {"INTERLEAVE=BSQ"}},
               {"ENVI", {"INTERLEAVE=BIL"}},
               {"ENVI", {"INTERLEAVE=BIP"}},
               {"HFA", {NULL}}};

START_TEST(blocks_may_come_in_any_order) {
    const struct layout *l = &LAYOUTS[_i];
    write_blocks(l->format, l->options, false);
    write_blocks(l->format, l->options, true);
}
END_TEST

/* Rows and blocks give the same file, to the byte. */
START_TEST(rows_and_blocks_make_one_file) {
    const struct layout *l = &LAYOUTS[_i];
    demgrad_error error;
    write_blocks(l->format, l->options, false);
    const dg_output output = describe(in_folder("rows.img"), l->format, l->options);
    ASSERT_OK(write_output(&output, &error));
    check_pixels(in_folder("rows.img"));
    const int size = memory_file_size(in_folder("rows.img"));
    ck_assert_int_eq(size, memory_file_size(in_folder("blocks.img")));
    if (strcmp(l->format, "HFA") == 0)
        return; /* which has the time in it */
    unsigned char *bytes[2];
    for (int i = 0; i < 2; i++) {
        FILE *file = fopen(in_folder(i ? "rows.img" : "blocks.img"), "rb");
        bytes[i] = malloc((size_t)size);
        ck_assert_uint_eq(fread(bytes[i], 1, (size_t)size, file), (size_t)size);
        fclose(file);
    }
    ck_assert_mem_eq(bytes[0], bytes[1], (size_t)size);
    free(bytes[0]);
    free(bytes[1]);
}
END_TEST

/* They would have to wait in GDAL's cache for the rest of their block. */
START_TEST(parts_of_blocks_are_refused) {
    static const dg_window parts[] = {
        {0, 0, 63, 48}, {1, 0, 63, 48}, {0, 0, 64, 47}, {64, 1, 64, 48}, {0, 1, WIDTH, 20}};
    const char *const options[] = {"BLOCKXSIZE=64", "BLOCKYSIZE=48", NULL};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        demgrad_error error;
        dg_writer *writer;
        const dg_output output = describe(in_folder("part.tif"), NULL, options);
        ASSERT_OK(dg_writer_create(&output, &writer, &error));
        ASSERT_STATUS(write_window(writer, parts[i], &error), DEMGRAD_WRITE_FAILED);
        dg_writer_abandon(writer);
    }
}
END_TEST

START_TEST(abandoned_outputs_leave_nothing) {
    static const char *const formats[] = {"GTiff", "COG", "ENVI", "AAIGrid", "HFA"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        demgrad_error error;
        dg_writer *writer;
        dg_output output = describe(in_folder("out.img"), formats[i], NULL);
        if (!GDALGetDriverByName(formats[i]))
            continue;
        output.band_count = strcmp(formats[i], "AAIGrid") == 0 ? 1 : 2;
        if (dg_writer_create(&output, &writer, &error) != DEMGRAD_OK)
            ck_abort_msg("%s: %s", formats[i], error.message);
        ASSERT_OK(write_all(writer, &error));
        ck_assert_int_gt(folder_count(folder), 0);
        dg_writer_abandon(writer);
        ck_assert_msg(folder_count(folder) == 0, "%s leaves files", formats[i]);
    }
    dg_writer_abandon(NULL);
}
END_TEST

static void check_format(const char *format, const char *const *options, const char *name,
                         const char *sidecar) {
    demgrad_error error;
    const char *path = in_folder(name);
    const dg_output output = describe(path, format, options);
    ASSERT_OK(write_output(&output, &error));
    check_pixels(path);
    ck_assert_int_eq(folder_count(folder), sidecar ? 2 : 1);
    if (sidecar)
        ck_assert_msg(is_there(in_folder(sidecar)), "there is no %s", sidecar);
    ASSERT_STATUS(write_output(&output, &error), DEMGRAD_EXISTS);
    check_pixels(path);
    VSIUnlink(path);
    if (sidecar)
        VSIUnlink(in_folder(sidecar));
    ck_assert_int_eq(folder_count(folder), 0);
}

START_TEST(outputs_come_with_their_sidecars) {
    const char *const baseline[] = {"PROFILE=BASELINE", NULL};
    check_format(NULL, NULL, "a.tif", NULL);
    check_format("GTiff", baseline, "b.tif", "b.tif.aux.xml");
    check_format("COG", NULL, "c.tif", NULL);
}
END_TEST

/* ENVI has its header in a file of its own, and what that cannot hold in a third one. */
START_TEST(headers_come_with_their_data) {
    demgrad_error error;
    const dg_output output = describe(in_folder("d.img"), "ENVI", NULL);
    ASSERT_OK(write_output(&output, &error));
    ck_assert(is_there(in_folder("d.hdr")));
    check_pixels(in_folder("d.img"));
}
END_TEST

START_TEST(replacing_drops_stale_sidecars) {
    demgrad_error error;
    dg_output output = describe(in_folder("e.tif"), NULL, NULL);
    ASSERT_OK(write_output(&output, &error));
    put_text(in_folder("e.tif.aux.xml"), "<PAMDataset></PAMDataset>");
    put_text(in_folder("e.tif.ovr"), "old");
    put_text(in_folder("e2.tif.aux.xml"), "another's");
    output.target.overwrite = true;
    output.target.sync = true;
    output.target.path = in_folder("e.tif");
    ASSERT_OK(write_output(&output, &error));
    check_pixels(in_folder("e.tif"));
    ck_assert_int_eq(folder_count(folder), 2);
    ck_assert(is_there(in_folder("e2.tif.aux.xml")));
}
END_TEST

START_TEST(an_output_stays_until_it_is_replaced) {
    demgrad_error error;
    dg_writer *writer;
    put_text(in_folder("f.tif"), "old");
    dg_output output = describe(in_folder("f.tif"), NULL, NULL);
    ASSERT_STATUS(dg_writer_create(&output, &writer, &error), DEMGRAD_EXISTS);
    output.target.overwrite = true;
    ASSERT_OK(dg_writer_create(&output, &writer, &error));
    ASSERT_OK(write_all(writer, &error));
    ck_assert_int_eq(memory_file_size(in_folder("f.tif")), 3);
    dg_writer_abandon(writer);
    ck_assert_int_eq(memory_file_size(in_folder("f.tif")), 3);
    ck_assert_int_eq(folder_count(folder), 1);
}
END_TEST

START_TEST(wrong_outputs_are_refused) {
    demgrad_error error;
    dg_writer *writer;
    const char *const unknown[] = {"NO_SUCH_OPTION=1", NULL};
    dg_output output = describe(in_folder("none/g.tif"), NULL, NULL);
    ASSERT_STATUS(dg_writer_create(&output, &writer, &error), DEMGRAD_WRITE_FAILED);
    output.target.path = folder;
    ASSERT_STATUS(dg_writer_create(&output, &writer, &error), DEMGRAD_WRITE_FAILED);
    output.target.path = "";
    ASSERT_STATUS(dg_writer_create(&output, &writer, &error), DEMGRAD_INVALID_ARGUMENT);
    output = describe(in_folder("g.tif"), "NoSuchFormat", NULL);
    ASSERT_STATUS(dg_writer_create(&output, &writer, &error), DEMGRAD_INVALID_OPTION);
    output = describe(in_folder("g.tif"), "GTiff", unknown);
    ASSERT_STATUS(dg_writer_create(&output, &writer, &error), DEMGRAD_INVALID_OPTION);
    ck_assert_int_eq(folder_count(folder), 0);
}
END_TEST

static int never(void *user) {
    *(bool *)user = true;
    return 0;
}

/* COG is copied to at the end, and that can be cancelled. */
START_TEST(finishing_can_be_cancelled) {
    demgrad_error error;
    dg_writer *writer;
    bool was_asked = false;
    const dg_output output = describe(in_folder("h.tif"), "COG", NULL);
    ASSERT_OK(dg_writer_create(&output, &writer, &error));
    ASSERT_OK(write_all(writer, &error));
    ASSERT_STATUS(dg_writer_finish(writer, never, &was_asked, &error), DEMGRAD_CANCELLED);
    ck_assert(was_asked);
    ck_assert_int_eq(folder_count(folder), 0);
}
END_TEST

static void limit_file_size(rlim_t bytes) {
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A disk that is full after some bytes, wherever that is: at creation, in writing, at the end. */
static void check_full_disk(const char *format, int whole) {
    for (int bytes = 0; bytes < whole; bytes += whole / 37 + 1) {
        demgrad_error error;
        const dg_output output = describe(in_folder("i.tif"), format, NULL);
        limit_file_size((rlim_t)bytes);
        const demgrad_status status = write_output(&output, &error);
        limit_file_size(RLIM_INFINITY);
        ck_assert_msg(status == DEMGRAD_WRITE_FAILED, "%s: status %d at %d bytes", format,
                      (int)status, bytes);
        ck_assert_msg(folder_count(folder) == 0, "%s: files are left at %d bytes", format, bytes);
    }
}

START_TEST(full_disks_leave_nothing) {
    static const char *const formats[] = {"GTiff", "COG", "ENVI"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        demgrad_error error;
        const dg_output output = describe(in_folder("i.tif"), formats[i], NULL);
        ASSERT_OK(write_output(&output, &error));
        const int whole = memory_file_size(in_folder("i.tif"));
        VSIUnlink(in_folder("i.tif"));
        VSIUnlink(in_folder("i.hdr"));
        VSIUnlink(in_folder("i.tif.aux.xml"));
        check_full_disk(formats[i], whole);
    }
}
END_TEST

START_TEST(links_stay_links) {
    demgrad_error error;
    put_text(in_folder("real.tif"), "old");
    ck_assert_int_eq(symlink("real.tif", in_folder("link.tif")), 0);
    dg_output output = describe(in_folder("link.tif"), NULL, NULL);
    output.target.overwrite = true;
    ASSERT_OK(write_output(&output, &error));
    char target[16];
    ck_assert_int_eq(readlink(in_folder("link.tif"), target, sizeof target), 8);
    check_pixels(in_folder("real.tif"));
    ck_assert_int_eq(folder_count(folder), 2);
}
END_TEST

START_TEST(devices_are_not_replaced) {
    demgrad_error error;
    ck_assert_int_eq(mkfifo(in_folder("pipe.tif"), 0600), 0);
    dg_output output = describe(in_folder("pipe.tif"), NULL, NULL);
    output.target.overwrite = true;
    ASSERT_STATUS(write_output(&output, &error), DEMGRAD_WRITE_FAILED);
    ck_assert_int_eq(folder_count(folder), 1);
}
END_TEST

int main(void) {
    GDALAllRegister();
    Suite *suite = suite_create("writer");
    TCase *outputs = tcase_create("outputs");
    tcase_set_timeout(outputs, 120);
    tcase_add_checked_fixture(outputs, setup, teardown);
    const TTest *const tests[] = {abandoned_outputs_leave_nothing,
                                  outputs_come_with_their_sidecars,
                                  headers_come_with_their_data,
                                  replacing_drops_stale_sidecars,
                                  an_output_stays_until_it_is_replaced,
                                  wrong_outputs_are_refused,
                                  finishing_can_be_cancelled,
                                  full_disks_leave_nothing,
                                  links_stay_links,
                                  devices_are_not_replaced,
                                  parts_of_blocks_are_refused,
                                  NULL};
    for (int i = 0; tests[i]; i++)
        tcase_add_test(outputs, tests[i]);
    const int layouts = sizeof LAYOUTS / sizeof *LAYOUTS;
    tcase_add_loop_test(outputs, blocks_may_come_in_any_order, 0, layouts);
    tcase_add_loop_test(outputs, rows_and_blocks_make_one_file, 0, layouts);
    suite_add_tcase(suite, outputs);
    return unit_run(suite);
}
