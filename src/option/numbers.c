#include "numbers.h"

#include <cpl_conv.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

bool dg_number_read(const char *text, double *number) {
    char *end;
    errno = 0;
    *number = CPLStrtod(text, &end);
    return end != text && *end == '\0' && errno != ERANGE;
}

/* Reads up to `end`; where the text goes on, or NULL. */
static const char *read_until(const char *text, char end, int least, int most, int *number) {
    char *rest;
    const bool is_signed = least < 0 && *text == '-';
    if (!isdigit((unsigned char)text[is_signed]))
        return NULL;
    errno = 0;
    const long long value = strtoll(text, &rest, 10);
    if (errno == ERANGE || value < least || value > most || *rest != end)
        return NULL;
    *number = (int)value;
    return end ? rest + 1 : rest;
}

bool dg_integer_read(const char *text, int least, int most, int *number) {
    return read_until(text, '\0', least, most, number) != NULL;
}

bool dg_integers_read(const char *text, char between, int least, int most, int numbers[2]) {
    const char *second = read_until(text, between, least, most, &numbers[0]);
    return second && dg_integer_read(second, least, most, &numbers[1]);
}
