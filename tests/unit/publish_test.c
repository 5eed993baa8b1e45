/* Outputs and their side files get their names together or not at all, and replace what they may. */
#include "folder_names.h"
#include "memory_raster.h"
#include "output_file.h"
#include "path.h"
#include "publish.h"
#include "unit.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <gdal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What happens at the rename number `at_rename` (counted down) of the linker's --wrap: a file appears, or it
 * fails. */
static int at_rename, failure;
static const char *appearing;

static void put(const char *path, const char *text) {
    VSILFILE *file = VSIFOpenL(path, "wb");
    ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
    VSIFWriteL(text, 1, strlen(text), file);
    VSIFCloseL(file);
}

int __real_renameat2(int from_folder, const char *from, int to_folder, const char *to,
                     unsigned flags);
int __wrap_renameat2(int from_folder, const char *from, int to_folder, const char *to,
                     unsigned flags);
int __wrap_renameat2(int from_folder, const char *from, int to_folder, const char *to,
                     unsigned flags) {
    if (at_rename > 0 && --at_rename == 0) {
        if (appearing)
            put(appearing, "another's");
        errno = failure;
        if (failure)
            return -1;
    }
    return __real_renameat2(from_folder, from, to_folder, to, flags);
}

static char *on_disk;
static const char *folder; /* the place of the test: on the disk or in memory */

static void setup(void) {
    at_rename = failure = 0;
    appearing = NULL;
    on_disk = folder_create();
    folder = on_disk;
}

static void teardown(void) {
    VSIRmdirRecursive("/vsimem/publish");
    folder_remove(on_disk);
}

static void use_place(int in_memory) {
    if (in_memory)
        VSIMkdir("/vsimem/publish", 0755);
    folder = in_memory ? "/vsimem/publish" : on_disk;
}

/* A name in the folder; good until the next but three. */
static const char *in_folder(const char *name) {
    static char names[4][512];
    static int which;
    which = (which + 1) % 4;
    snprintf(names[which], sizeof names[which], "%s/%s", folder, name);
    return names[which];
}

static void check_text(const char *name, const char *expected) {
    char text[64] = "";
    VSILFILE *file = VSIFOpenL(in_folder(name), "rb");
    ck_assert_msg(file != NULL, "there is no %s", name);
    VSIFReadL(text, 1, sizeof text - 1, file);
    VSIFCloseL(file);
    ck_assert_msg(strcmp(text, expected) == 0, "%s holds \"%s\"", name, text);
}

static dg_target describe(const char *name, bool overwrite) {
    return (dg_target){.path = in_folder(name), .overwrite = overwrite};
}

/* Publishes an output, and a side file if that has a name, as "new". */
static demgrad_status publish(dg_target output, const char *side, demgrad_error *error) {
    dg_publication *p;
    demgrad_status status = dg_publish_begin(&output, &p, error);
    if (status)
        return status;
    put(dg_publication_temporary(p), "new");
    char *new_folder = dg_path_folder(dg_publication_temporary(p));
    char *path = side ? dg_path_join(new_folder, side) : NULL;
    if (path)
        put(path, "new");
    free(path);
    free(new_folder);
    return dg_publish(p, error);
}

/* Refused, with everything as it was, which is `count` files. */
static void refuse(dg_target output, const char *side, int count, demgrad_status expected) {
    demgrad_error error;
    ASSERT_STATUS(publish(output, side, &error), expected);
    ck_assert_int_eq(folder_count(folder), count);
}

START_TEST(an_output_and_its_side_file_appear) {
    use_place(_i);
    demgrad_error error;
    ASSERT_OK(publish(describe("a.bin", false), ".hidden", &error));
    ASSERT_OK(publish(describe(".b.bin", false), ".b.hdr", &error));
    check_text("a.bin", "new");
    check_text(".hidden", "new");
    check_text(".b.hdr", "new");
    ck_assert_int_eq(folder_count(folder), 4);
}
END_TEST

