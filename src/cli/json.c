#include "json.h"

#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* Also what would do something to a terminal is escaped, and reads the same. */
static void write_text(FILE *file, const char *text) {
    fputc('"', file);
    for (size_t length; *text; text += length) {
        const uint32_t character = dg_text_character(text, &length);
        if (character == DG_NO_CHARACTER)
            fprintf(file, "\\\\x%02x", (unsigned char)*text);
        else if (dg_text_steers(character))
            fprintf(file, "\\u%04x", (unsigned)character);
        else
            fprintf(file, "%s%.*s", character == '"' || character == '\\' ? "\\" : "", (int)length,
                    text);
    }
    fputc('"', file);
}

static void begin(dg_json *json, const char *key) {
    if (json->has_member)
        fputc(',', json->file);
    if (json->depth > 0 && !json->is_line)
        fprintf(json->file, "\n%*s", 2 * json->depth, "");
    else if (json->has_member)
        fputc(' ', json->file);
    json->has_member = true;
    if (key) {
        write_text(json->file, key);
        fputs(": ", json->file);
    }
}

static bool has_answered; /* on stdout */

void dg_json_fail(const char *text) {
    if (has_answered)
        return;
    dg_json json = {.file = stdout};
    dg_json_open(&json, NULL, '{');
    dg_json_string(&json, "error", text);
    dg_json_close(&json, '}');
}

void dg_json_open(dg_json *json, const char *key, char bracket) {
    begin(json, key);
    has_answered |= json->file == stdout;
    fputc(bracket, json->file);
    json->depth++;
    json->has_member = false;
}

void dg_json_close(dg_json *json, char bracket) {
    json->depth--;
    if (json->has_member && !json->is_line)
        fprintf(json->file, "\n%*s", 2 * json->depth, "");
    fputc(bracket, json->file);
    json->has_member = true;
    if (json->depth == 0)
        fputc('\n', json->file);
}

void dg_json_string(dg_json *json, const char *key, const char *value) {
    begin(json, key);
    if (value)
        write_text(json->file, value);
    else
        fputs("null", json->file);
}

void dg_json_number(dg_json *json, const char *key, double value) {
    begin(json, key);
    if (!isfinite(value)) {
        fputs("null", json->file);
        return;
    }
    char text[32];
    dg_text_number(text, sizeof text, value, 15, false);
    fputs(text, json->file);
}

void dg_json_seconds(dg_json *json, const char *key, double seconds) {
    dg_json_number(json, key, round(seconds * 1e3) / 1e3);
}

void dg_json_integer(dg_json *json, const char *key, int64_t value) {
    begin(json, key);
    fprintf(json->file, "%" PRId64, value);
}

void dg_json_bool(dg_json *json, const char *key, bool value) {
    begin(json, key);
    fputs(value ? "true" : "false", json->file);
}

void dg_json_line_open(dg_json *json) {
    *json = (dg_json){.is_line = true};
    json->file = open_memstream(&json->line, &json->line_size);
    if (json->file)
        dg_json_open(json, NULL, '{');
}

int dg_json_line_close(dg_json *json, FILE *file) {
    if (!json->file)
        return -1;
    dg_json_close(json, '}');
    const bool is_whole = fclose(json->file) == 0;
    const int written = is_whole ? fputs(json->line, file) : -1;
    free(json->line);
    return written;
}
