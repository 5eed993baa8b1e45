#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bytes of a character by its first one, as the Unicode standard's table 3-7 has it; 0 for none. */
static size_t length_by_first(unsigned char first) {
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

uint32_t dg_text_character(const char *text, size_t *length) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char first = (unsigned char)text[0];
    const size_t n = length_by_first(first);
    uint32_t character = n == 1 ? first : first & (0x7Fu >> n);
    *length = 1;
    for (size_t i = 1; i < n; i++) {
        if (!is_continuation(text[i]))
            return DG_NO_CHARACTER;
        character = character << 6 | ((unsigned char)text[i] & 0x3F);
    }
    const bool is_surrogate = character >= 0xD800 && character < 0xE000;
    if (n == 0 || character < least[n] || is_surrogate || character > 0x10FFFF)
        return DG_NO_CHARACTER;
    *length = n;
    return character;
}

bool dg_text_steers(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

enum { ESCAPE_SIZE = 8 };

/* Writes what stands for the character at the start of `text`. */
static void escape(const char *text, uint32_t character, char as[ESCAPE_SIZE]) {
    if (character == '\n' || character == '\r' || character == '\t')
        snprintf(as, ESCAPE_SIZE, "\\%c", character == '\n' ? 'n' : character == '\r' ? 'r' : 't');
    else if (character == DG_NO_CHARACTER || character < 0x80)
        snprintf(as, ESCAPE_SIZE, "\\x%02x", (unsigned char)*text);
    else
        snprintf(as, ESCAPE_SIZE, "\\u%04x", (unsigned)(character & 0xFFFF));
}

void dg_text_clean(char *to, size_t size, const char *text) {
    size_t used = 0;
    for (size_t length; *text; text += length) {
        char escaped[ESCAPE_SIZE];
        const uint32_t character = dg_text_character(text, &length);
        const bool is_plain = character != DG_NO_CHARACTER && !dg_text_steers(character);
        if (!is_plain)
            escape(text, character, escaped);
        const size_t n = is_plain ? length : strlen(escaped);
        if (used + n >= size)
            break;
        memcpy(to + used, is_plain ? text : escaped, n);
        used += n;
    }
    to[used] = '\0';
}

/* The longest run of a text without a blank. */
static char *longest_word(char *text, size_t *length) {
    char *longest = text;
    *length = 0;
    for (char *word = text; *word;) {
        const size_t n = strcspn(word, " ");
        if (n > *length) {
            longest = word;
            *length = n;
        }
        word += n + strspn(word + n, " ");
    }
    return longest;
}

static void shorten(char *text, size_t size) {
    static const char gap[] = "...";
    enum { KEPT = 64 }; /* of a word: a shorter one is no path */
    for (size_t length; (length = strlen(text)) >= size;) {
        size_t n;
        char *word = longest_word(text, &n);
        const size_t excess = length - size + sizeof gap;
        const size_t kept = n > excess + KEPT ? n - excess : KEPT;
        char *cut = n > kept + sizeof gap ? word + kept / 2 : text + size - sizeof gap;
        char *rest = n > kept + sizeof gap ? word + n - kept / 2 : text + length;
        for (int i = 0; i < 3 && is_continuation(*cut) && cut > text; i++)
            cut--;
        for (int i = 0; i < 3 && is_continuation(*rest); i++)
            rest++;
        memmove(cut + strlen(gap), rest, strlen(rest) + 1);
        memcpy(cut, gap, strlen(gap));
    }
}

void dg_text_format(char *to, size_t size, const char *format, va_list arguments) {
    char part[16384], clean[16384];
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(part, sizeof part, format, arguments);
    char *all = length < (int)sizeof part ? NULL : malloc((size_t)length + 1);
    if (all) {
        vsnprintf(all, (size_t)length + 1, format, again);
        shorten(all, sizeof part);
    }
    va_end(again);
    dg_text_clean(clean, sizeof clean, all ? all : part);
    free(all);
    shorten(clean, size);
    memcpy(to, clean, strlen(clean) + 1);
}

/* Locales have commas for points, and marks of several bytes. */
static void set_point(char *number) {
    char *mark = number + strspn(number, "+-0123456789einf");
    const char *rest = mark + strcspn(mark, "0123456789");
    if (*mark) {
        *mark = '.';
        memmove(mark + 1, rest, strlen(rest) + 1);
    }
}

void dg_text_number(char *to, size_t size, double number, int least, bool is_single) {
    enum { ENOUGH = 17 }; /* for any double */
    snprintf(to, size, "nan");
    for (int digits = least; digits <= ENOUGH && !isnan(number); digits++) {
        snprintf(to, size, "%.*g", digits, number);
        const double back = strtod(to, NULL);
        if (is_single ? (float)back == (float)number : back == number)
            break;
    }
    if (!isnan(number))
        set_point(to);
}