/* NFS, and file systems in user space, keep removed files under such names as long as they are open. */
START_TEST(what_is_removed_but_open_is_no_side_file) {
    use_place(0);
    demgrad_error error;
    ASSERT_OK(publish(describe("a.bin", false), ".nfs000000000012d60c00000003", &error));
    ASSERT_OK(publish(describe("b.bin", false), ".fuse_hidden0000000200000001", &error));
    ck_assert_int_eq(folder_count(folder), 2);
}
END_TEST

START_TEST(nothing_is_replaced_without_being_asked) {
    static const char *const others[] = {"a.bin", "a.hdr", "a.bin.aux.xml", "a.bin.ovr",
                                         "a.bin.msk"};
    use_place(_i);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        put(in_folder(others[i]), "mine");
        refuse(describe("a.bin", false), "a.hdr", 1, DEMGRAD_EXISTS);
        check_text(others[i], "mine");
        VSIUnlink(in_folder(others[i]));
    }
}
END_TEST

START_TEST(all_is_replaced_when_asked) {
    use_place(_i);
    demgrad_error error;
    put(in_folder("a.bin"), "old");
    put(in_folder("a.bin.ovr"), "old");
    put(in_folder("a.bin.aux.xml"), "old");
    put(in_folder("other.hdr"), "mine");
    ASSERT_OK(publish(describe("a.bin", true), "a.bin.ovr", &error));
    check_text("a.bin", "new");
    check_text("a.bin.ovr", "new");
    check_text("other.hdr", "mine");
    ck_assert_int_eq(folder_count(folder), 3);
    put(in_folder("a.bin.msk"), "old");
    ASSERT_OK(publish(describe("a.bin", true), NULL, &error));
    ck_assert_int_eq(folder_count(folder), 2);
}
END_TEST

/* With a header of its own. */
static void put_envi(const char *path) {
    GDALClose(GDALCreate(GDALGetDriverByName("ENVI"), path, 2, 2, 1, GDT_Byte, NULL));
}

START_TEST(only_the_parts_of_what_is_replaced_go) {
    use_place(_i);
    demgrad_error error;
    put_envi(in_folder("a.img"));
    refuse(describe("a.bin", true), "a.hdr", 2, DEMGRAD_EXISTS);
    ASSERT_OK(publish(describe("a.img", true), "a.hdr", &error));
    check_text("a.hdr", "new");
    put_envi(in_folder("a.img"));
    ASSERT_OK(publish(describe("a.img", true), NULL, &error));
    ck_assert_int_eq(folder_count(folder), 1);
}
END_TEST

/* The moves of a set over another: two aside, two into place. */
START_TEST(a_failure_leaves_the_old_set) {
    for (int overwrite = 0; overwrite <= 1; overwrite++) {
        demgrad_error error;
        if (overwrite) {
            put(in_folder("a.bin"), "old");
            put(in_folder("a.bin.ovr"), "old");
        }
        at_rename = _i + 1;
        failure = EIO;
        const demgrad_status status = publish(describe("a.bin", overwrite), "a.bin.ovr", &error);
        if (at_rename > 0) { /* as many moves are not needed */
            ASSERT_OK(status);
            VSIUnlink(in_folder("a.bin"));
            VSIUnlink(in_folder("a.bin.ovr"));
            continue;
        }
        ASSERT_STATUS(status, DEMGRAD_WRITE_FAILED);
        ck_assert_int_eq(folder_count(folder), 2 * overwrite);
        if (overwrite) {
            check_text("a.bin", "old");
            check_text("a.bin.ovr", "old");
        }
    }
}
END_TEST

START_TEST(what_appears_at_the_last_moment_stays) {
    static const char *const names[] = {"a.bin", "a.hdr"};
    demgrad_error error;
    for (int i = 0; i < 2; i++) {
        appearing = in_folder(names[i]);
        at_rename = 1;
        ASSERT_STATUS(publish(describe("a.bin", false), "a.hdr", &error), DEMGRAD_EXISTS);
        ck_assert_ptr_nonnull(strstr(error.message, names[i]));
        check_text(names[i], "another's");
        ck_assert_int_eq(folder_count(folder), 1);
        VSIUnlink(in_folder(names[i]));
    }
    appearing = in_folder("a.bin");
    at_rename = 1;
    ASSERT_STATUS(publish(describe("a.bin", false), NULL, &error), DEMGRAD_EXISTS);
    check_text("a.bin", "another's");
}
END_TEST

