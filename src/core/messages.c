#include "messages.h"

#include "text.h"

#include <stdarg.h>

void dg_warn(const dg_messages *messages, const char *format, ...) {
    if (!messages || !messages->warn)
        return;
    char text[DEMGRAD_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    dg_text_format(text, sizeof text, format, arguments);
    va_end(arguments);
    messages->warn(text, messages->user);
}
