#include "text_words.h"

#include <cpl_string.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_SIZE = 1 << 16 };

static int next_byte(dg_words *w) {
    if (w->at == w->count) {
        w->count = VSIFReadL(w->buffer, 1, BUFFER_SIZE, w->file);
        w->at = 0;
    }
    return w->at < w->count ? w->buffer[w->at++] : EOF;
}

static bool separates(const dg_words *w, int byte) {
    return byte <= ' ' || strchr(w->separators, byte);
}

static void end_line(dg_words *w) {
    w->line++;
    w->column = 0;
    w->has_blank = w->has_word = false;
}

/* What separates words; a carriage return belongs to the end of a line. */
static void pass_blank(dg_words *w, int byte) {
    w->has_blank |= byte != '\n' && byte != '\r';
    if (byte == '\n' && w->has_blank && !w->has_word)
        w->blank_line = w->line;
    if (byte == '\n')
        end_line(w);
}

int64_t dg_words_place(const dg_words *w) {
    return (int64_t)VSIFTellL(w->file) - (int64_t)(w->count - w->at);
}

bool dg_next_word(dg_words *w) {
    size_t length = 0;
    int byte = next_byte(w);
    w->is_after_comma = w->ends_at_comma;
    for (; byte != EOF && separates(w, byte); byte = next_byte(w)) {
        w->is_after_comma |= byte == ',';
        pass_blank(w, byte);
    }
    w->word_line = w->line;
    for (; byte != EOF && !separates(w, byte); byte = next_byte(w)) {
        if (length < DG_WORD_SIZE - 1)
            w->word[length++] = (char)byte;
    }
    w->ends_at_comma = byte == ',';
    w->has_word = true;
    pass_blank(w, byte);
    w->word[length] = '\0';
    return length > 0;
}

/* Takes the blanks from the end of a word. */
static bool end_word(dg_words *w, size_t length) {
    while (length > 0 && (unsigned char)w->word[length - 1] <= ' ')
        length--;
    w->word[length] = '\0';
    return length > 0;
}

static void add_byte(dg_words *w, int byte, size_t *length) {
    if ((byte > ' ' || *length > 0) && *length < DG_WORD_SIZE - 1)
        w->word[(*length)++] = (char)byte;
}

bool dg_next_line(dg_words *w) {
    size_t length = 0;
    int byte = next_byte(w);
    const bool is_there = byte != EOF;
    w->word_line = w->line;
    for (; byte != EOF && byte != '\n'; byte = next_byte(w))
        add_byte(w, byte, &length);
    end_word(w, length);
    end_line(w);
    return is_there;
}

bool dg_next_field(dg_words *w, int width, int lead) {
    for (int byte = 0;; end_line(w)) {
        size_t length = 0;
        int taken = 0;
        w->word_line = w->line;
        while (taken < width && (byte = next_byte(w)) != EOF && byte != '\n') {
            if (w->column++ < lead)
                continue;
            taken++;
            add_byte(w, byte, &length);
        }
        const bool is_field = end_word(w, length) || taken == width;
        if (is_field && byte == '\n')
            end_line(w);
        if (is_field || byte == EOF)
            return is_field;
    }
}

void dg_next_rest(dg_words *w) {
    size_t length = 0;
    if (w->line == w->word_line) {
        for (int byte = next_byte(w); byte != EOF; byte = next_byte(w)) {
            if (byte == '\n') {
                end_line(w);
                break;
            }
            if (byte > ' ' && length < DG_WORD_SIZE - 1)
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

bool dg_is_number(const char *word, bool may_have_comma) {
    const char *c = word + (*word == '-' || *word == '+');
    if (STARTS_WITH_CI(c, "nan") || STARTS_WITH_CI(c, "inf") || STARTS_WITH(c, "1.#"))
        return true;
    const char *whole = c;
    c = skip_digits(c);
    int64_t digits = c - whole;
    if (*c == '.' || (*c == ',' && may_have_comma)) {
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

demgrad_status dg_fail_word(const dg_words *w, demgrad_error *error) {
    return dg_fail(
        error, DEMGRAD_READ_FAILED,
        "%s: line %lld has \"%.40s\" where a number belongs, which GDAL takes for another; "
        "write a number there, such as the nodata value%s",
        w->path, (long long)w->word_line + 1, w->word,
        EQUAL(w->word, "*") ? " (r.out.ascii null_value=-9999)" : "");
}

demgrad_status dg_fail_header_word(const dg_words *w, const char *key, demgrad_error *error) {
    return dg_fail(
        error, DEMGRAD_READ_FAILED,
        "%s: its header has \"%s %.40s\", which GDAL does not heed as it is meant; write "
        "plain decimals there (degrees in place of minutes, values in place of a "
        "multiplier)",
        w->path, key, w->word);
}

demgrad_status dg_words_begin(dg_words *w, const char *path, VSILFILE *file, const char *separators,
                              demgrad_error *error) {
    *w = (dg_words){.path = path, .file = file, .separators = separators, .blank_line = -1};
    w->buffer = VSIFSeekL(file, 0, SEEK_SET) == 0 ? malloc(BUFFER_SIZE) : NULL;
    return w->buffer ? DEMGRAD_OK : dg_fail_memory(error, "a text");
}

void dg_words_end(dg_words *w) {
    free(w->buffer);
}
