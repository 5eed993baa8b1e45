#include "text_grid.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 512, BUFFER_SIZE = 1 << 16 };

/* The words of a file, one after the other. */
typedef struct words {
    const char *path;
    VSILFILE *file;
    const char *separators; /* beside blanks */
    unsigned char *buffer;
    size_t count, at;
    int64_t line, word_line; /* where reading is; where the word is */
    bool ends_at_comma;      /* what was read last is one */
    bool is_after_comma;     /* the word is */
    char word[WORD_SIZE];
} words;

static int next_byte(words *w) {
    if (w->at == w->count) {
        w->count = VSIFReadL(w->buffer, 1, BUFFER_SIZE, w->file);
        w->at = 0;
    }
    return w->at < w->count ? w->buffer[w->at++] : EOF;
}

static bool separates(const words *w, int byte) {
    return byte <= ' ' || strchr(w->separators, byte);
}

/* Of a word that is too long only the beginning is kept. */
static bool next_word(words *w) {
    size_t length = 0;
    int byte = next_byte(w);
    w->is_after_comma = w->ends_at_comma;
    for (; byte != EOF && separates(w, byte); byte = next_byte(w)) {
        w->line += byte == '\n';
        w->is_after_comma |= byte == ',';
    }
    w->word_line = w->line;
    for (; byte != EOF && !separates(w, byte); byte = next_byte(w)) {
        if (length < WORD_SIZE - 1)
            w->word[length++] = (char)byte;
    }
    w->ends_at_comma = byte == ',';
    w->line += byte == '\n';
    w->word[length] = '\0';
    return length > 0;
}

/* The rest of a line, without its blanks. */
static void next_rest(words *w) {
    size_t length = 0;
    if (w->line == w->word_line) {
        for (int byte = next_byte(w); byte != EOF; byte = next_byte(w)) {
            if (byte == '\n') {
                w->line++;
                break;
            }
            if (byte > ' ' && length < WORD_SIZE - 1)
                w->word[length++] = (char)byte;
        }
    }
    w->word[length] = '\0';
}

static const char *skip_digits(const char *c) {
    while (*c >= '0' && *c <= '9')
        c++;
    return c;
}

/* What CPLStrtod reads as a whole; a decimal comma too. */
static bool is_number(const char *word) {
    const char *c = word + (*word == '-' || *word == '+');
    if (STARTS_WITH_CI(c, "nan") || STARTS_WITH_CI(c, "inf") || STARTS_WITH(c, "1.#"))
        return true;
    const char *whole = c;
    c = skip_digits(c);
    int64_t digits = c - whole;
    if (*c == '.' || *c == ',') {
        const char *fraction = c + 1;
        c = skip_digits(fraction);
        digits += c - fraction;
    }
    if (digits > 0 && (*c == 'e' || *c == 'E')) {
        c += 1 + (c[1] == '-' || c[1] == '+');
        const char *exponent = c;
        c = skip_digits(exponent);
        digits = c - exponent;
    }
    return digits > 0 && *c == '\0';
}

static demgrad_status fail_word(const words *w, demgrad_error *error) {
    return dg_fail(
        error, DEMGRAD_READ_FAILED,
        "%s: line %lld has \"%.40s\" where a number belongs, which GDAL takes for another; "
        "write a number there, such as the nodata value%s",
        w->path, (long long)w->word_line + 1, w->word,
        EQUAL(w->word, "*") ? " (r.out.ascii null_value=-9999)" : "");
}

static demgrad_status fail_header(const words *w, const char *key, demgrad_error *error) {
    return dg_fail(
        error, DEMGRAD_READ_FAILED,
        "%s: its header has \"%s %.40s\", which GDAL does not heed as it is meant; write "
        "plain decimals there (degrees in place of minutes, values in place of a "
        "multiplier)",
        w->path, key, w->word);
}

/* GRASS writes degrees and minutes, such as 46:30N, and may have all values multiplied. */
static bool is_understood(const char *key, const char *value) {
    if (EQUAL(key, "type:"))
        return true;
    if (EQUAL(key, "multiplier:"))
        return CPLAtof(value) == 1;
    return is_number(value);
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
static demgrad_status check_header(words *w, bool *has_word, sizes *s, demgrad_error *error) {
    char key[WORD_SIZE];
    demgrad_status status = DEMGRAD_OK;
    *has_word = next_word(w);
    while (*has_word && !status && isalpha((unsigned char)*w->word) && !is_number(w->word)) {
        strcpy(key, w->word);
        next_rest(w);
        if (!is_understood(key, w->word))
            status = fail_header(w, key, error);
        take_size(key, w->word, s);
        if (!status)
            *has_word = next_word(w);
    }
    return status;
}

static demgrad_status check_grid(words *w, demgrad_error *error) {
    sizes s = {0};
    int64_t count = 0;
    bool has_word;
    demgrad_status status = check_header(w, &has_word, &s, error);
    for (; has_word && !status; has_word = next_word(w), count++) {
        if (!is_number(w->word))
            status = fail_word(w, error);
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
static columns find_columns(words *w, bool *has_word) {
    columns c = {0};
    int wanted = 0;
    for (*has_word = next_word(w); *has_word && w->word_line == 0; *has_word = next_word(w)) {
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

static demgrad_status fail_line(const words *w, demgrad_error *error) {
    return dg_fail(
        error, DEMGRAD_READ_FAILED,
        "%s: line %lld has more than the three numbers of the first, of which GDAL takes "
        "the first ones; write each number without blanks",
        w->path, (long long)w->word_line + 1);
}

/* Where there are but three columns a fourth word is a number's other half. */
static demgrad_status check_points(words *w, demgrad_error *error) {
    bool has_word;
    const columns c = find_columns(w, &has_word);
    demgrad_status status = DEMGRAD_OK;
    int64_t line = -1;
    for (int column = 0; has_word && !status; has_word = next_word(w)) {
        if (w->word_line != line)
            column = 0;
        else if (c.has_commas || !w->is_after_comma)
            column++;
        line = w->word_line;
        if (c.count == 3 && column == 3)
            status = fail_line(w, error);
        else if (column < 64 && c.wanted >> column & 1 && !is_number(w->word))
            status = fail_word(w, error);
    }
    return status;
}

static demgrad_status check_words(const char *path, VSILFILE *file, const char *separators,
                                  demgrad_status (*check)(words *, demgrad_error *),
                                  demgrad_error *error) {
    words w = {.path = path, .file = file, .separators = separators};
    w.buffer = VSIFSeekL(file, 0, SEEK_SET) == 0 ? malloc(BUFFER_SIZE) : NULL;
    if (!w.buffer)
        return dg_fail_memory(error, "a text");
    const demgrad_status status = check(&w, error);
    free(w.buffer);
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
