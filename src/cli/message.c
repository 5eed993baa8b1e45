#include "message.h"

#include "text.h"

#include <demgrad/status.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int open_line = -1;

void dg_message_begin_after(int descriptor) {
    atomic_store(&open_line, descriptor);
}

void dg_message_end_line(void) {
    const int descriptor = atomic_exchange(&open_line, -1);
    if (descriptor >= 0)
        dprintf(descriptor, "\n");
}

static void say(const char *level, const char *format, va_list arguments) {
    char text[DEMGRAD_MESSAGE_SIZE];
    dg_text_format(text, sizeof text, format, arguments);
    fflush(stdout);
    dg_message_end_line();
    fprintf(stderr, "%s%s\n", level, text);
}

void dg_message_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("demgrad: error: ", format, arguments);
    va_end(arguments);
}

void dg_message_warning(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("demgrad: warning: ", format, arguments);
    va_end(arguments);
}

void dg_message_tell(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("", format, arguments);
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
