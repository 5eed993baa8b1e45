#include "origin.h"

#include "path.h"
#include "real_path.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Any name of a file gets through a format's metadata so. */
static char *encode(const char *path) {
    const size_t size = sizeof DG_ORIGIN_KEY + 3 * strlen(path) + 1;
    char *item = malloc(size);
    size_t used = item ? (size_t)snprintf(item, size, "%s=", DG_ORIGIN_KEY) : 0;
    for (const char *c = path; item && *c; c++) {
        const bool is_plain = isalnum((unsigned char)*c) || strchr("/._-~", *c);
        used += (size_t)snprintf(item + used, size - used, is_plain ? "%c" : "%%%02X",
                                 (unsigned char)*c);
    }
    return item;
}

demgrad_status dg_origin_item(const char *path, char **item, demgrad_error *error) {
    struct stat found;
    *item = NULL;
    if (dg_path_is_virtual(path) || stat(path, &found) != 0)
        return DEMGRAD_OK;
    char *place = dg_real_path(path);
    *item = place ? encode(place) : NULL;
    free(place);
    return *item ? DEMGRAD_OK : dg_fail_memory(error, "the name of an input");
}

void dg_origin_decode(char *value) {
    char *to = value;
    for (const char *from = value; *from; from++) {
        unsigned code;
        if (*from == '%' && sscanf(from + 1, "%2x", &code) == 1) {
            *to++ = (char)code;
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
}

bool dg_origin_is_other(const char *origin, const char *path) {
    struct stat there, own;
    if (stat(origin, &there) != 0)
        return false;
    return stat(path, &own) != 0 || there.st_dev != own.st_dev || there.st_ino != own.st_ino;
}