START_TEST(what_is_in_use_is_never_replaced) {
    use_place(_i);
    demgrad_error error;
    dg_file_set *in_use = dg_file_set_new();
    put(in_folder("in.tif"), "input");
    put(in_folder("a.hdr"), "input");
    ck_assert(dg_file_set_add(in_use, in_folder("in.tif"), "the input in.tif"));
    ck_assert(dg_file_set_add(in_use, in_folder("a.hdr"), "the input a"));
    dg_target output = describe("in.tif", true);
    output.in_use = in_use;
    refuse(output, NULL, 2, DEMGRAD_INVALID_ARGUMENT);
    output.path = in_folder("a.bin");
    refuse(output, "a.hdr", 2, DEMGRAD_INVALID_ARGUMENT);
    check_text("in.tif", "input");
    check_text("a.hdr", "input");
    ASSERT_OK(publish(output, "a2.hdr", &error));
    dg_file_set_free(in_use);
}
END_TEST

START_TEST(names_can_be_checked_before_the_work) {
    demgrad_error error;
    dg_publication *p;
    char *names[] = {"a.bin", "a.hdr", NULL};
    const dg_target output = describe("a.bin", false);
    ASSERT_OK(dg_publish_begin(&output, &p, &error));
    ASSERT_OK(dg_publish_check(p, names, &error));
    put(in_folder("a.hdr"), "mine");
    ASSERT_STATUS(dg_publish_check(p, names, &error), DEMGRAD_EXISTS);
    ck_assert_ptr_nonnull(strstr(error.message, "a.hdr"));
    dg_publish_discard(p);
    ck_assert_int_eq(folder_count(folder), 1);
}
END_TEST

/* A raster with that metadata item. */
static void put_raster(const char *path, const char *key) {
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName("GTiff"), path, 100, 100, 1, GDT_Float32, NULL);
    GDALSetMetadataItem(dataset, key, "0123", NULL);
    GDALClose(dataset);
}

START_TEST(a_batchs_own_is_replaced_and_nothing_else) {
    demgrad_error error;
    dg_target output = describe("a.tif", false);
    output.is_own = dg_output_is_batchs;
    put_raster(output.path, "DEMGRAD_VERSION");
    refuse(output, NULL, 1, DEMGRAD_EXISTS);
    put(output.path, "DEMGRAD_FINGERPRINT=0123, says a text\n");
    refuse(output, NULL, 1, DEMGRAD_EXISTS);
    put_raster(output.path, "DEMGRAD_FINGERPRINT");
    ASSERT_OK(publish(output, NULL, &error));
    check_text("a.tif", "new");
    refuse(output, NULL, 1, DEMGRAD_EXISTS);
    /* What a crash leaves. */
    static const char *const remnants[] = {"", "II*",
                                           "demgrad: this name is reserved for an output\n"};
    for (size_t i = 0; i < sizeof remnants / sizeof *remnants; i++) {
        put(output.path, remnants[i]);
        if (i == 1)
            ck_assert_int_eq(truncate(output.path, 4), 0);
        ASSERT_OK(publish(output, NULL, &error));
    }
    put_raster(output.path, "DEMGRAD_FINGERPRINT");
    ck_assert_int_eq(truncate(output.path, 600), 0);
    ASSERT_OK(publish(output, NULL, &error));
    put_raster(output.path, "FOREIGN");
    ck_assert_int_eq(truncate(output.path, 600), 0);
    refuse(output, NULL, 1, DEMGRAD_EXISTS);
}
END_TEST

