#include "message.h"

#include "text.h"

#include <demgrad/status.h>
#include <stdarg.h>
#include <stdio.h>

static void say(const char *level, const char *format, va_list arguments) {
    char text[DEMGRAD_MESSAGE_SIZE];
    dg_text_format(text, sizeof text, format, arguments);
    fflush(stdout);
    fprintf(stderr, "demgrad: %s: %s\n", level, text);
}

void dg_message_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("error", format, arguments);
    va_end(arguments);
}

void dg_message_warning(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("warning", format, arguments);
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
