#include "path.h"

#include "memory.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { MOST_LINKS = 40 }; /* that lead to one another, as the system counts */

const char *dg_path_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *dg_path_folder(const char *path) {
    size_t length = (size_t)(dg_path_name(path) - path);
    if (length == 0)
        return strdup(".");
    while (length > 1 && path[length - 1] == '/')
        length--;
    return strndup(path, length);
}

char *dg_path_stem(const char *path) {
    const char *name = dg_path_name(path);
    const char *dot = strrchr(name, '.');
    return dot && dot > name ? strndup(name, (size_t)(dot - name)) : strdup(name);
}

char *dg_path_join(const char *folder, const char *name) {
    if (*name == '/')
        return strdup(name);
    const size_t length = strlen(folder);
    const bool has_slash = length > 0 && folder[length - 1] == '/';
    return dg_format(NULL, "%s%s%s", folder, has_slash || length == 0 ? "" : "/", name);
}

/* What the link says, as seen from the working folder; NULL where `path` is no link. */
static char *read_link(const char *path) {
    char to[PATH_MAX];
    const ssize_t length = readlink(path, to, sizeof to - 1);
    char *folder = length > 0 ? dg_path_folder(path) : NULL;
    if (!folder)
        return NULL;
    to[length] = '\0';
    char *target = strcmp(folder, ".") == 0 ? strdup(to) : dg_path_join(folder, to);
    free(folder);
    return target;
}

char *dg_path_base(const char *path) {
    char *target = read_link(path), *folder = dg_path_folder(target ? target : path);
    free(target);
    return folder;
}

char *dg_path_target(const char *path) {
    char *target = strdup(path), *next = NULL;
    for (int i = 0; target && i < MOST_LINKS && (next = read_link(target)); i++) {
        free(target);
        target = next;
    }
    return target;
}

/* Whether the kernel lists this process's open files in the folder. */
static bool lists_descriptors(const char *folder) {
    static const char *const lists[] = {"/proc/self/fd", "/proc/thread-self/fd"};
    char *place = realpath(folder, NULL);
    bool is = false;
    for (size_t i = 0; place && i < sizeof lists / sizeof *lists && !is; i++) {
        char *list = realpath(lists[i], NULL);
        is = list && strcmp(list, place) == 0;
        free(list);
    }
    free(place);
    return is;
}

/* The descriptor that the name itself is of, or -1. */
static int descriptor_of(const char *path) {
    const char *name = dg_path_name(path);
    enum { MOST_DIGITS = 9 };
    const size_t length = strlen(name);
    if (length == 0 || length > MOST_DIGITS || strspn(name, "0123456789") != length)
        return -1;
    char *folder = dg_path_folder(path);
    const bool is = folder && lists_descriptors(folder);
    free(folder);
    return is ? atoi(name) : -1;
}

int dg_path_descriptor(const char *path) {
    int descriptor = descriptor_of(path);
    char *at = descriptor < 0 ? read_link(path) : NULL;
    for (int i = 0; at && i < MOST_LINKS && descriptor < 0; i++) {
        descriptor = descriptor_of(at);
        char *next = descriptor < 0 ? read_link(at) : NULL;
        free(at);
        at = next;
    }
    free(at);
    return descriptor;
}

bool dg_path_is_virtual(const char *path) {
    return strncmp(path, "/vsi", 4) == 0;
}
