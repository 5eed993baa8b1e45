#include "short_path.h"

#include "memory.h"
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_NAME = 2 * PATH_MAX }; /* a longer text is no name of a file */

struct dg_open_folder {
    struct dg_open_folder *next;
    char *path, *name;
    int descriptor;
};

void dg_short_paths_init(dg_short_paths *paths) {
    pthread_mutex_init(&paths->lock, NULL);
    paths->first = NULL;
    paths->own = NULL;
}

static void close_folder(struct dg_open_folder *f) {
    if (f->descriptor >= 0)
        close(f->descriptor);
    free(f->path);
    free(f->name);
    free(f);
}

void dg_short_paths_close(dg_short_paths *paths) {
    for (struct dg_open_folder *f = paths->first, *next; f; f = next) {
        next = f->next;
        close_folder(f);
    }
    free(paths->own);
    pthread_mutex_destroy(&paths->lock);
}

char *dg_short_folder(int folder, bool *has_proc) {
    char *name = dg_format(NULL, "/proc/self/fd/%d", folder);
    *has_proc = !name || access(name, X_OK) == 0;
    if (*has_proc)
        return name;
    free(name);
    return NULL;
}

/* Opens the folder; 0, or an errno. */
static int open_folder(const char *path, struct dg_open_folder **folder) {
    bool has_proc;
    struct dg_open_folder *f = calloc(1, sizeof *f);
    if (!f)
        return ENOMEM;
    f->descriptor = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int reason = f->descriptor < 0 ? errno : 0;
    if (!reason) {
        f->path = strdup(path);
        f->name = dg_short_folder(f->descriptor, &has_proc);
        reason = !has_proc ? ENAMETOOLONG : f->path && f->name ? 0 : ENOMEM;
    }
    if (reason)
        close_folder(f);
    else
        *folder = f;
    return reason;
}

/* The short name of the folder at `path`; NULL: it cannot be opened, and *reason is an errno. */
static const char *name_folder(dg_short_paths *paths, const char *path, int *reason) {
    struct dg_open_folder *f = paths->first;
    while (f && strcmp(f->path, path) != 0)
        f = f->next;
    if (f)
        return f->name;
    *reason = open_folder(path, &f);
    if (*reason)
        return NULL;
    f->next = paths->first;
    paths->first = f;
    return f->name;
}

/* Gives the folder a short name that begins at `start`: the last part of the text that is one, and too long.
 * NULL: there is none (*reason is 0), or it cannot be opened. */
static char *shorten(dg_short_paths *paths, const char *path, size_t start, int *reason) {
    *reason = 0;
    for (size_t end = strlen(path); end > start + DG_LONGEST_FOR_GDAL; end--) {
        if (path[end] != '/')
            continue;
        char *folder = strndup(path + start, end - start);
        const char *name = folder ? name_folder(paths, folder, reason) : NULL;
        *reason = folder ? *reason : ENOMEM;
        free(folder);
        if (name)
            return dg_format(NULL, "%.*s%s%s", (int)start, path, name, path + end);
        if (*reason != ENOENT && *reason != ENOTDIR)
            return NULL;
        *reason = 0;
    }
    return NULL;
}

/* The next place in a name where a file's may begin: past the names of GDAL's file systems, and past what
 * is between the parts of others. 0: there is none. */
static size_t next_start(const char *path, size_t start) {
    static const char BETWEEN[] = "\":,?{";
    const char *slash = dg_path_is_virtual(path + start) ? strchr(path + start + 1, '/') : NULL;
    const char *between = slash ? slash : strpbrk(path + start, BETWEEN);
    if (!between)
        return 0;
    start = (size_t)(between - path) + 1;
    while (path[start] == '/' && path[start + 1] == '/') /* as after "vrt:" */
        start++;
    return start;
}

static demgrad_status fail(const char *path, int reason, demgrad_error *error) {
    if (reason == ENOMEM)
        return dg_fail_memory(error, "a file's name");
    if (reason == ENAMETOOLONG)
        return dg_fail(
            error, DEMGRAD_READ_FAILED,
            "%s: has %zu bytes, and the system takes paths of %d; give a shorter one, from a "
            "folder on the way",
            path, strlen(path), PATH_MAX - 1);
    return dg_fail(error, DEMGRAD_READ_FAILED, "%s: its folder cannot be opened: %s", path,
                   strerror(reason));
}

/* NULL where no folder in `path` has a short name; *reason is 0, or an errno. */
static char *find_name(dg_short_paths *paths, const char *path, int *reason) {
    size_t start = 0;
    char *name;
    do {
        name = shorten(paths, path, start, reason);
        start = next_start(path, start);
    } while (!name && !*reason && start > 0);
    return name;
}

demgrad_status dg_short_path(dg_short_paths *paths, const char *path, char **name,
                             demgrad_error *error) {
    const size_t length = strlen(path);
    int reason = 0;
    *name = NULL;
    if (length > DG_LONGEST_FOR_GDAL && length <= LONGEST_NAME && *path != '<') {
        pthread_mutex_lock(&paths->lock);
        *name = find_name(paths, path, &reason);
        pthread_mutex_unlock(&paths->lock);
    }
    if (!*name && !reason)
        *name = strdup(path);
    return *name ? DEMGRAD_OK : fail(path, reason ? reason : ENOMEM, error);
}

const char *dg_short_paths_open(dg_short_paths *paths, const char *path) {
    dg_short_paths_init(paths);
    if (strlen(path) <= DG_LONGEST_FOR_GDAL)
        return path;
    return dg_short_path(paths, path, &paths->own, NULL) == DEMGRAD_OK ? paths->own : path;
}
