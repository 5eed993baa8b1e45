#include "message.h"

#include "json.h"
#include "text.h"

#include <demgrad/status.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int open_line = -1;

void dg_message_begin_after(int descriptor) {
    atomic_store(&open_line, descriptor);
}

void dg_message_end_line(void) {
    const int descriptor = atomic_exchange(&open_line, -1);
    if (descriptor >= 0)
        dprintf(descriptor, "\n");
}

static atomic_int form;

void dg_message_set_form(dg_message_form wanted) {
    atomic_store(&form, (int)wanted);
}

bool dg_message_is_json(void) {
    return atomic_load(&form) == DG_MESSAGE_JSON;
}

/* Colours are for people: on a terminal, and not where they say no (https://no-color.org). */
static bool has_colours(void) {
    const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && !(no && *no) && terminal && strcmp(terminal, "dumb") != 0;
}

typedef struct level {
    const char *name, *label, *colour;
} level;

static const level ERROR = {"error", "error: ", "\033[1;31m"},
                   WARNING = {"warning", "warning: ", "\033[1;33m"}, NOTE = {"note", NULL, NULL};

static void print_text(const level *l, const char *text) {
    const bool is_coloured = l->label && has_colours();
    fprintf(stderr, "%s%s%s%s%s\n", l->label ? "demgrad: " : "", is_coloured ? l->colour : "",
            l->label ? l->label : "", is_coloured ? "\033[0m" : "", text);
}

static void print_json(const level *l, const char *text) {
    dg_json json;
    dg_json_line_open(&json);
    if (json.file) {
        dg_json_string(&json, "level", l->name);
        dg_json_string(&json, "message", text);
    }
    dg_json_line_close(&json, stderr);
}

static char last_error[DEMGRAD_MESSAGE_SIZE];

const char *dg_message_last_error(void) {
    return last_error;
}

static void say(const level *l, const char *format, va_list arguments) {
    char text[DEMGRAD_MESSAGE_SIZE];
    dg_text_format(text, sizeof text, format, arguments);
    if (l == &ERROR)
        memcpy(last_error, text, sizeof last_error);
    fflush(stdout);
    dg_message_end_line();
    if (dg_message_is_json())
        print_json(l, text);
    else
        print_text(l, text);
}

void dg_message_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say(&ERROR, format, arguments);
    va_end(arguments);
}

void dg_message_warning(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say(&WARNING, format, arguments);
    va_end(arguments);
}

void dg_message_tell(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say(&NOTE, format, arguments);
    va_end(arguments);
}

void dg_message_answer(const char *format, ...) {
    char text[DEMGRAD_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    dg_text_format(text, sizeof text, format, arguments);
    va_end(arguments);
    puts(text);
}
