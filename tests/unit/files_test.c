/* Paths of every length; sets of files; names that are given without replacing anything; temporary
 * folders, and what becomes of those that dead runs left. */
#include "file_set.h"
#include "memory.h"
#include "path.h"
#include "place.h"
#include "unit.h"
#include "workplace.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the linker's --wrap makes of these calls: the errno with which the file system refuses them. */
static int refuse_rename, refuse_link, refuse_flock;
static void (*before_rename)(void);

int __real_renameat2(int from_folder, const char *from, int to_folder, const char *to,
                     unsigned flags);
int __wrap_renameat2(int from_folder, const char *from, int to_folder, const char *to,
                     unsigned flags);
int __wrap_renameat2(int from_folder, const char *from, int to_folder, const char *to,
                     unsigned flags) {
    if (before_rename)
        before_rename();
    errno = refuse_rename;
    return refuse_rename ? -1 : __real_renameat2(from_folder, from, to_folder, to, flags);
}

int __real_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to) {
    errno = refuse_link;
    return refuse_link ? -1 : __real_link(from, to);
}

int __real_flock(int file, int operation);
int __wrap_flock(int file, int operation);
int __wrap_flock(int file, int operation) {
    errno = refuse_flock;
    return refuse_flock ? -1 : __real_flock(file, operation);
}

/* As exFAT over FUSE: names in capitals lead to the same, and each way to write one has a number. */
static bool is_caseless;

static void make_small(char *name) {
    for (; *name; name++)
        *name = (char)tolower((unsigned char)*name);
}

int __wrap_stat64(const char *path, struct stat *found);
int __wrap_stat64(const char *path, struct stat *found) {
    char *small = strdup(path);
    ck_assert_ptr_nonnull(small);
    if (is_caseless)
        make_small(small);
    const int result = fstatat(AT_FDCWD, small, found, 0);
    free(small);
    for (const char *c = path; *c && is_caseless && result == 0; c++)
        found->st_ino = found->st_ino * 31 + (unsigned char)*c;
    return result;
}

static char folder[] = "/tmp/demgrad-files-XXXXXX";

