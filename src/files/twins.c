#include "twins.h"

#include "holds_raster.h"
#include "memory.h"
#include "path.h"
#include "unfinished.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct named {
    const char *name;
    size_t index;
} named;

/* The same for letters that any file system takes for one: ASCII's, and all bytes of others. */
static int loosen(char c) {
    const unsigned char byte = (unsigned char)c;
    return byte < 0x80 ? tolower(byte) : 0x80;
}

static int compare_loosely(const char *a, const char *b) {
    while (*a && loosen(*a) == loosen(*b)) {
        a++;
        b++;
    }
    return loosen(*a) - loosen(*b);
}

static int compare(const void *a, const void *b) {
    const named *x = a, *y = b;
    const int loosely = compare_loosely(x->name, y->name), strictly = strcmp(x->name, y->name);
    return loosely != 0 ? loosely : strictly != 0 ? strictly : x->index < y->index ? -1 : 1;
}

/* In the folder of `path`, or the one that this will be in. */
static demgrad_status make_place(const char *path, dg_workplace *place, demgrad_error *error) {
    char *folder = dg_path_folder(path);
    while (folder && !dg_is_folder(folder) && strcmp(folder, "/") != 0 &&
           strcmp(folder, ".") != 0) {
        char *parent = dg_path_folder(folder);
        free(folder);
        folder = parent;
    }
    if (!folder)
        return dg_fail_memory(error, "a folder's name");
    const demgrad_status status = dg_unfinished_make(folder, path, place, error);
    free(folder);
    return status;
}

/* Makes an empty file of each name; *taken is the first one that is there already, or `count`. */
static demgrad_status take_names(const dg_workplace *place, const named *names, size_t count,
                                 size_t *taken, demgrad_error *error) {
    bool is_taken = false;
    for (*taken = 0; *taken < count; ++*taken) {
        char *path = dg_path_join(place->path, names[*taken].name);
        if (!path)
            return dg_fail_memory(error, "a file's name");
        const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        is_taken = file < 0 && errno == EEXIST;
        if (is_taken)
            unlink(path); /* its twin goes too */
        if (file >= 0)
            close(file);
        free(path);
        if (is_taken)
            break;
    }
    return DEMGRAD_OK;
}

/* The first of the names whose file is not there. */
static demgrad_status find_gone(const dg_workplace *place, const named *names, size_t count,
                                size_t *gone, demgrad_error *error) {
    bool is_there = true;
    for (*gone = 0; *gone < count; ++*gone) {
        char *path = dg_path_join(place->path, names[*gone].name);
        if (!path)
            return dg_fail_memory(error, "a file's name");
        is_there = access(path, F_OK) == 0;
        free(path);
        if (!is_there)
            break;
    }
    return DEMGRAD_OK;
}

/* Among names that are loosely the same. */
static demgrad_status try_names(dg_workplace *place, const char *path, const named *names,
                                size_t count, const named *twins[2], demgrad_error *error) {
    size_t taken, gone;
    if (!place->path && make_place(path, place, NULL) != DEMGRAD_OK)
        return DEMGRAD_OK;
    demgrad_status status = take_names(place, names, count, &taken, error);
    if (status || taken == count)
        return status;
    status = find_gone(place, names, taken, &gone, error);
    if (!status && gone < taken) {
        twins[0] = &names[gone];
        twins[1] = &names[taken];
    }
    return status;
}

static bool find_same(const named *names, size_t count, const named *twins[2]) {
    for (size_t i = 1; i < count; i++) {
        if (strcmp(names[i - 1].name, names[i].name) == 0) {
            twins[0] = &names[i - 1];
            twins[1] = &names[i];
            return true;
        }
    }
    return false;
}

/* How many of the sorted names are loosely the same as the first. */
static size_t count_alike(const named *names, size_t count) {
    size_t n = 1;
    while (n < count && compare_loosely(names[0].name, names[n].name) == 0)
        n++;
    return n;
}

demgrad_status dg_twins_find(const char *const *paths, size_t count, size_t pair[2], bool *found,
                             demgrad_error *error) {
    dg_workplace place = DG_NO_WORKPLACE;
    const named *twins[2] = {NULL, NULL};
    demgrad_status status = DEMGRAD_OK;
    named *names = dg_alloc(count, sizeof *names, "the outputs", error);
    if (!names)
        return DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++)
        names[i] = (named){dg_path_name(paths[i]), i};
    qsort(names, count, sizeof *names, compare);
    for (size_t i = 0, n; i < count && !status && !twins[0]; i += n) {
        n = count_alike(names + i, count - i);
        if (n > 1 && !find_same(names + i, n, twins) && !dg_path_is_virtual(paths[0]))
            status = try_names(&place, paths[0], names + i, n, twins, error);
    }
    *found = !status && twins[0];
    if (*found) {
        const bool in_order = twins[0]->index < twins[1]->index;
        pair[0] = twins[!in_order]->index;
        pair[1] = twins[in_order]->index;
    }
    dg_unfinished_remove(&place);
    free(names);
    return status;
}
