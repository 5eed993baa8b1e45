#include "number_text.h"

#include <cpl_conv.h>
#include <string.h>

const char *dg_number_end(const char *text) {
    char *end;
    CPLStrtod(text, &end);
    return end > text ? end + strspn(end, " \t\r\n") : NULL;
}

bool dg_is_number_text(const char *text) {
    const char *end = dg_number_end(text);
    return end && *end == '\0';
}
