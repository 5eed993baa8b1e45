#include "open_hint.h"

#include "file_kind.h"
#include "memory.h"
#include "path.h"

#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Archives, by the ends of their names; the longer ends first. */
static const struct archive {
    const char *endings[4], *prefix;
    bool has_members;
} ARCHIVES[] = {
    {{".zip", ".kmz"}, "/vsizip/", true},
    {{".tar.gz", ".tgz", ".tar"}, "/vsitar/", true},
    {{".gz"}, "/vsigzip/", false},
};

static bool ends_with_any(const char *path, const char *const *endings) {
    const size_t length = strlen(path);
    bool ends = false;
    for (; *endings && !ends; endings++) {
        const size_t n = strlen(*endings);
        ends = length > n && EQUAL(path + length - n, *endings);
    }
    return ends;
}

static const struct archive *find_archive(const char *path) {
    for (size_t i = 0; i < sizeof ARCHIVES / sizeof *ARCHIVES; i++) {
        if (ends_with_any(path, ARCHIVES[i].endings))
            return &ARCHIVES[i];
    }
    return NULL;
}

/* Names the first member that may be a raster, and how many there are. */
static void tell_members(const struct archive *a, const char *path, char *text, size_t size) {
    char *inside = dg_format(NULL, "%s%s", a->prefix, path);
    char **members = inside ? VSIReadDirRecursive(inside) : NULL;
    const char *first = NULL;
    int count = 0;
    for (int i = 0; members && members[i]; i++) {
        const bool is_folder = members[i][strlen(members[i]) - 1] == '/';
        if (is_folder || dg_file_kind_of(members[i]) != DG_FILE_RASTER)
            continue;
        first = first ? first : members[i];
        count++;
    }
    if (first && count == 1)
        snprintf(text, size, "is an archive; type %s/%s", inside, first);
    else if (first)
        snprintf(text, size, "is an archive of %d files; type %s/%s for the first", count, inside,
                 first);
    CSLDestroy(members);
    free(inside);
}

static void tell_file(const char *path, char *text, size_t size) {
    VSIStatBufL stat;
    const struct archive *a = find_archive(path);
    if (VSIStatExL(path, &stat, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) != 0)
        return;
    if (VSI_ISDIR(stat.st_mode))
        snprintf(text, size,
                 "is a folder, and no raster; named to demgrad batch by itself, it stands for the "
                 "rasters in it");
    else if (a && a->has_members)
        tell_members(a, path, text, size);
    else if (a)
        snprintf(text, size, "is compressed as a whole; type %s%s", a->prefix, path);
}

/* Some servers send files as a whole only; GDAL's own messages tell. */
static void tell_server(const char *path, const char *reason, char *text, size_t size) {
    const char *url = strstr(path, "http://") ? strstr(path, "http://") : strstr(path, "https://");
    if (!url)
        return;
    if (strstr(reason, "Range downloading not supported"))
        snprintf(text, size,
                 "its server does not send parts of files; type %s, which fetches all of it first",
                 url);
    else if (strstr(reason, "code: 501"))
        snprintf(text, size,
                 "its server answers no HEAD requests; type /vsicurl?use_head=no&url=%s", url);
    else if (strstr(reason, "code: 403")) /* so do those of signed addresses */
        snprintf(text, size,
                 "its server refuses it (403); where it refuses just HEAD requests, type "
                 "/vsicurl?use_head=no&url=%s",
                 url);
}

void dg_open_hint(const char *path, const char *reason, char *text, size_t size) {
    *text = '\0';
    CPLPushErrorHandler(CPLQuietErrorHandler);
    if (STARTS_WITH(path, "/vsicurl"))
        tell_server(path, reason, text, size);
    else
        tell_file(path, text, size);
    CPLPopErrorHandler();
}
