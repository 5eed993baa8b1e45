#include "messages.h"

#include <stdarg.h>
#include <stdio.h>

void dg_warn(const dg_messages *messages, const char *format, ...) {
    if (!messages || !messages->warn)
        return;
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    messages->warn(text, messages->user);
}
