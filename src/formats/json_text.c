#include "json_text.h"

#include <stdbool.h>
#include <string.h>

/* The end of the text that begins at its quotation mark: the other one, or the end of all. */
static const char *end_of_text(const char *at) {
    for (at++; *at && *at != '"'; at++) {
        if (*at == '\\' && at[1])
            at++;
    }
    return at;
}

static bool is_text(const char *begin, const char *end, const char *wanted) {
    const size_t length = (size_t)(end - begin) - 1;
    return strlen(wanted) == length && strncmp(begin + 1, wanted, length) == 0;
}

static const char *skip(const char *at, const char *what) {
    return at + strspn(at, what);
}

/* Escapes other than of / and quotation marks are in no unit. */
static void copy(const char *begin, char *text, size_t size) {
    const char *end = end_of_text(begin);
    size_t length = 0;
    for (const char *at = begin + 1; at < end && length < size - 1; at++) {
        if (*at != '\\')
            text[length++] = *at;
    }
    text[length] = '\0';
}

void dg_json_text_find(const char *json, const char *object, const char *key, char *text,
                       size_t size) {
    int depth = 0, inside = 0; /* how deep the object is; 0: not in it */
    bool is_next = false;      /* the object that begins next is it */
    *text = '\0';
    for (const char *at = json; *at; at++) {
        if (*at == '{') {
            depth++;
            inside = is_next ? depth : inside;
            is_next = false;
        } else if (*at == '}') {
            inside = inside == depth ? 0 : inside;
            depth--;
        } else if (*at == '"') {
            const char *end = end_of_text(at);
            const char *after = *end ? skip(end + 1, " \t\r\n") : end;
            const char *value = *after == ':' ? skip(after + 1, " \t\r\n[") : after;
            if (*after == ':' && *value == '"' && inside == depth && is_text(at, end, key)) {
                copy(value, text, size);
                return;
            }
            is_next = *after == ':' && *value == '{' && is_text(at, end, object);
            if (!*end)
                return;
            at = end;
        }
    }
}
