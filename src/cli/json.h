/* Writes JSON, indented or in one line. */
#ifndef DG_JSON_H
#define DG_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct dg_json {
    FILE *file;
    int depth;
    bool is_line; /* see dg_json_line_open */
    char *line;
    size_t line_size;
    bool has_member; /* the innermost object or array has one already */
} dg_json;

/* Answers on stdout with {"error": TEXT}, where nothing was answered there yet. */
void dg_json_fail(const char *text);

/* `key` is NULL in an array, and for the outermost object. A string that is NULL and a number that
 * is not finite are null. Text may be any bytes: those that are not UTF-8 are written as \xff, a
 * backslash and three letters. */
void dg_json_open(dg_json *json, const char *key, char bracket);
void dg_json_close(dg_json *json, char bracket);
void dg_json_string(dg_json *json, const char *key, const char *value);
void dg_json_number(dg_json *json, const char *key, double value);
/* To the millisecond. */
void dg_json_seconds(dg_json *json, const char *key, double seconds);
void dg_json_integer(dg_json *json, const char *key, int64_t value);
void dg_json_bool(dg_json *json, const char *key, bool value);

/* An object in one line, which goes to `file` at once when it is closed: negative where it does not, with
 * errno. Without memory its `file` is NULL, and nothing can be put into it. */
void dg_json_line_open(dg_json *json);
int dg_json_line_close(dg_json *json, FILE *file);

#endif