START_TEST(what_is_no_file_is_not_replaced) {
    demgrad_error error;
    mkfifo(in_folder("fifo"), 0600);
    mkdir(in_folder("sub"), 0777);
    ck_assert_int_eq(symlink("nowhere", in_folder("dangling")) |
                         symlink("loop", in_folder("loop")) |
                         symlink("/dev/null", in_folder("null")) | symlink("sub", in_folder("to")),
                     0);
    static const char *const names[] = {"fifo", "sub", "sub/", "dangling", "loop", "null", "to"};
    for (int overwrite = 0; overwrite <= 1; overwrite++) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            dg_publication *p;
            const dg_target output = describe(names[i], overwrite);
            ASSERT_STATUS(dg_publish_begin(&output, &p, &error), DEMGRAD_WRITE_FAILED);
        }
    }
    ck_assert_int_eq(folder_count(folder), 6);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in_folder(names[i]));
}
END_TEST

START_TEST(names_that_cannot_be_are_told) {
    static const char *const virtual[] = {"/vsis3/b/x.tif", "/vsizip/x.zip/x.tif", "/vsistdout/",
                                          "/vsigzip/x.tif.gz"};
    demgrad_error error;
    dg_publication *p;
    dg_target output = {.path = ""};
    ASSERT_STATUS(dg_publish_begin(&output, &p, &error), DEMGRAD_INVALID_ARGUMENT);
    for (size_t i = 0; i < sizeof virtual / sizeof *virtual; i++) {
        output.path = virtual[i];
        ASSERT_STATUS(dg_publish_begin(&output, &p, &error), DEMGRAD_WRITE_FAILED);
        ck_assert_ptr_nonnull(strstr(error.message, "local files"));
    }
    char name[5000];
    memset(name, 'n', sizeof name);
    name[256] = '\0';
    output.path = name;
    ASSERT_STATUS(dg_publish_begin(&output, &p, &error), DEMGRAD_WRITE_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "256 bytes, and 255 are the most"));
    name[256] = 'n';
    for (int i = 100; i < 4999; i += 100)
        name[i] = '/';
    name[4999] = '\0';
    ASSERT_STATUS(dg_publish_begin(&output, &p, &error), DEMGRAD_WRITE_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "has 4999 bytes, and the system takes paths of"));
}
END_TEST

START_TEST(the_longest_name_has_room) {
    demgrad_error error;
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    ASSERT_OK(publish(describe(name, false), NULL, &error));
    check_text(name, "new");
}
END_TEST

/* The temporary folder of a publication. */
static char *place_of(const dg_publication *p) {
    char *new_folder = dg_path_folder(dg_publication_temporary(p));
    char *place = dg_path_folder(new_folder);
    free(new_folder);
    return place;
}

/* Publishes an output, or discards it, and leaves more in its temporary folder than it should; the folder. */
static char *leave_behind(dg_target output, bool is_kept) {
    demgrad_error error;
    dg_publication *p;
    ASSERT_OK(dg_publish_begin(&output, &p, &error));
    put(dg_publication_temporary(p), "new");
    char *place = place_of(p), *stage = dg_path_join(place, "raw"),
         *left = dg_path_join(stage, "left");
    ck_assert_int_eq(mkdir(stage, 0700), 0);
    put(left, "left");
    free(left);
    free(stage);
    if (is_kept)
        ASSERT_OK(dg_publish(p, &error));
    else
        dg_publish_discard(p);
    return place;
}

START_TEST(a_temporary_folder_goes_from_output_to_output) {
    dg_target output = describe("a.tif", true);
    output.places = dg_places_new();
    char *first = leave_behind(output, false);
    for (int i = 0; i < 4; i++) {
        char *next = leave_behind(output, i != 2); /* also one that replaces another */
        ck_assert_str_eq(next, first);
        ck_assert_int_eq(folder_count(first), 2); /* lock and new */
        char *new_folder = dg_path_join(first, "new");
        ck_assert_int_eq(folder_count(new_folder), 0);
        free(new_folder);
        free(next);
    }
    ck_assert_int_eq(folder_count(folder), 2);
    dg_places_free(output.places);
    ck_assert_int_eq(folder_count(folder), 1);
    free(first);
}
END_TEST

