#include "message.h"

#include <stdarg.h>
#include <stdio.h>

static void say(const char *level, const char *format, va_list arguments) {
    fflush(stdout);
    fprintf(stderr, "demgrad: %s: ", level);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
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
