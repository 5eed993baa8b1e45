#include "parts.h"

#include "folder_names.h"
#include "gdal_driver.h"
#include "memory.h"
#include "opened.h"
#include "path.h"

#include <cpl_string.h>
#include <stdlib.h>
#include <string.h>

static const char *const SUFFIXES[] = {".aux.xml", ".ovr", ".msk"};

enum { SUFFIX_COUNT = sizeof SUFFIXES / sizeof *SUFFIXES };

bool dg_parts_are_named(const char *name, const char *own) {
    const size_t length = strlen(own);
    bool is = false;
    for (int i = 0; i < SUFFIX_COUNT && strncmp(name, own, length) == 0; i++)
        is |= strcmp(name + length, SUFFIXES[i]) == 0;
    return is;
}

void dg_parts_add_named(dg_list *names, const char *own) {
    for (int i = 0; i < SUFFIX_COUNT; i++) {
        char *name = dg_format(NULL, "%s%s", own, SUFFIXES[i]);
        if (!name || !dg_list_has(names, name))
            dg_list_add(names, name);
        free(name);
    }
}

/* Files that these drivers read with a raster, but do not list. */
static const struct unlisted {
    const char *driver, *suffix;
} UNLISTED[] = {{"BT", "prj"},
                {"NWT_GRD", "tab"},
                {"ILWIS", "csy"},
                {"ILWIS", "grf"},
                {"ILWIS", "mp#"},
                /* Or list where they have no better place; other programs take theirs first. */
                {"GTiff", "tfw"},
                {"PNG", "wld"},
                {"JPEG", "wld"},
                {"GIF", "wld"}};

/* Whether another driver than that of what lists it opens it. */
static bool is_other(const char *path, GDALDriverH driver) {
    dg_opened opened;
    dg_opened_raster(&opened, path);
    const bool is = opened.dataset && GDALGetDatasetDriver(opened.dataset) != driver;
    dg_opened_end(&opened);
    return is;
}

/* A raster that is listed for its parts. */
typedef struct whole {
    const char *path;
    char *folder, *stem;
    GDALDriverH driver;
} whole;

/* Whether GDAL's `file` is beside the raster, and its name says so: it has no suffix (ERS), or another. */
static bool is_beside(const whole *w, const char *file) {
    const char *name = dg_path_name(file);
    char *folder = dg_path_folder(file);
    const bool is_there = folder && strcmp(folder, w->folder) == 0;
    free(folder);
    return is_there && strcmp(name, dg_path_name(w->path)) != 0 && dg_has_stem(name, w->stem);
}

static void add_listed(const whole *w, char **files, dg_list *names) {
    for (int i = 0; files && files[i]; i++) {
        const char *name = dg_path_name(files[i]);
        if (is_beside(w, files[i]) &&
            (dg_parts_are_named(name, dg_path_name(w->path)) || !is_other(files[i], w->driver)))
            dg_list_add(names, name);
    }
}

static void add_unlisted(const whole *w, dg_list *names) {
    VSIStatBufL found;
    for (size_t i = 0; i < sizeof UNLISTED / sizeof *UNLISTED; i++) {
        if (!EQUAL(GDALGetDriverShortName(w->driver), UNLISTED[i].driver))
            continue;
        char *path = dg_format(NULL, "%s/%s.%s", w->folder, w->stem, UNLISTED[i].suffix);
        names->is_short |= !path;
        if (path && VSIStatL(path, &found) == 0)
            dg_list_add(names, dg_path_name(path));
        free(path);
    }
}

/* A VRT lists the rasters that it is a mosaic of. */
static void add_parts(const char *path, GDALDatasetH dataset, dg_list *names) {
    const whole w = {path, dg_path_folder(path), dg_path_stem(path), GDALGetDatasetDriver(dataset)};
    char **files = dg_has_driver(dataset, "VRT") ? NULL : GDALGetFileList(dataset);
    names->is_short |= !w.folder || !w.stem;
    if (w.folder && w.stem) {
        add_listed(&w, files, names);
        add_unlisted(&w, names);
    }
    CSLDestroy(files);
    free(w.stem);
    free(w.folder);
}

demgrad_status dg_parts_list(const char *path, dg_list *names, demgrad_error *error) {
    dg_opened opened;
    dg_opened_raster(&opened, path);
    if (opened.dataset)
        add_parts(opened.name, opened.dataset, names);
    dg_opened_end(&opened);
    return dg_list_check(names, error);
}

demgrad_status dg_parts_add_unlisted(const char *path, GDALDriverH driver, dg_list *names,
                                     demgrad_error *error) {
    const whole w = {path, dg_path_folder(path), dg_path_stem(path), driver};
    names->is_short |= !w.folder || !w.stem;
    if (w.folder && w.stem)
        add_unlisted(&w, names);
    free(w.stem);
    free(w.folder);
    return dg_list_check(names, error);
}

/* Whether GDAL lists the file `name` beside it for a part of the raster or the vectors at `path`. */
static bool has_part(const char *path, const char *name) {
    dg_opened opened;
    dg_opened_as(&opened, path, GDAL_OF_RASTER | GDAL_OF_VECTOR);
    char **files = opened.dataset ? GDALGetFileList(opened.dataset) : NULL;
    bool has = false;
    for (int i = 0; files && files[i]; i++)
        has |= strcmp(dg_path_name(files[i]), name) == 0;
    CSLDestroy(files);
    dg_opened_end(&opened);
    return has;
}

/* Whether a name has the stem and is none of those. */
static bool may_share(const char *name, const char *stem, const char *own, const dg_list *parts) {
    const size_t length = strlen(stem);
    return strncmp(name, stem, length) == 0 && (name[length] == '.' || !name[length]) &&
           strcmp(name, own) != 0 && !dg_parts_are_named(name, own) && !dg_list_has(parts, name);
}

demgrad_status dg_parts_find_sharer(const char *path, const char *part, const dg_list *parts,
                                    char **sharer, demgrad_error *error) {
    char *folder = dg_path_folder(path), *stem = dg_path_stem(path);
    dg_list names = {0};
    *sharer = NULL;
    if (folder && stem)
        names = dg_folder_names(folder);
    bool is_short = !folder || !stem || names.is_short;
    for (size_t i = 0; i < names.count && !*sharer && !is_short; i++) {
        if (!may_share(names.items[i], stem, dg_path_name(path), parts))
            continue;
        *sharer = dg_path_join(folder, names.items[i]);
        is_short = !*sharer;
        if (*sharer && !has_part(*sharer, part)) {
            free(*sharer);
            *sharer = NULL;
        }
    }
    dg_list_free(&names);
    free(stem);
    free(folder);
    return is_short ? dg_fail_memory(error, "a file's name") : DEMGRAD_OK;
}
