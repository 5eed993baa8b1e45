/* Names that a folder takes for one: the same, and those that differ by capitals where it has none. */
#include "memory.h"
#include "twins.h"
#include "unit.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* What the linker's --wrap makes of these calls: a file system without capitals. */
static bool is_caseless;

static const char *small(const char *path) {
    static char name[4096];
    snprintf(name, sizeof name, "%s", path);
    for (char *c = strrchr(name, '/'); c && *c && is_caseless; c++)
        *c = (char)tolower((unsigned char)*c);
    return name;
}

int __real_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, mode_t mode) {
    return __real_open64(flags & O_CREAT ? small(path) : path, flags, mode);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path) {
    return __real_unlink(small(path));
}

int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode) {
    return __real_access(small(path), mode);
}

static char folder[] = "/tmp/demgrad-twins-XXXXXX";

static void setup(void) {
    is_caseless = false;
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void) {
    ck_assert_int_eq(rmdir(folder), 0); /* nothing is left in it */
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
}

enum { MOST = 8 };

static bool find(const char *const *names, size_t count, size_t pair[2]) {
    char *paths[MOST];
    bool found;
    for (size_t i = 0; i < count; i++)
        paths[i] = dg_format(NULL, "%s/%s", folder, names[i]);
    ck_assert_int_eq(dg_twins_find((const char *const *)paths, count, pair, &found, NULL),
                     DEMGRAD_OK);
    ck_assert_int_ge(fcntl(STDIN_FILENO, F_GETFD), 0); /* the program's own stays open */
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    return found;
}

static void check(const char *const *names, size_t count, size_t first, size_t second) {
    size_t pair[2];
    ck_assert(find(names, count, pair));
    ck_assert_uint_eq(pair[0], first);
    ck_assert_uint_eq(pair[1], second);
}

START_TEST(the_same_name_is_found) {
    static const char *const names[] = {"c.tif", "a.tif", "b.tif", "a.tif"};
    check(names, 4, 1, 3);
}
END_TEST

START_TEST(capitals_count_where_the_folder_has_them) {
    static const char *const names[] = {"B.tif", "Ab.tif", "c.tif", "aB.tif", "ab.TIF", "b.tif"};
    size_t pair[2];
    ck_assert(!find(names, 6, pair));
    is_caseless = true;
    check(names, 6, 1, 3);
}
END_TEST

/* Letters of other scripts are tried where they stand in the same places. */
START_TEST(other_letters_are_tried) {
    static const char *const names[] = {"\xc3\xa4.tif", "\xc3\xb6.tif", "\xc3\xa4.TIF", "x.tif"};
    size_t pair[2];
    ck_assert(!find(names, 4, pair));
    is_caseless = true;
    check(names, 4, 0, 2);
}
END_TEST

START_TEST(a_folder_that_is_not_there_yet_is_as_its_parent) {
    static const char *const names[] = {"sub/sub/a.tif", "sub/sub/A.tif"};
    size_t pair[2];
    ck_assert(!find(names, 2, pair));
    is_caseless = true;
    check(names, 2, 0, 1);
}
END_TEST

START_TEST(a_folder_of_others_is_not_tried) {
    static const char *const names[] = {"/proc/a.tif", "/proc/A.tif"};
    size_t pair[2];
    bool found;
    is_caseless = true;
    ck_assert_int_eq(dg_twins_find(names, 2, pair, &found, NULL), DEMGRAD_OK);
    ck_assert(!found);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("twins");
    TCase *names = tcase_create("names");
    tcase_add_checked_fixture(names, setup, teardown);
    tcase_add_test(names, the_same_name_is_found);
    tcase_add_test(names, capitals_count_where_the_folder_has_them);
    tcase_add_test(names, other_letters_are_tried);
    tcase_add_test(names, a_folder_that_is_not_there_yet_is_as_its_parent);
    tcase_add_test(names, a_folder_of_others_is_not_tried);
    suite_add_tcase(suite, names);
    return unit_run(suite);
}
