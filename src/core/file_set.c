#include "file_set.h"

#include "integers.h"
#include "memory.h"
#include "path.h"

#include <ctype.h>
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* How a file looks, besides its number. */
typedef struct looks {
    off_t size;
    time_t modified, changed;
    long modified_ns, changed_ns;
} looks;

/* A file; or, with a name, what has or will have that name in the folder that the numbers are of. */
typedef struct member {
    dev_t device;
    ino_t number;
    looks looks;
    char *name; /* NULL: the file itself. A path of GDAL's: all of it, and the numbers are 0. */
    char *label;
    char *path;          /* of a file that is watched; else NULL */
    struct member *next; /* of those */
} member;

struct dg_file_set {
    void *root;     /* of a tree of members */
    void *by_looks; /* of another, of those that are files */
    member *watched;
};

static int compare(const void *a, const void *b) {
    const member *x = a, *y = b;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return strcmp(x->name ? x->name : "", y->name ? y->name : "");
}

static int compare_looks(const void *a, const void *b) {
    const member *x = a, *y = b;
    const looks *l = &x->looks, *m = &y->looks;
    const int orders[] = {x->device == y->device  ? 0
                          : x->device < y->device ? -1
                                                  : 1,
                          dg_compare(l->size, m->size),
                          dg_compare(l->modified, m->modified),
                          dg_compare(l->modified_ns, m->modified_ns),
                          dg_compare(l->changed, m->changed),
                          dg_compare(l->changed_ns, m->changed_ns)};
    int order = 0;
    for (size_t i = 0; i < sizeof orders / sizeof *orders && order == 0; i++)
        order = orders[i];
    return order;
}

dg_file_set *dg_file_set_new(void) {
    return calloc(1, sizeof(dg_file_set));
}

static void free_entry(member *e) {
    free(e->name);
    free(e->label);
    free(e->path);
    free(e);
}

void dg_file_set_free(dg_file_set *set) {
    while (set && set->root) {
        member *e = *(member **)set->root;
        tdelete(e, &set->root, compare);
        member *const *alike = tfind(e, &set->by_looks, compare_looks);
        if (alike && *alike == e)
            tdelete(e, &set->by_looks, compare_looks);
        free_entry(e);
    }
    free(set);
}

/* Adds a copy of `key`, if it is not there. */
static bool add(dg_file_set *set, member key, const char *label) {
    if (tfind(&key, &set->root, compare))
        return true;
    member *e = malloc(sizeof *e);
    if (!e)
        return false;
    *e = key;
    e->name = key.name ? strdup(key.name) : NULL;
    e->label = strdup(label);
    if (e->label && (e->name || !key.name) && tsearch(e, &set->root, compare))
        return e->name || tsearch(e, &set->by_looks, compare_looks);
    free_entry(e);
    return false;
}

static looks looks_of(const struct stat *s) {
    looks l = {.size = s->st_size, .modified = s->st_mtime, .changed = s->st_ctime};
#ifdef __linux__
    l.modified_ns = s->st_mtim.tv_nsec;
    l.changed_ns = s->st_ctim.tv_nsec;
#endif
    return l;
}

static bool identify(const char *path, member *e) {
    struct stat stat_of;
    *e = (member){.name = dg_path_is_virtual(path) ? (char *)path : NULL};
    if (e->name)
        return true;
    if (stat(path, &stat_of) != 0)
        return false;
    e->device = stat_of.st_dev;
    e->number = stat_of.st_ino;
    e->looks = looks_of(&stat_of);
    return true;
}

/* Turns capitals into small letters, and these into capitals, in the last part of a path that has any. */
static void swap_case(char *path) {
    bool has_letter = false;
    for (size_t i = strlen(path); i-- > 0 && !(has_letter && path[i] == '/');) {
        const unsigned char c = (unsigned char)path[i];
        if (!isalpha(c))
            continue;
        has_letter = true;
        path[i] = (char)(isupper(c) ? tolower(c) : toupper(c));
    }
}

/* Whether the file has its name in capitals and in small letters. */
static bool is_caseless(const char *path, const member *file) {
    member other;
    char *swapped = strdup(path);
    if (swapped)
        swap_case(swapped);
    const bool is = swapped && identify(swapped, &other) && compare_looks(file, &other) == 0;
    free(swapped);
    return is;
}

/* The folder that `target` is in, and its name there; 0 in *found: there is no such folder. false: out of
 * memory. */
static bool identify_place(const char *target, member *e, bool *found) {
    char *folder = dg_path_folder(target);
    *found = folder && !dg_path_is_virtual(target) && identify(folder, e);
    e->name = (char *)dg_path_name(target);
    const bool has_memory = folder != NULL;
    free(folder);
    return has_memory;
}

