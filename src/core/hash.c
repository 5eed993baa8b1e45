#include "hash.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

dg_hash dg_hash_new(void) {
    return (dg_hash){0xcbf29ce484222325U, 0x84222325cbf29ce4U};
}

void dg_hash_bytes(dg_hash *hash, const void *bytes, size_t count) {
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++) {
        hash->a = (hash->a ^ byte[i]) * 0x100000001b3U;
        hash->b = (hash->b ^ byte[i]) * 0x100000001b3U;
    }
}

void dg_hash_text(dg_hash *hash, const char *text) {
    dg_hash_bytes(hash, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* What one program made another knows again, whatever their locales. */
void dg_hash_add(dg_hash *hash, const char *format, ...) {
    char text[512];
    va_list arguments;
    const locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    const locale_t callers = uselocale(plain);
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    uselocale(callers);
    if (plain)
        freelocale(plain);
    dg_hash_text(hash, text);
}

void dg_hash_join(dg_hash *sum, dg_hash part) {
    sum->a += part.a;
    sum->b += part.b;
}
