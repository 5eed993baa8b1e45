#include "stamp.h"

#include "file_kind.h"
#include "holds_raster.h"
#include "memory.h"
#include "path.h"
#include "real_path.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How deep the folders of a raster are searched: Zarr has one for each dimension, at most. */
enum { DEEPEST = 40 };

struct dg_stamper {
    char *folder; /* whose names these are; NULL: none yet */
    char **names; /* sorted */
    size_t count;
};

dg_stamper *dg_stamper_new(demgrad_error *error) {
    return dg_alloc(1, sizeof(dg_stamper), "the names of an input's files", error);
}

static void forget(dg_stamper *s) {
    CSLDestroy(s->names);
    free(s->folder);
    *s = (dg_stamper){0};
}

void dg_stamper_free(dg_stamper *stamper) {
    if (stamper)
        forget(stamper);
    free(stamper);
}

static bool list_folder(dg_stamper *s, const char *folder) {
    if (s->folder && strcmp(s->folder, folder) == 0)
        return true;
    forget(s);
    s->folder = strdup(folder);
    s->names = s->folder ? VSIReadDir(folder) : NULL;
    s->count = (size_t)CSLCount((CSLConstList)s->names);
    dg_texts_sort(s->names, s->count);
    return s->folder != NULL;
}

/* Of the time of change, where the system keeps them: a file can change twice in a second. */
static long nanoseconds(const VSIStatBufL *stat) {
#ifdef __linux__
    return (long)stat->st_mtim.tv_nsec;
#else
    (void)stat;
    return 0;
#endif
}

/* Its number on the disk does not count: what a backup or rsync brings back is the same. */
static bool add_file(dg_hash *stamp, const char *path, const VSIStatBufL *stat) {
    char *place = dg_real_path(path);
    if (!place)
        return false;
    dg_hash file = dg_hash_new();
    dg_hash_text(&file, place);
    dg_hash_add(&file, "%" PRId64 " %" PRId64 ".%ld", (int64_t)stat->st_size,
                (int64_t)stat->st_mtime, nanoseconds(stat));
    dg_hash_join(stamp, file);
    free(place);
    return true;
}

static bool add_folder(dg_hash *stamp, const char *folder, int depth) {
    char **names = depth < DEEPEST ? VSIReadDir(folder) : NULL;
    bool has_memory = true;
    for (int i = 0; names && names[i] && has_memory; i++) {
        VSIStatBufL stat;
        if (EQUAL(names[i], ".") || EQUAL(names[i], ".."))
            continue;
        char *path = dg_path_join(folder, names[i]);
        has_memory = path != NULL;
        if (path && VSIStatL(path, &stat) == 0)
            has_memory = VSI_ISDIR(stat.st_mode) ? add_folder(stamp, path, depth + 1)
                                                 : add_file(stamp, path, &stat);
        free(path);
    }
    CSLDestroy(names);
    return has_memory;
}

/* The first of the folder's names that is not before `stem`. */
static size_t find_first(const dg_stamper *s, const char *stem) {
    size_t first = 0, end = s->count;
    while (first < end) {
        const size_t middle = (first + end) / 2;
        if (strcmp(s->names[middle], stem) < 0)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* Whether the name is the raster's, or that without its ending, and then one that says so. */
static bool is_part_of(const char *name, const char *raster, size_t stem_length) {
    const size_t length = strlen(raster);
    return (strncmp(name, raster, length) == 0 && dg_file_is_part(name + length)) ||
           dg_file_is_part(name + stem_length);
}

static bool add_beside(const dg_stamper *s, dg_hash *stamp, const char *raster, const char *stem) {
    const size_t length = strlen(stem);
    bool has_memory = true;
    for (size_t i = find_first(s, stem);
         i < s->count && strncmp(s->names[i], stem, length) == 0 && has_memory; i++) {
        VSIStatBufL stat;
        if (!is_part_of(s->names[i], raster, length))
            continue;
        char *path = dg_path_join(s->folder, s->names[i]);
        has_memory = path != NULL;
        if (path && VSIStatL(path, &stat) == 0)
            has_memory = add_file(stamp, path, &stat);
        free(path);
    }
    return has_memory;
}

static bool add_parts(dg_stamper *s, dg_hash *stamp, const char *path) {
    char *folder = dg_path_folder(path), *stem = dg_path_stem(path);
    const bool has_memory =
        folder && stem && list_folder(s, folder) && add_beside(s, stamp, dg_path_name(path), stem);
    free(stem);
    free(folder);
    return has_memory;
}

/* What is no file has neither size nor time, nor has a folder: a look into some changes its own. */
static VSIStatBufL look_at(const char *path, bool *is_folder) {
    VSIStatBufL stat = {0};
    const bool is_there = VSIStatL(path, &stat) == 0;
    *is_folder = is_there && VSI_ISDIR(stat.st_mode);
    return is_there && !*is_folder ? stat : (VSIStatBufL){0};
}

bool dg_stamp_add_name(dg_hash *stamp, const char *name) {
    bool is_folder;
    const VSIStatBufL stat = look_at(name, &is_folder);
    return add_file(stamp, name, &stat);
}

bool dg_stamp_add(dg_stamper *stamper, dg_hash *stamp, const char *path) {
    bool is_folder;
    const VSIStatBufL stat = look_at(path, &is_folder);
    if (!add_file(stamp, path, &stat))
        return false;
    if (is_folder)
        return !dg_holds_raster(path) || add_folder(stamp, path, 0);
    const bool has_folder = !dg_path_is_virtual(path) || STARTS_WITH(path, "/vsimem/");
    return !has_folder || add_parts(stamper, stamp, path);
}