/* Two at once have one each; another folder's is none for it; and one that is gone is made anew. */
START_TEST(a_temporary_folder_is_one_outputs_at_a_time) {
    demgrad_error error;
    dg_publication *one, *other;
    dg_target output = describe("a.tif", true), apart = describe("sub/a.tif", true);
    char *path = strdup(apart.path);
    apart.path = path;
    output.places = apart.places = dg_places_new();
    ck_assert_int_eq(mkdir(in_folder("sub"), 0700), 0);
    ASSERT_OK(dg_publish_begin(&output, &one, &error));
    ASSERT_OK(dg_publish_begin(&output, &other, &error));
    ck_assert_str_ne(dg_publication_temporary(one), dg_publication_temporary(other));
    ck_assert_int_eq(folder_count(folder), 3);
    dg_publish_discard(one);
    dg_publish_discard(other);
    free(leave_behind(apart, true));
    ck_assert_int_eq(folder_count(in_folder("sub")), 2);
    ck_assert_int_eq(rename(in_folder("sub"), in_folder("moved")) | mkdir(in_folder("sub"), 0700),
                     0);
    free(leave_behind(apart, true));
    ck_assert_int_eq(folder_count(in_folder("sub")), 2);
    ck_assert_int_eq(folder_count(in_folder("moved")), 1);
    dg_places_free(output.places);
    ck_assert_int_eq(folder_count(in_folder("sub")), 1);
    ck_assert_int_eq(folder_count(folder), 2);
    free(path);
}
END_TEST

/* It may say so of a folder that is large, or cannot be read. */
START_TEST(a_folder_tells_of_more_files_of_a_stem) {
    char *own[] = {"out.tif", "out.tfw", NULL};
    const char *const others[] = {"outer.tif", "ou", "out_2.tfw"}, *const more[] = {
                                                                       "out", "out.aux",
                                                                       "out.tif.ovr", "OUT.TFW"};
    for (int i = 0; own[i]; i++)
        put(in_folder(own[i]), "own");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        put(in_folder(others[i]), "another's");
    ck_assert(!dg_folder_may_have_more(folder, "out", own));
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        put(in_folder(more[i]), "another's");
        ck_assert_msg(dg_folder_may_have_more(folder, "out", own), "%s", more[i]);
        ck_assert_int_eq(unlink(in_folder(more[i])), 0);
    }
    ck_assert(dg_folder_may_have_more(in_folder("none"), "out", own));
    ck_assert(dg_folder_may_have_more("/vsimem/publish", "out", own));
}
END_TEST

int main(void) {
    GDALAllRegister();
    Suite *suite = suite_create("publish");
    TCase *names = tcase_create("names");
    tcase_add_checked_fixture(names, setup, teardown);
    const TTest *const everywhere[] = {
        an_output_and_its_side_file_appear, nothing_is_replaced_without_being_asked,
        all_is_replaced_when_asked,         only_the_parts_of_what_is_replaced_go,
        what_is_in_use_is_never_replaced,   NULL};
    for (int i = 0; everywhere[i]; i++)
        tcase_add_loop_test(names, everywhere[i], 0, 2); /* on the disk, in memory */
    tcase_add_loop_test(names, a_failure_leaves_the_old_set, 0, 4);
    const TTest *const once[] = {what_is_removed_but_open_is_no_side_file,
                                 what_appears_at_the_last_moment_stays,
                                 names_can_be_checked_before_the_work,
                                 a_batchs_own_is_replaced_and_nothing_else,
                                 what_is_no_file_is_not_replaced,
                                 names_that_cannot_be_are_told,
                                 the_longest_name_has_room,
                                 a_temporary_folder_goes_from_output_to_output,
                                 a_temporary_folder_is_one_outputs_at_a_time,
                                 a_folder_tells_of_more_files_of_a_stem,
                                 NULL};
    for (int i = 0; once[i]; i++)
        tcase_add_test(names, once[i]);
    suite_add_tcase(suite, names);
    return unit_run(suite);
}
