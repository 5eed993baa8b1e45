#include "origin.h"

#include "output_file.h"
#include "path.h"
#include "real_path.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool has_any(const char *name, const char *const *words, size_t count) {
    bool has = false;
    for (size_t i = 0; i < count; i++)
        has |= strstr(name, words[i]) != NULL;
    return has;
}

static bool is_remote(const char *name) {
    static const char *const servers[] = {"://",       "/vsicurl",   "/vsis3",  "/vsigs",
                                          "/vsiaz",    "/vsiadls",   "/vsioss", "/vsiswift",
                                          "/vsihdfs/", "/vsiwebhdfs"};
    return !dg_is_plain_path(name) && has_any(name, servers, sizeof servers / sizeof *servers);
}

/* Memory and streams go with the process, and a key is nobody's to read. */
static bool can_be_told(const char *name) {
    static const char *const passing[] = {"/vsimem/", "/vsistdin", "/vsicrypt"};
    struct stat found;
    if (dg_is_plain_path(name))
        return stat(name, &found) == 0;
    return !has_any(name, passing, sizeof passing / sizeof *passing) &&
           (is_remote(name) || dg_find_named_file(name).length > 0);
}

static void cut(char *from, const char *to) {
    memmove(from, to, strlen(to) + 1);
}

/* Takes out who asks a server (user:password@) and what with (?token), which differ from run to run. */
static void hide_secrets(char *name) {
    char *url = strstr(name, "url="), *host = strstr(name, "://");
    if (strncmp(name, "/vsicurl?", 9) == 0 && url) {
        cut(name + 9, url);
        name[9 + strcspn(name + 9, "&")] = '\0';
        char *encoded = strstr(name, "%3F");
        if (encoded)
            *encoded = '\0';
        return;
    }
    if (!host)
        return;
    host += 3;
    char *at = memchr(host, '@', strcspn(host, "/\""));
    if (at)
        cut(host, at + 1);
    char *query = strchr(host, '?');
    if (query)
        cut(query, query + strcspn(query, "\""));
}

char *dg_origin_place(const char *path) {
    char *place = dg_real_path(path);
    if (place && is_remote(place))
        hide_secrets(place);
    return place;
}

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
    *item = NULL;
    if (!can_be_told(path))
        return DEMGRAD_OK;
    char *place = dg_origin_place(path);
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

/* Whether the file that is named in `name` is there. */
static bool find_file(const char *name, dg_named_file *file, struct stat *found) {
    *file = dg_find_named_file(name);
    char *path = strndup(name + file->begin, file->length);
    const bool is = path && *path && stat(path, found) == 0;
    free(path);
    return is;
}

/* Whether two names have the same around the files in them. */
static bool has_same_rest(const char *a, dg_named_file in_a, const char *b, dg_named_file in_b) {
    return in_a.begin == in_b.begin && strncmp(a, b, in_a.begin) == 0 &&
           strcmp(a + in_a.begin + in_a.length, b + in_b.begin + in_b.length) == 0;
}

static bool is_other(const char *origin, const char *place) {
    struct stat there, own;
    dg_named_file in_origin, in_place;
    if (strcmp(origin, place) == 0)
        return false;
    if (!find_file(origin, &in_origin, &there))
        return is_remote(origin);
    return !find_file(place, &in_place, &own) || there.st_dev != own.st_dev ||
           there.st_ino != own.st_ino || !has_same_rest(origin, in_origin, place, in_place);
}

demgrad_status dg_origin_is_other(const char *origin, const char *path, bool *is,
                                  demgrad_error *error) {
    char *place = dg_origin_place(path);
    *is = place && *origin && is_other(origin, place);
    const demgrad_status status =
        place ? DEMGRAD_OK : dg_fail_memory(error, "the name of an input");
    free(place);
    return status;
}

/* Whether what has been made under the name is of another input than that of the item. */
static bool is_anothers(const char *path, const char *item) {
    bool is = true;
    dg_output_found found;
    demgrad_error ignored; /* without memory nothing is replaced */
    char *own = item ? strdup(item + sizeof DG_ORIGIN_KEY) : NULL;
    const demgrad_status status = dg_output_look(path, &found, &ignored);
    if (!status && own) {
        dg_origin_decode(found.origin);
        dg_origin_decode(own);
        dg_origin_is_other(found.origin, own, &is, &ignored);
    }
    dg_output_found_free(&found);
    free(own);
    return is;
}

bool dg_origin_may_replace(const char *path, const char *item) {
    return dg_output_is_batchs(path, item) && (!item || !is_anothers(path, item));
}
