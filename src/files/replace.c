/* What an output may replace, and where it may be. */
#include "publication.h"

#include "holds_raster.h"
#include "moves.h"
#include "parts.h"
#include "path.h"

#include <cpl_vsi.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static demgrad_status fail_path(const char *path, int reason, demgrad_error *error) {
    if (reason == ENAMETOOLONG && strlen(dg_path_name(path)) > NAME_MAX)
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: its name has %zu bytes, and %d are the most; give a shorter one", path,
                       strlen(dg_path_name(path)), NAME_MAX);
    if (reason == ENAMETOOLONG)
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: has %zu bytes, and the system takes paths of %d; give a shorter one",
                       path, strlen(path), PATH_MAX - 1);
    return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be written: %s", path,
                   strerror(reason));
}

/* Nothing leaves such a folder any more: neither what is temporary nor what is replaced. */
static bool may_only_grow(const char *folder) {
#ifdef STATX_ATTR_APPEND
    struct statx found;
    return statx(AT_FDCWD, folder, 0, STATX_TYPE, &found) == 0 &&
           (found.stx_attributes & STATX_ATTR_APPEND) != 0;
#else
    (void)folder;
    return false;
#endif
}

static demgrad_status check_folder(const char *path, const char *folder, demgrad_error *error) {
    struct stat found;
    if (stat(folder, &found) != 0 && errno != ENOENT && errno != ENOTDIR)
        return fail_path(path, errno, error);
    if (stat(folder, &found) != 0 || !S_ISDIR(found.st_mode))
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: cannot be written: there is no folder %s; create it first", path,
                       folder);
    const int reason = access(folder, W_OK | X_OK) != 0 ? errno : 0;
    if (reason == EACCES)
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: cannot be written: no permission to write in %s", path, folder);
    if (reason)
        return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be written: %s: %s", path, folder,
                       strerror(reason));
    if (may_only_grow(folder))
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: cannot be written: files can only be added to %s (chattr +a), and not "
                       "renamed there",
                       path, folder);
    return DEMGRAD_OK;
}

static demgrad_status check_virtual(const char *path, demgrad_error *error) {
    if (!dg_path_is_virtual(path) || strncmp(path, "/vsimem/", 8) == 0)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_WRITE_FAILED,
                   "%s: is no place for an output: outputs are local files, written whole and then "
                   "named; write one, and copy it there",
                   path);
}

/* `name` is what messages call it. */
static demgrad_status check_use(const dg_publication *p, const char *path, const char *name,
                                demgrad_error *error) {
    const char *label = NULL;
    const demgrad_status status =
        p->in_use ? dg_file_set_find(p->in_use, path, &label, error) : DEMGRAD_OK;
    if (!label)
        return status;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "%s: belongs to %s and is not replaced; give the output another name", name,
                   label);
}

/* Whether what is at `path` may be replaced by the output's own file; *replaces: there is something, and it
 * may. */
static demgrad_status check_own(const dg_publication *p, bool *replaces, demgrad_error *error) {
    VSIStatBufL found;
    *replaces = false;
    const demgrad_status status = check_use(p, p->path, p->given, error);
    if (status)
        return status;
    if (!dg_moves_is_taken(p->path))
        return DEMGRAD_OK;
    if (VSIStatExL(p->path, &found, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) != 0)
        return fail_path(p->given, errno, error);
    if (VSI_ISDIR(found.st_mode))
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: is a folder, and is not replaced; name a file in it for the output, or "
                       "remove it first where it is an older output",
                       p->given);
    if (!VSI_ISREG(found.st_mode))
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: is not a regular file and is not replaced; give another name",
                       p->given);
    *replaces = p->overwrite || (p->is_own && p->is_own(p->path, p->origin));
    if (*replaces)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_EXISTS,
                   "%s: exists already; give --overwrite to replace it, or another name", p->given);
}

demgrad_status dg_replace_fail_side(const dg_publication *p, const char *path, bool is_named,
                                    demgrad_error *error) {
    return dg_fail(error, DEMGRAD_EXISTS,
                   "%s: exists already, and would be taken for a part of %s; %s, or give the "
                   "output another name",
                   path, p->given, is_named ? "give --overwrite to replace it" : "move it away");
}

/* Where a part, such as a header, is that of another file too, that would not be read any more, or be
 * another. */
static demgrad_status check_shared(const dg_publication *p, const char *part, const dg_list *parts,
                                   demgrad_error *error) {
    char *sharer;
    demgrad_status status =
        dg_parts_find_sharer(p->path, dg_path_name(part), parts, &sharer, error);
    if (!status && sharer)
        status =
            dg_fail(error, DEMGRAD_EXISTS,
                    "%s: is a part of %s too, and is not replaced; move that away, or give the "
                    "output another name",
                    part, sharer);
    free(sharer);
    return status;
}

