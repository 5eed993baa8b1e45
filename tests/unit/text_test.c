/* Texts of any bytes become one line of UTF-8 that does nothing to a terminal; what a word may have meant;
 * numbers. */
#include "fail.h"
#include "suggest.h"
#include "text.h"
#include "unit.h"

#include <locale.h>
#include <math.h>
#include <string.h>

static void check_clean(const char *text, const char *expected) {
    char clean[256];
    dg_text_clean(clean, sizeof clean, text);
    ck_assert_str_eq(clean, expected);
    dg_text_clean(clean, sizeof clean, expected);
    ck_assert_msg(strcmp(clean, expected) == 0, "a second time changes %s", expected);
}

START_TEST(what_steers_is_escaped) {
    check_clean("", "");
    check_clean("plain \xc3\xbc \xe2\x82\xac \xf0\x9f\x97\xba ~",
                "plain \xc3\xbc \xe2\x82\xac \xf0\x9f\x97\xba ~");
    check_clean("a\nb\rc\td", "a\\nb\\rc\\td");
    check_clean("\x1b[31m\x07\x7f", "\\x1b[31m\\x07\\x7f");
    check_clean("\xc2\x9b"
                "31m",
                "\\u009b31m"); /* C1 CSI */
    check_clean("a\xe2\x80\xae"
                "fit.\xe2\x81\xa6",
                "a\\u202efit.\\u2066");                                       /* direction */
    check_clean("\xe2\x80\xa8\xe2\x80\xa9\xd8\x9c", "\\u2028\\u2029\\u061c"); /* lines */
    check_clean("C:\\n", "C:\\n");
}
END_TEST

/* The ill-formed sequences of the Unicode standard, chapter 3.9. */
START_TEST(what_is_no_utf8_is_escaped) {
    check_clean("b\xff.tif", "b\\xff.tif");
    check_clean("\xc3", "\\xc3");
    check_clean("\xc3(", "\\xc3(");
    check_clean("\xe2\x82", "\\xe2\\x82");
    check_clean("\xc0\xaf\xe0\x9f\x80", "\\xc0\\xaf\\xe0\\x9f\\x80"); /* longer than need be */
    check_clean("\xed\xa0\x80", "\\xed\\xa0\\x80");                   /* a surrogate */
    check_clean("\xf4\x90\x80\x80\xf8", "\\xf4\\x90\\x80\\x80\\xf8"); /* beyond the last */
    check_clean("\x9b"
                "31m",
                "\\x9b"
                "31m"); /* C1 of Latin 1 */
}
END_TEST

START_TEST(what_does_not_fit_is_cut_between_characters) {
    char clean[6];
    dg_text_clean(clean, sizeof clean, "abcd\xe2\x82\xac");
    ck_assert_str_eq(clean, "abcd");
    dg_text_clean(clean, sizeof clean, "abc\x1b");
    ck_assert_str_eq(clean, "abc");
    dg_text_clean(clean, sizeof clean, "abcdefg");
    ck_assert_str_eq(clean, "abcde");
}
END_TEST

static bool is_utf8(const char *text) {
    for (size_t n; *text; text += n) {
        if (dg_text_character(text, &n) == DG_NO_CHARACTER)
            return false;
    }
    return true;
}

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with) {
    const size_t n = strlen(text), m = strlen(with);
    return n >= m && strcmp(text + n - m, with) == 0;
}

/* A path of `size` bytes: /a/a/... or, of two bytes each, /ü/ü/... */
static void make_path(char *path, size_t size, const char *letter) {
    path[0] = '\0';
    while (strlen(path) + 1 + strlen(letter) <= size)
        strcat(strcat(path, "/"), letter);
}