bool dg_file_set_add(dg_file_set *set, const char *path, const char *label) {
    member key;
    return !identify(path, &key) || add(set, key, label);
}

bool dg_file_set_add_future(dg_file_set *set, const char *path, const char *label) {
    member key;
    bool has_folder;
    char *target = dg_path_target(path);
    const bool added = target && identify_place(target, &key, &has_folder) &&
                       (!has_folder || add(set, key, label)) && dg_file_set_add(set, target, label);
    free(target);
    return added;
}

bool dg_file_set_watch(dg_file_set *set, const char *path, const char *label) {
    member key;
    struct stat found;
    if (!identify(path, &key))
        return true;
    member *const *watched = add(set, key, label) ? tfind(&key, &set->root, compare) : NULL;
    if (!watched)
        return false;
    member *m = *watched;
    if (m->name || m->path || stat(path, &found) != 0 || !S_ISREG(found.st_mode))
        return true;
    m->path = strdup(path);
    if (m->path) {
        m->next = set->watched;
        set->watched = m;
    }
    return m->path != NULL;
}

/* Its access may change meanwhile, and so may its number where a process serves the file system. */
static bool is_as_it_was(const member *m) {
    member now;
    const looks *was = &m->looks, *is = &now.looks;
    return !identify(m->path, &now) || (is->size == was->size && is->modified == was->modified &&
                                        is->modified_ns == was->modified_ns);
}

demgrad_status dg_file_set_check(const dg_file_set *set, demgrad_error *error) {
    for (const member *m = set->watched; m; m = m->next) {
        if (!is_as_it_was(m))
            return dg_fail(error, DEMGRAD_READ_FAILED,
                           "%s: was changed while it was read; run again when it is whole",
                           m->path);
    }
    return DEMGRAD_OK;
}

static const char *look_up(const dg_file_set *set, member key) {
    void *const *found = tfind(&key, &set->root, compare);
    return found ? ((const member *)*found)->label : NULL;
}

/* By its looks. File systems without capitals that a process serves, such as exFAT over FUSE, give each way to
 * write a name a number of its own. */
static const char *find_alike(const dg_file_set *set, const char *path, const member *file) {
    void *const *found = tfind(file, &set->by_looks, compare_looks);
    return found && !file->name && is_caseless(path, file) ? ((const member *)*found)->label : NULL;
}

/* As a file that is to be, or one in a folder of the set. */
static bool find_place(const dg_file_set *set, const char *path, bool is_there,
                       const char **label) {
    member key;
    bool has_folder;
    char *target = dg_path_target(path);
    const bool has_memory = target && identify_place(target, &key, &has_folder);
    if (has_memory && has_folder)
        *label = look_up(set, key);
    key.name = NULL;
    if (has_memory && has_folder && is_there && !*label)
        *label = look_up(set, key);
    free(target);
    return has_memory;
}

/* GDAL's names of files that describe another one: what ends so, and how that one ends. */
static const struct side {
    const char *suffix, *of;
} SIDES[] = {{".aux.xml", ""},  {".ovr", ""},      {".msk", ""},     {".tfw", ".tif"},
             {".tfw", ".tiff"}, {".tifw", ".tif"}, {".wld", ".tif"}, {".tab", ".tif"}};

/* As one that describes a file of the set. */
static bool find_described(const dg_file_set *set, const char *path, const char **label) {
    const size_t length = strlen(path);
    bool has_memory = true;
    for (size_t i = 0; i < sizeof SIDES / sizeof *SIDES && has_memory && !*label; i++) {
        const size_t n = strlen(SIDES[i].suffix);
        if (length <= n || strcmp(path + length - n, SIDES[i].suffix) != 0)
            continue;
        member key;
        char *described = dg_format(NULL, "%.*s%s", (int)(length - n), path, SIDES[i].of);
        has_memory = described != NULL;
        if (described && identify(described, &key))
            *label = look_up(set, key);
        free(described);
    }
    return has_memory;
}

demgrad_status dg_file_set_find(const dg_file_set *set, const char *path, const char **label,
                                demgrad_error *error) {
    member key;
    const bool is_there = identify(path, &key);
    bool has_memory = true;
    *label = is_there ? look_up(set, key) : NULL;
    if (is_there && !*label)
        *label = find_alike(set, path, &key);
    if (is_there && !*label)
        has_memory = find_described(set, path, label);
    if (has_memory && !*label)
        has_memory = find_place(set, path, is_there, label);
    return has_memory ? DEMGRAD_OK : dg_fail_memory(error, "the names of files");
}

bool dg_file_set_has(const dg_file_set *set, const char *path) {
    member key;
    return identify(path, &key) && look_up(set, key);
}
