#include "real_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const ARCHIVES[] = {"/vsizip/", "/vsitar/", "/vsigzip/", "/vsi7z/", "/vsirar/"};

/* The part of `path` that names an archive's own file system, or 0. */
static size_t archive_prefix(const char *path) {
    for (size_t i = 0; i < sizeof ARCHIVES / sizeof *ARCHIVES; i++) {
        const size_t length = strlen(ARCHIVES[i]);
        if (strncmp(path, ARCHIVES[i], length) == 0)
            return length;
    }
    return 0;
}

static bool is_file(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* "/vsizip/" and the archive's place and what is named in it. */
static char *join(const char *path, size_t prefix, const char *place, const char *inside) {
    const size_t size = prefix + strlen(place) + strlen(inside) + 1;
    char *joined = malloc(size);
    if (joined)
        snprintf(joined, size, "%.*s%s%s", (int)prefix, path, place, inside);
    return joined;
}

/* The archive is the shortest leading part that is a file. */
static char *place_in_archive(const char *path, size_t prefix) {
    char *name = strdup(path + prefix), *place = NULL;
    for (char *end = name; end && !place;) {
        end = strchr(end + 1, '/');
        if (end)
            *end = '\0';
        if (is_file(name))
            place = realpath(name, NULL);
        if (end && !place)
            *end = '/';
    }
    char *joined = place ? join(path, prefix, place, path + prefix + strlen(name)) : NULL;
    free(place);
    free(name);
    return joined;
}

char *dg_real_path(const char *path) {
    const size_t prefix = archive_prefix(path);
    char *place = prefix > 0 ? place_in_archive(path, prefix) : realpath(path, NULL);
    return place ? place : strdup(path);
}

bool dg_is_same_path(const char *a, const char *b) {
    char *place_a = dg_real_path(a), *place_b = dg_real_path(b);
    const bool is_same = place_a && place_b && strcmp(place_a, place_b) == 0;
    free(place_a);
    free(place_b);
    return is_same;
}