START_TEST(long_paths_lose_their_middle_and_not_what_is_said) {
    static char path[20000], other[20000];
    demgrad_error error;
    make_path(path, 4095, "a");
    dg_fail(&error, DEMGRAD_READ_FAILED, "%s: is gone", path);
    ck_assert_uint_eq(strlen(error.message), 4094 + strlen(": is gone"));
    for (size_t size = 8000; size < 16000; size += 37) {
        make_path(path, size, "\xc3\xbc");
        make_path(other, 4000, "b");
        dg_fail(&error, DEMGRAD_READ_FAILED, "%s: is not on the grid of %s; move it", path, other);
        ck_assert_msg(is_utf8(error.message), "%zu: no UTF-8", size);
        ck_assert_uint_gt(strlen(error.message), DEMGRAD_MESSAGE_SIZE - 8);
        ck_assert_msg(begins(error.message, "/\xc3\xbc/"), "%s", error.message);
        ck_assert_msg(ends(error.message, "/b; move it"), "%s", error.message);
    }
    memset(other, ' ', sizeof other - 1);
    dg_fail(&error, DEMGRAD_READ_FAILED, "x%sx", other);
    ck_assert_msg(ends(error.message, "..."), "%s", error.message);
    ck_assert_uint_eq(strlen(error.message), DEMGRAD_MESSAGE_SIZE - 1);
}
END_TEST

static bool has_control(const char *text) {
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return true;
    }
    return false;
}

START_TEST(any_bytes_become_one_line) {
    unit_random_start(15);
    for (int i = 0; i < 20000; i++) {
        char bytes[64];
        demgrad_error error;
        for (size_t j = 0; j < sizeof bytes - 1; j++)
            bytes[j] = (char)(1 + unit_random_below(255));
        bytes[sizeof bytes - 1] = '\0';
        dg_fail(&error, DEMGRAD_READ_FAILED, "%s", bytes);
        ck_assert_msg(is_utf8(error.message) && !has_control(error.message), "%d: %s", i,
                      error.message);
    }
}
END_TEST

static const char *a_format(size_t index, void *user) {
    static const char *const words[] = {"GTI", "GTiff", "GRIB", "COG", NULL};
    (void)user;
    return words[index];
}

START_TEST(the_nearest_word_is_meant) {
    ck_assert_str_eq(dg_suggest("GTif", a_format, NULL), "GTiff"); /* GTI is as near */
    ck_assert_str_eq(dg_suggest("gti", a_format, NULL), "GTI");
    ck_assert_str_eq(dg_suggest("GIRB", a_format, NULL), "GRIB");
    ck_assert_str_eq(dg_suggest("cogg", a_format, NULL), "COG");
    ck_assert_ptr_null(dg_suggest("netCDF", a_format, NULL));
}
END_TEST

START_TEST(numbers_have_a_point_in_any_locale) {
    static const char *const locales[] = {"C", "de_DE.UTF-8", "fr_FR.UTF-8", "ps_AF.UTF-8"};
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        char text[32];
        setlocale(LC_NUMERIC,
                  locales[i]); /* where there is none of that name, the last one stays */
        dg_text_number(text, sizeof text, -0.1, 6, false);
        ck_assert_str_eq(text, "-0.1");
        dg_text_number(text, sizeof text, (double)0.1F, 6, true);
        ck_assert_str_eq(text, "0.1");
        dg_text_number(text, sizeof text, (double)0.1F, 6, false);
        ck_assert_str_eq(text, "0.10000000149011612");
        dg_text_number(text, sizeof text, 1.0 / 3, 6, false);
        ck_assert_str_eq(text, "0.3333333333333333");
        dg_text_number(text, sizeof text, 1e6, 6, false);
        ck_assert_str_eq(text, "1e+06");
        dg_text_number(text, sizeof text, 1e6, 15, false);
        ck_assert_str_eq(text, "1000000");
        dg_text_number(text, sizeof text, -(double)INFINITY, 6, false);
        ck_assert_str_eq(text, "-inf");
        dg_text_number(text, sizeof text, -(double)NAN, 6, false);
        ck_assert_str_eq(text, "nan");
    }
    setlocale(LC_NUMERIC, "C");
}
END_TEST

int main(void) {
    unit_seed();
    Suite *suite = suite_create("text");
    TCase *texts = tcase_create("texts");
    tcase_add_test(texts, what_steers_is_escaped);
    tcase_add_test(texts, what_is_no_utf8_is_escaped);
    tcase_add_test(texts, what_does_not_fit_is_cut_between_characters);
    tcase_add_test(texts, long_paths_lose_their_middle_and_not_what_is_said);
    tcase_add_test(texts, any_bytes_become_one_line);
    tcase_add_test(texts, the_nearest_word_is_meant);
    tcase_add_test(texts, numbers_have_a_point_in_any_locale);
    suite_add_tcase(suite, texts);
    return unit_run(suite);
}
