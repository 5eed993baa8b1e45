#include "text_grid.h"

#include "text_words.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* GRASS writes degrees and minutes, such as 46:30N, and may have all values multiplied. Headers of raw bands
 * (EHdr) begin as grids do, and have words as well. */
static bool is_understood(const char *key, const char *value) {
    static const char *const OF_WORDS[] = {"type:", "byteorder", "layout", "pixeltype"};
    for (size_t i = 0; i < sizeof OF_WORDS / sizeof *OF_WORDS; i++) {
        if (EQUAL(key, OF_WORDS[i]))
            return true;
    }
    if (EQUAL(key, "multiplier:"))
        return CPLAtof(value) == 1;
    return dg_is_number(value, true);
}

typedef struct sizes {
    int64_t columns, rows;
} sizes;

static void take_size(const char *key, const char *value, sizes *s) {
    if (EQUAL(key, "ncols") || EQUAL(key, "cols:"))
        s->columns = strtoll(value, NULL, 10);
    if (EQUAL(key, "nrows") || EQUAL(key, "rows:"))
        s->rows = strtoll(value, NULL, 10);
}

/* Leaves the first word of the numbers. */
static demgrad_status check_header(dg_words *w, bool *has_word, sizes *s, demgrad_error *error) {
    char key[DG_WORD_SIZE];
    demgrad_status status = DEMGRAD_OK;
    *has_word = dg_next_word(w);
    while (*has_word && !status && isalpha((unsigned char)*w->word) &&
           !dg_is_number(w->word, true)) {
        strcpy(key, w->word);
        dg_next_rest(w);
        if (!is_understood(key, w->word))
            status = dg_fail_header_word(w, key, error);
        take_size(key, w->word, s);
        if (!status)
            *has_word = dg_next_word(w);
    }
    return status;
}

static demgrad_status check_grid(dg_words *w, demgrad_error *error) {
    sizes s = {0};
    int64_t count = 0;
    bool has_word;
    demgrad_status status = check_header(w, &has_word, &s, error);
    for (; has_word && !status; has_word = dg_next_word(w), count++) {
        if (!dg_is_number(w->word, true))
            status = dg_fail_word(w, error);
    }
    if (!status && s.rows > 0 && s.columns > 0 && count / s.columns >= s.rows &&
        count != s.rows * s.columns)
        status = dg_fail(error, DEMGRAD_READ_FAILED,
                         "%s: holds %lld numbers, and its header tells of %lld x %lld; one of them "
                         "is wrong",
                         w->path, (long long)count, (long long)s.columns, (long long)s.rows);
    return status;
}

/* Columns that GDAL takes x, y and z from, by their names or a name's beginning. */
static bool is_wanted(const char *name) {
    static const char *const NAMES[] = {"x", "y", "z", "height"};
    static const char *const BEGINNINGS[] = {"lon", "east", "lat", "north", "alt"};
    bool is = false;
    name += *name == '"';
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        is |= EQUALN(name, NAMES[i], strlen(NAMES[i])) && strlen(NAMES[i]) == strcspn(name, "\"");
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof *BEGINNINGS; i++)
        is |= STARTS_WITH_CI(name, BEGINNINGS[i]);
    return is;
}

typedef struct columns {
    uint64_t wanted; /* a bit for each whose words must be numbers */
    int count;       /* on the first line */
    bool has_commas; /* between them; else they are decimal ones */
} columns;

/* Those of the first line; the first three are wanted where no names say otherwise. */
static columns find_columns(dg_words *w, bool *has_word) {
    columns c = {0};
    int wanted = 0;
    for (*has_word = dg_next_word(w); *has_word && w->word_line == 0; *has_word = dg_next_word(w)) {
        const bool is = is_wanted(w->word) && c.count < 64;
        c.wanted |= (uint64_t)is << (c.count & 63);
        c.has_commas |= w->is_after_comma;
        c.count++;
        wanted += is;
    }
    if (wanted != 3)
        c.wanted = 7;
    return c;
}

static demgrad_status fail_line(const dg_words *w, demgrad_error *error) {
    return dg_fail(
        error, DEMGRAD_READ_FAILED,
        "%s: line %lld has more than the three numbers of the first, of which GDAL takes "
        "the first ones; write each number without blanks",
        w->path, (long long)w->word_line + 1);
}

/* Where there are but three columns a fourth word is a number's other half. */
static demgrad_status check_points(dg_words *w, demgrad_error *error) {
    bool has_word;
    const columns c = find_columns(w, &has_word);
    demgrad_status status = DEMGRAD_OK;
    int64_t line = -1;
    for (int column = 0; has_word && !status; has_word = dg_next_word(w)) {
        if (w->word_line != line)
            column = 0;
        else if (c.has_commas || !w->is_after_comma)
            column++;
        line = w->word_line;
        if (c.count == 3 && column == 3)
            status = fail_line(w, error);
        else if (column < 64 && c.wanted >> column & 1 && !dg_is_number(w->word, true))
            status = dg_fail_word(w, error);
    }
    return status;
}

static demgrad_status check_words(const char *path, VSILFILE *file, const char *separators,
                                  demgrad_status (*check)(dg_words *, demgrad_error *),
                                  demgrad_error *error) {
    dg_words w;
    demgrad_status status = dg_words_begin(&w, path, file, separators, error);
    if (!status)
        status = check(&w, error);
    dg_words_end(&w);
    return status;
}

demgrad_status dg_check_text_grid(const char *path, const char *head, VSILFILE *file,
                                  demgrad_error *error) {
    static const char *const KEYS[] = {
        "ncols",  "nrows",  "xllcorner", "yllcorner", "xllcenter", "yllcenter", "cellsize",
        "north:", "south:", "east:",     "west:",     "rows:",     "cols:"};
    bool is_grid = false;
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        is_grid |= STARTS_WITH_CI(head, KEYS[i]) && head[strlen(KEYS[i])] <= ' ';
    return is_grid ? check_words(path, file, "", check_grid, error) : DEMGRAD_OK;
}

demgrad_status dg_check_text_points(const char *path, VSILFILE *file, demgrad_error *error) {
    return check_words(path, file, ",;", check_points, error);
}
