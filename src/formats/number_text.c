#include "number_text.h"

#include <cpl_conv.h>
#include <string.h>

const char *dg_number_end(const char *text) {
    static const char BLANKS[] = " \t\r\n";
    char *end;
    text += strspn(text, BLANKS);
    CPLStrtod(text, &end);
    return end > text ? end + strspn(end, BLANKS) : NULL;
}

bool dg_is_number_text(const char *text) {
    const char *end = dg_number_end(text);
    return end && *end == '\0';
}