static void setup(void) {
    refuse_rename = refuse_link = refuse_flock = 0;
    before_rename = NULL;
    is_caseless = false;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void teardown(void) {
    ck_assert_int_eq(chdir("/"), 0);
    char *command = dg_format(NULL, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
    free(command);
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
}

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
    fputs(text, file);
    fclose(file);
}

static void check_text(const char *path, const char *expected) {
    char text[64] = "";
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    ck_assert_uint_eq(length, strlen(expected));
    ck_assert_str_eq(text, expected);
}

static int count_names(const char *path) {
    DIR *names = opendir(path);
    ck_assert_ptr_nonnull(names);
    int count = -2; /* . and .. */
    while (readdir(names))
        count++;
    closedir(names);
    return count;
}

static void check_string(char *got, const char *expected) {
    ck_assert_str_eq(got, expected);
    free(got);
}

START_TEST(paths_fall_apart_and_together) {
    static const char *const cases[][4] = {/* path, folder, name, stem */
                                           {"a.tif", ".", "a.tif", "a"},
                                           {"/a.b.tif", "/", "a.b.tif", "a.b"},
                                           {"/x/y//a", "/x/y", "a", "a"},
                                           {"../.a", "..", ".a", ".a"},
                                           {"x\\y/.a.bin", "x\\y", ".a.bin", ".a"},
                                           {"x/", "x", "", ""},
                                           {"", ".", "", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_string(dg_path_folder(cases[i][0]), cases[i][1]);
        ck_assert_str_eq(dg_path_name(cases[i][0]), cases[i][2]);
        check_string(dg_path_stem(cases[i][0]), cases[i][3]);
    }
    check_string(dg_path_join("x", "a"), "x/a");
    check_string(dg_path_join("/", "a"), "/a");
    check_string(dg_path_join("x/", "a"), "x/a");
    check_string(dg_path_join("x", "/a"), "/a");
    check_string(dg_path_join("", "a"), "a");
    ck_assert(dg_path_is_virtual("/vsimem/a") && !dg_path_is_virtual("vsimem/a"));
}
END_TEST

START_TEST(paths_may_be_long) {
    char path[3 * PATH_MAX];
    memset(path, 'd', sizeof path);
    for (size_t i = 200; i < sizeof path; i += 200)
        path[i] = '/';
    strcpy(path + sizeof path - 10, "/name.tif");
    char *parent = dg_path_folder(path);
    ck_assert_uint_eq(strlen(parent), strlen(path) - 9);
    check_string(dg_path_join(parent, dg_path_name(path)), path);
    check_string(dg_path_target(path), path);
    free(parent);
}
END_TEST

START_TEST(links_are_followed_to_their_end) {
    put("real", "");
    mkdir("sub", 0777);
    ck_assert_int_eq(symlink("../real", "sub/one") | symlink("sub/one", "two") |
                         symlink("/nowhere/at all", "dangling") | symlink("loop", "loop"),
                     0);
    check_string(dg_path_target("two"), "sub/../real");
    check_string(dg_path_target("dangling"), "/nowhere/at all");
    check_string(dg_path_target("loop"), "loop");
    check_string(dg_path_target("real"), "real");
}
END_TEST

static const char *find(const dg_file_set *set, const char *path) {
    demgrad_error error;
    const char *label;
    ASSERT_OK(dg_file_set_find(set, path, &label, &error));
    return label;
}

START_TEST(files_are_known_whatever_leads_to_them) {
    dg_file_set *set = dg_file_set_new();
    put("a", "");
    put("b", "");
    mkdir("sub", 0777);
    put("sub/in", "");
    ck_assert_int_eq(link("a", "hard") | symlink("a", "soft") | symlink("sub", "folder") |
                         symlink("sub/later", "dangling"),
                     0);
    ck_assert(dg_file_set_add(set, "a", "the input"));
    ck_assert(dg_file_set_add(set, "gone", "nothing"));
    ck_assert(dg_file_set_add(set, "/vsimem/m", "memory"));
    ck_assert(dg_file_set_add_future(set, "dangling", "the report"));
    static const char *const same[] = {"a", "./a", "hard", "soft", "sub/../a", "folder/../hard"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        ck_assert_pstr_eq(find(set, same[i]), "the input");
    static const char *const later[] = {"sub/later", "folder/later", "dangling", "./sub//later"};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        ck_assert_pstr_eq(find(set, later[i]), "the report");
    static const char *const others[] = {"b", "gone", "later", "/vsimem/", "sub/in", "sub", ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_pstr_eq(find(set, others[i]), NULL);
    ck_assert_pstr_eq(find(set, "/vsimem/m"), "memory");
    ck_assert(dg_file_set_add(set, "sub", "a raster that is a folder"));
    ck_assert_pstr_eq(find(set, "folder/in"), "a raster that is a folder");
    ck_assert_pstr_eq(find(set, "sub/new"), NULL);
    put("sub/later", "");
    ck_assert_pstr_eq(find(set, "folder/later"), "the report");
    ck_assert(dg_file_set_has(set, "hard") && !dg_file_set_has(set, "sub/in"));
    dg_file_set_free(set);
}
END_TEST

START_TEST(files_are_known_in_capitals_too) {
    put("dem.tif", "heights");
    put("12.tif", "others");
    mkdir("sub", 0777);
    put("sub/1", "one");
    for (int i = 0; i < 2; i++) {
        is_caseless = i == 1;
        dg_file_set *set = dg_file_set_new();
        ck_assert(dg_file_set_add(set, "dem.tif", "the input"));
        ck_assert(dg_file_set_add(set, "sub/1", "another"));
        ck_assert_pstr_eq(find(set, "DEM.tif"), is_caseless ? "the input" : NULL);
        ck_assert_pstr_eq(find(set, "SUB/1"), is_caseless ? "another" : NULL);
        ck_assert_pstr_eq(find(set, "12.TIF"), NULL);
        ck_assert_pstr_eq(find(set, "12.tif"), NULL);
        dg_file_set_free(set);
    }
}
END_TEST

START_TEST(files_that_change_while_they_are_read_are_told) {
    demgrad_error error;
    put("a", "one");
    put("b", "two");
    put("other", "");
    dg_file_set *set = dg_file_set_new();
    ck_assert(dg_file_set_watch(set, "a", "the input") && dg_file_set_watch(set, "a", "twice"));
    ck_assert(dg_file_set_watch(set, "b", "another") && dg_file_set_watch(set, "none", "none"));
    ck_assert(dg_file_set_watch(set, ".", "a folder") && dg_file_set_add(set, "other", "no input"));
    ck_assert_pstr_eq(find(set, "a"), "the input");
    put("other", "longer");
    put("none", "");
    ck_assert_int_eq(link("a", "hard") | chmod("a", 0600) | unlink("b"), 0);
    ASSERT_OK(dg_file_set_check(set, &error));
    put("a", "longer");
    ASSERT_STATUS(dg_file_set_check(set, &error), DEMGRAD_READ_FAILED);
    ck_assert_str_eq(error.message, "a: was changed while it was read; run again when it is whole");
    dg_file_set_free(set);
}
END_TEST

/* Elsewhere what looks alike is another: a copy with all its times. */
START_TEST(copies_are_other_files) {
    struct stat found;
    put("dem.tif", "heights");
    put("copy.tif", "heights");
    ck_assert_int_eq(stat("dem.tif", &found), 0);
    const struct timespec times[] = {found.st_mtim, found.st_mtim};
    ck_assert_int_eq(utimensat(AT_FDCWD, "copy.tif", times, 0), 0);
    dg_file_set *set = dg_file_set_new();
    ck_assert(dg_file_set_add(set, "dem.tif", "the input"));
    ck_assert_pstr_eq(find(set, "copy.tif"), NULL);
    dg_file_set_free(set);
}
END_TEST

/* The file systems that there are: all; no such rename (NFS); no hard links either (FAT by FUSE). */
static const int REFUSALS[][2] = {{0, 0}, {EINVAL, 0}, {ENOSYS, EPERM}, {EINVAL, EOPNOTSUPP}};

static void refuse(int i) {
    refuse_rename = REFUSALS[i][0];
    refuse_link = REFUSALS[i][1];
}

START_TEST(names_are_given_but_never_taken) {
    refuse(_i);
    put("from", "new");
    ck_assert_int_eq(dg_place_new("from", "to"), 0);
    check_text("to", "new");
    ck_assert_int_ne(access("from", F_OK), 0);
    put("from", "newer");
    ck_assert_int_eq(dg_place_new("from", "to"), EEXIST);
    ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
    ck_assert_int_eq(dg_place_new("from", "dangling"), EEXIST);
    mkdir("full", 0777);
    put("full/a", "");
    ck_assert_int_eq(dg_place_new("from", "full"), EEXIST);
    check_text("to", "new");
    check_text("from", "newer");
    ck_assert_int_eq(dg_place_new("gone", "there"), ENOENT);
    ck_assert_int_ne(dg_place_new("from", "no/where"), 0);
    ck_assert_int_eq(count_names("."), 4);
}
END_TEST

START_TEST(folders_get_names_too) {
    refuse(_i);
    mkdir("from", 0777);
    put("from/a", "1");
    ck_assert_int_eq(dg_place_new("from", "to"), 0);
    check_text("to/a", "1");
    mkdir("from", 0777);
    put("file", "");
    ck_assert_int_eq(dg_place_new("from", "to"), EEXIST);
    ck_assert_int_eq(dg_place_new("from", "file"), EEXIST);
    check_text("to/a", "1");
}
END_TEST

static void appear(void) {
    put("to", "another's");
}

START_TEST(what_appears_at_the_last_moment_stays) {
    refuse(_i);
    before_rename = appear;
    put("from", "new");
    ck_assert_int_eq(dg_place_new("from", "to"), EEXIST);
    check_text("to", "another's");
    check_text("from", "new");
}
END_TEST

START_TEST(reservations_are_recognised) {
    put("reserved", "demgrad: this name is reserved for an output\n");
    put("other", "demgrad: this name is reserved for an output\n2");
    put("empty", "");
    mkfifo("fifo", 0600);
    ck_assert(dg_place_is_reserved("reserved"));
    ck_assert(!dg_place_is_reserved("other") && !dg_place_is_reserved("empty") &&
              !dg_place_is_reserved("gone") && !dg_place_is_reserved("fifo"));
}
END_TEST

static dg_workplace make(const char *output) {
    dg_workplace place;
    demgrad_error error;
    char *parent = dg_path_folder(output);
    ASSERT_OK(dg_workplace_make(parent, output, &place, &error));
    free(parent);
    return place;
}

/* Makes a folder with something in it, in a process that is then killed; its name. */
static char *leave_stray(void) {
    int pipes[2];
    char name[32];
    ck_assert_int_eq(pipe(pipes), 0);
    const pid_t child = fork();
    if (child == 0) {
        const dg_workplace place = make("out.tif");
        char *path = dg_path_join(place.path, "new/out.tif");
        put(path, "some");
        if (write(pipes[1], place.name, sizeof name) == sizeof name)
            pause();
        _exit(1);
    }
    ck_assert_int_eq(read(pipes[0], name, sizeof name), sizeof name);
    dg_workplace_clean(".");
    ck_assert_msg(access(name, F_OK) == 0, "the folder of a living process was removed");
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    close(pipes[0]);
    close(pipes[1]);
    return strdup(name);
}

START_TEST(temporary_folders_come_and_go) {
    dg_workplace first = make("out.tif"), second = make("out.tif");
    ck_assert_str_ne(first.name, second.name);
    ck_assert_int_eq(count_names("."), 2);
    char *inner = dg_path_join(first.path, "new/a");
    mkdir(inner, 0777);
    free(inner);
    inner = dg_path_join(first.path, "new/a/b");
    put(inner, "");
    free(inner);
    dg_workplace_remove(&first);
    dg_workplace_remove(&first);
    dg_workplace_remove(&second);
    ck_assert_int_eq(count_names("."), 0);
}
END_TEST

START_TEST(folders_of_the_dead_go) {
    free(leave_stray());
    dg_workplace alive = make("out.tif");
    ck_assert_int_eq(count_names("."), 2);
    dg_workplace_clean(".");
    ck_assert_int_eq(count_names("."), 1);
    ck_assert_int_eq(access(alive.name, F_OK), 0);
    dg_workplace_remove(&alive);
    dg_workplace_clean("gone");
}
END_TEST

START_TEST(cleaning_follows_no_link) {
    mkdir("victim", 0777);
    put("victim/a", "precious");
    char *stray = leave_stray();
    char *link = dg_path_join(stray, "new/link"), *copy = dg_path_join(stray, "lock");
    ck_assert_int_eq(symlink("../../victim", link), 0);
    /* Made by others, with what can be copied from a folder of demgrad's. */
    mkdir("other", 0777);
    rename(copy, "other/lock");
    ck_assert_int_eq(symlink("../victim", "other/x") | symlink("other/lock", copy) |
                         symlink("victim", ".demgrad-0123456789abcdef"),
                     0);
    dg_workplace_clean(".");
    ck_assert_int_eq(count_names("."), 4); /* no lock of its own: it stays */
    unlink(copy);
    rename("other/lock", copy);
    dg_workplace_clean(".");
    ck_assert_int_eq(count_names("."), 3);
    check_text("victim/a", "precious");
    free(link);
    free(copy);
    free(stray);
}
END_TEST

START_TEST(what_demgrad_did_not_make_stays) {
    static const char *const names[] = {".demgrad-notes",
                                        ".demgrad-0123456789abcde",
                                        ".demgrad-0123456789abcdeg",
                                        ".demgrad-0123456789abcdef1",
                                        ".demgrad-0123456789abcdef",
                                        ".demgrad-fedcba9876543210"};
    enum { COUNT = sizeof names / sizeof *names };
    for (int i = 0; i < COUNT; i++) {
        mkdir(names[i], 0700);
        char *file = dg_path_join(names[i], i + 1 < COUNT ? "lock" : "note");
        put(file, "mine");
        free(file);
    }
    put(".demgrad-1111111111111111", "");
    dg_workplace_clean(".");
    ck_assert_int_eq(count_names("."), COUNT + 1);
    for (int i = 0; i < COUNT; i++)
        ck_assert_int_eq(count_names(names[i]), 1);
}
END_TEST

/* Killed between its first steps: an empty folder, or an empty lock file in it. */
START_TEST(folders_of_those_killed_at_once_go) {
    mkdir(".demgrad-0123456789abcdef", 0700);
    mkdir(".demgrad-fedcba9876543210", 0700);
    put(".demgrad-fedcba9876543210/lock", "");
    dg_workplace_clean(".");
    ck_assert_int_eq(count_names("."), 0);
}
END_TEST

/* Without locks nobody knows who lives. */
START_TEST(where_there_are_no_locks_folders_stay) {
    refuse_flock = ENOLCK;
    dg_workplace place = make("out.tif");
    dg_workplace_clean(".");
    ck_assert_int_eq(count_names("."), 1);
    dg_workplace_remove(&place);
    ck_assert_int_eq(count_names("."), 0);
    free(leave_stray());
    dg_workplace_clean(".");
    ck_assert_int_eq(count_names("."), 1);
}
END_TEST

/* As deep as a folder can be: the temporary one in it could not be named from the root. */
START_TEST(deep_folders_are_no_obstacle) {
    char path[PATH_MAX];
    size_t length = strlen(folder);
    strcpy(path, folder);
    while (length + 9 < PATH_MAX - 1) {
        const size_t step = PATH_MAX - 10 - length < 200 ? PATH_MAX - 10 - length : 200;
        path[length] = '/';
        memset(path + length + 1, 'd', step);
        path[length += step + 1] = '\0';
        if (step == 1 || mkdir(path, 0777) != 0)
            break;
    }
    char *output = dg_format(NULL, "%s/out.tif", path);
    ck_assert_uint_le(strlen(output), PATH_MAX - 1);
    ck_assert_uint_ge(strlen(output), PATH_MAX - 12);
    dg_workplace place = make(output);
    ck_assert_uint_lt(strlen(place.path), 64);
    char *inner = dg_path_join(place.path, "new/out.tif");
    put(inner, "deep");
    ck_assert_int_eq(dg_place_new(inner, output), 0);
    check_text(output, "deep");
    dg_workplace_remove(&place);
    ck_assert_int_eq(count_names(path), 1);
    free(inner);
    free(output);
}
END_TEST

START_TEST(folders_that_cannot_be_made_are_told) {
    dg_workplace place;
    demgrad_error error;
    ASSERT_STATUS(dg_workplace_make("gone", "gone/out.tif", &place, &error), DEMGRAD_WRITE_FAILED);
    ck_assert_str_eq(error.message, "gone/out.tif: cannot be written: No such file or directory");
    dg_workplace_remove(&place);
}
END_TEST

int main(void) {
    const TTest *const all[] = {paths_fall_apart_and_together,
                                paths_may_be_long,
                                links_are_followed_to_their_end,
                                files_are_known_whatever_leads_to_them,
                                files_are_known_in_capitals_too,
                                copies_are_other_files,
                                files_that_change_while_they_are_read_are_told,
                                reservations_are_recognised,
                                temporary_folders_come_and_go,
                                folders_of_the_dead_go,
                                cleaning_follows_no_link,
                                what_demgrad_did_not_make_stays,
                                folders_of_those_killed_at_once_go,
                                where_there_are_no_locks_folders_stay,
                                deep_folders_are_no_obstacle,
                                folders_that_cannot_be_made_are_told,
                                NULL};
    Suite *suite = suite_create("files");
    TCase *files = tcase_create("files");
    tcase_add_checked_fixture(files, setup, teardown);
    for (int i = 0; all[i]; i++)
        tcase_add_test(files, all[i]);
    const int refusals = sizeof REFUSALS / sizeof *REFUSALS;
    tcase_add_loop_test(files, names_are_given_but_never_taken, 0, refusals);
    tcase_add_loop_test(files, folders_get_names_too, 0, refusals);
    tcase_add_loop_test(files, what_appears_at_the_last_moment_stays, 0, refusals);
    suite_add_tcase(suite, files);
    return unit_run(suite);
}