/* The same for a file beside it: it goes with an output that is replaced, if it is a part of that. One that
 * is called after the output is nobody else's. */
static demgrad_status check_side(const dg_publication *p, const char *path, const dg_list *parts,
                                 bool is_there, demgrad_error *error) {
    const char *name = dg_path_name(path);
    const demgrad_status status = check_use(p, path, path, error);
    if (status)
        return status;
    if (is_there && dg_is_folder(path)) /* which may hold more than belongs to an output */
        return dg_replace_fail_side(p, path, false, error);
    const bool is_named = dg_parts_are_named(name, dg_path_name(p->path));
    const bool is_part = is_named || dg_list_has(parts, name);
    if (!is_there || (is_named && (p->overwrite || p->replaces)))
        return DEMGRAD_OK;
    if (is_part && p->replaces)
        return check_shared(p, path, parts, error);
    return dg_replace_fail_side(p, path, is_named, error);
}

/* The names of files that are not to be there, or to go: those that the output has, its own aside, those that
 * would be taken for its parts, and `parts` of the one that it replaces. */
static dg_list list_sides(const dg_publication *p, char *const *names, const dg_list *parts) {
    dg_list sides = {0};
    const char *own = dg_path_name(p->path);
    for (int i = 0; names && names[i]; i++) {
        if (strcmp(names[i], own) != 0)
            dg_list_add(&sides, names[i]);
    }
    for (size_t i = 0; i < parts->count; i++) {
        if (!dg_list_has(&sides, parts->items[i]))
            dg_list_add(&sides, parts->items[i]);
    }
    dg_parts_add_named(&sides, own);
    return sides;
}

static demgrad_status find_replaced_sides(const dg_publication *p, char *const *names,
                                          const dg_list *parts, dg_list *replaced,
                                          demgrad_error *error) {
    dg_list sides = list_sides(p, names, parts);
    demgrad_status status = dg_list_check(&sides, error);
    for (size_t i = 0; i < sides.count && !status; i++) {
        char *path = dg_path_join(p->folder, sides.items[i]);
        const bool is_there = path && dg_moves_is_taken(path);
        status = path ? check_side(p, path, parts, is_there, error)
                      : dg_fail_memory(error, "a file's name");
        if (is_there)
            dg_list_add(replaced, path);
        free(path);
    }
    dg_list_free(&sides);
    return status;
}

demgrad_status dg_replace_find(dg_publication *publication, char *const *names, dg_list *replaced,
                               demgrad_error *error) {
    dg_publication *p = publication;
    dg_list parts = {0};
    demgrad_status status = check_own(p, &p->replaces, error);
    if (!status && p->replaces) {
        dg_list_add(replaced, p->path);
        status = dg_parts_list(p->path, &parts, error);
    }
    if (!status)
        status = find_replaced_sides(p, names, &parts, replaced, error);
    dg_list_free(&parts);
    return status ? status : dg_list_check(replaced, error);
}

/* Side files have longer names than the output. */
static demgrad_status check_length(const dg_publication *p, const char *name,
                                   demgrad_error *error) {
    if (strlen(name) <= NAME_MAX)
        return DEMGRAD_OK;
    char *path = dg_path_join(p->folder, name);
    const demgrad_status status =
        path ? fail_path(path, ENAMETOOLONG, error) : dg_fail_memory(error, "a file's name");
    free(path);
    return status;
}

demgrad_status dg_publish_check(dg_publication *publication, char *const *names,
                                demgrad_error *error) {
    dg_list replaced = {0};
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; names && names[i] && !status; i++)
        status = check_length(publication, names[i], error);
    if (!status)
        status = dg_replace_find(publication, names, &replaced, error);
    dg_list_free(&replaced);
    return status;
}

demgrad_status dg_replace_check_place(dg_publication *publication, demgrad_error *error) {
    dg_publication *p = publication;
    struct stat found;
    demgrad_status status = check_virtual(p->given, error);
    if (!status && !dg_path_is_virtual(p->path) && lstat(p->path, &found) != 0 && errno != ENOENT &&
        errno != ENOTDIR)
        status = fail_path(p->given, errno, error);
    if (!status)
        status = dg_publish_check(p, NULL, error);
    if (!status && !dg_path_is_virtual(p->path))
        status = check_folder(p->given, p->folder, error);
    return status;
}
