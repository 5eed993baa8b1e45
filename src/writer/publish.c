#include "publish.h"

#include "file_set.h"
#include "moves.h"
#include "parts.h"
#include "path.h"
#include "rights.h"
#include "side_files.h"
#include "unfinished.h"
#include "workplace.h"

#include <cpl_atomic_ops.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct dg_publication {
    char *given;         /* the output's name in messages */
    char *path, *folder; /* where it leads */
    char *temporary;
    char *new, *old; /* folders in the temporary one */
    dg_workplace place;
    const dg_file_set *in_use;
    bool (*is_own)(const char *path);
    bool overwrite, sync;
    bool replaces; /* something has the output's name, and may be replaced */
};

const char *dg_publication_path(const dg_publication *p) {
    return p->path;
}

const char *dg_publication_temporary(const dg_publication *p) {
    return p->temporary;
}

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

static demgrad_status check_folder(const char *path, const char *folder, demgrad_error *error) {
    struct stat found;
    if (stat(folder, &found) != 0 && errno != ENOENT && errno != ENOTDIR)
        return fail_path(path, errno, error);
    if (stat(folder, &found) != 0 || !S_ISDIR(found.st_mode))
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: cannot be written: there is no folder %s; create it first", path,
                       folder);
    if (access(folder, W_OK | X_OK) != 0)
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: cannot be written: no permission to write in %s", path, folder);
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
    *replaces = p->overwrite || (p->is_own && p->is_own(p->path));
    if (*replaces)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_EXISTS,
                   "%s: exists already; give --overwrite to replace it, or another name", p->given);
}

static demgrad_status fail_side(const dg_publication *p, const char *path, bool is_named,
                                demgrad_error *error) {
    return dg_fail(error, DEMGRAD_EXISTS,
                   "%s: exists already, and would be taken for a part of %s; %s, or give the "
                   "output another name",
                   path, p->given, is_named ? "give --overwrite to replace it" : "move it away");
}

/* The same for a file beside it: it goes with an output that is replaced, if it is a part of that. One that
 * is called after the output is nobody else's. */
static demgrad_status check_side(const dg_publication *p, const char *path, const dg_list *parts,
                                 bool *replaces, demgrad_error *error) {
    const char *name = dg_path_name(path);
    const demgrad_status status = check_use(p, path, path, error);
    if (status)
        return status;
    *replaces = dg_moves_is_taken(path);
    const bool is_named = dg_parts_are_named(name, dg_path_name(p->path));
    const bool is_part =
        is_named || CSLFindStringCaseSensitive((CSLConstList)parts->items, name) >= 0;
    if (!*replaces || (is_named && p->overwrite) || (is_part && p->replaces))
        return DEMGRAD_OK;
    return fail_side(p, path, is_named, error);
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
        if (CSLFindStringCaseSensitive((CSLConstList)sides.items, parts->items[i]) < 0)
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
        bool replaces = false;
        char *path = dg_path_join(p->folder, sides.items[i]);
        status = path ? check_side(p, path, parts, &replaces, error)
                      : dg_fail_memory(error, "a file's name");
        if (replaces)
            dg_list_add(replaced, path);
        free(path);
    }
    dg_list_free(&sides);
    return status;
}

/* Adds the paths of the files that are to be replaced to *replaced, the output's own first. */
static demgrad_status find_replaced(dg_publication *p, char *const *names, dg_list *replaced,
                                    demgrad_error *error) {
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

demgrad_status dg_publish_check(dg_publication *publication, char *const *names,
                                demgrad_error *error) {
    dg_list replaced = {0};
    const demgrad_status status = find_replaced(publication, names, &replaced, error);
    dg_list_free(&replaced);
    return status;
}

char *dg_publish_memory(const char *parent) {
    static volatile int counter = 0;
    return dg_path_format("%s/.demgrad-%d", parent, CPLAtomicInc(&counter));
}

static demgrad_status make_in_memory(dg_publication *p, demgrad_error *error) {
    p->place.path = dg_publish_memory(p->folder);
    char *new = p->place.path ? dg_path_join(p->place.path, DG_NEW) : NULL;
    const bool made = new &&VSIMkdir(p->place.path, 0700) == 0 && VSIMkdir(new, 0700) == 0;
    free(new);
    return made ? DEMGRAD_OK : dg_fail_memory(error, p->path);
}

static demgrad_status make_place(dg_publication *p, demgrad_error *error) {
    demgrad_status status;
    if (dg_path_is_virtual(p->path))
        return make_in_memory(p, error);
    dg_unfinished_begin();
    status = dg_workplace_make(p->folder, p->given, &p->place, error);
    if (!status)
        status = dg_unfinished_add(&p->place, error);
    dg_unfinished_end();
    return status;
}

static demgrad_status name_files(dg_publication *p, demgrad_error *error) {
    p->new = dg_path_join(p->place.path, DG_NEW);
    p->old = dg_path_join(p->place.path, "old");
    p->temporary = p->new ? dg_path_join(p->new, dg_path_name(p->path)) : NULL;
    return p->temporary && p->old ? DEMGRAD_OK : dg_fail_memory(error, "a file's name");
}

static demgrad_status check_link(const char *path, demgrad_error *error) {
    struct stat found;
    if (lstat(path, &found) != 0 || !S_ISLNK(found.st_mode) || stat(path, &found) == 0)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_WRITE_FAILED,
                   "%s: is a link that leads nowhere; remove it, or give another name", path);
}

/* Before anything is made. */
static demgrad_status check(dg_publication *p, demgrad_error *error) {
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

/* A publication that may be made, without its temporary folder. Freed by dg_publish_discard, also where it
 * may not. */
static demgrad_status prepare(const dg_output *output, dg_publication **publication,
                              demgrad_error *error) {
    *publication = NULL;
    const demgrad_status status =
        *output->path ? check_link(output->path, error)
                      : dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the output has no name");
    if (status)
        return status;
    dg_publication *p = *publication = calloc(1, sizeof *p);
    if (!p)
        return dg_fail_memory(error, "an output");
    *p = (dg_publication){.given = strdup(output->path),
                          .path = dg_path_is_virtual(output->path) ? strdup(output->path)
                                                                   : dg_path_target(output->path),
                          .place = {.lock = -1, .folder = -1},
                          .in_use = output->in_use,
                          .overwrite = output->overwrite,
                          .is_own = output->is_own,
                          .sync = output->sync};
    p->folder = p->given && p->path ? dg_path_folder(p->path) : NULL;
    return p->folder ? check(p, error) : dg_fail_memory(error, "a file's name");
}

demgrad_status dg_publish_may(const dg_output *output, demgrad_error *error) {
    dg_publication *p;
    const demgrad_status status = prepare(output, &p, error);
    dg_publish_discard(p);
    return status;
}

demgrad_status dg_publish_begin(const dg_output *output, dg_publication **publication,
                                demgrad_error *error) {
    dg_publication *p;
    demgrad_status status = prepare(output, &p, error);
    if (!status)
        status = make_place(p, error);
    if (!status)
        status = name_files(p, error);
    if (status)
        dg_publish_discard(p);
    else
        *publication = p;
    return status;
}

static bool sync_path(const char *path) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool done = fsync(file) == 0;
    return close(file) == 0 && done;
}

/* Forces the new files to the disk. */
static demgrad_status sync_all(const dg_publication *p, char **names, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; names && names[i] && !status; i++) {
        char *file = dg_path_join(p->new, names[i]);
        if (!file || !sync_path(file))
            status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be forced to the disk: %s",
                             p->given, strerror(errno));
        free(file);
    }
    return status;
}

/* A file that could not be moved away, into the temporary folder, is called by its own place. */
static demgrad_status fail_away(const dg_publication *p, const char *name, int reason,
                                demgrad_error *error) {
    char *path = dg_path_join(p->folder, name);
    const demgrad_status status =
        dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be replaced: %s; nothing was kept",
                path ? path : name, strerror(reason));
    free(path);
    return status;
}

static demgrad_status fail_move(const dg_publication *p, const dg_moves *moves, int reason,
                                demgrad_error *error) {
    const char *path = moves->failed ? moves->failed : p->given;
    if (reason != ENOMEM && strncmp(path, p->old, strlen(p->old)) == 0)
        return fail_away(p, dg_path_name(path), reason, error);
    if (reason == ENOMEM)
        return dg_fail_memory(error, path);
    if (reason == EEXIST)
        return dg_fail(error, DEMGRAD_EXISTS,
                       "%s: appeared meanwhile and is not replaced; nothing was kept; give the "
                       "output another name",
                       path);
    return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be put in place: %s; nothing was kept",
                   path, strerror(reason));
}

static int move_one(dg_moves *moves, const char *from, const char *to, const char *name) {
    char *old = dg_path_join(from, name), *new = dg_path_join(to, name);
    const int reason = old && new ? dg_moves_add(moves, old, new) : ENOMEM;
    free(old);
    free(new);
    return reason;
}

/* Moves the files that are replaced out of the way, but `kept`. */
static int set_aside(const dg_publication *p, char **replaced, const char *kept, dg_moves *moves) {
    int reason = replaced && !dg_moves_is_taken(p->old) && VSIMkdir(p->old, 0700) != 0 ? errno : 0;
    for (int i = 0; replaced && replaced[i] && !reason; i++) {
        if (!kept || strcmp(replaced[i], kept) != 0)
            reason = move_one(moves, p->folder, p->old, dg_path_name(replaced[i]));
    }
    return reason;
}

/* Moves the new files into place, the output's own last: once it is there, all is. */
static int set_in_place(const dg_publication *p, char **names, dg_moves *moves) {
    const char *own = dg_path_name(p->path);
    int reason = 0;
    for (int i = 0; names && names[i] && !reason; i++) {
        if (strcmp(names[i], own) != 0)
            reason = move_one(moves, p->new, p->folder, names[i]);
    }
    return reason ? reason : move_one(moves, p->new, p->folder, own);
}

/* Those of the file that it replaces, or else of the output's own. */
static void keep_all_rights(const dg_publication *p, char **names) {
    struct stat own, old;
    if (!p->replaces || dg_path_is_virtual(p->path) || stat(p->path, &own) != 0)
        return;
    for (int i = 0; names && names[i]; i++) {
        char *new = dg_path_join(p->new, names[i]), *path = dg_path_join(p->folder, names[i]);
        if (new &&path)
            dg_keep_rights(new, stat(path, &old) == 0 ? &old : &own);
        free(path);
        free(new);
    }
}

/* Keeps a second name of the file that another is to replace at once. */
static bool keep_old(const dg_publication *p) {
    char *old = dg_path_join(p->old, dg_path_name(p->path));
    const bool is_kept = old && !dg_path_is_virtual(p->path) &&
                         (mkdir(p->old, 0700) == 0 || errno == EEXIST) && link(p->path, old) == 0;
    free(old);
    return is_kept;
}

static void give_back_old(const dg_publication *p) {
    char *old = dg_path_join(p->old, dg_path_name(p->path));
    if (old)
        VSIRename(old, p->path);
    free(old);
}

/* Fails where GDAL takes another's file for a part of what is in its place now. */
static demgrad_status check_parts(const dg_publication *p, char **names, demgrad_error *error) {
    dg_list parts = {0};
    demgrad_status status = dg_parts_list(p->path, &parts, error);
    for (size_t i = 0; i < parts.count && !status; i++) {
        if (CSLFindStringCaseSensitive(names, parts.items[i]) >= 0)
            continue;
        char *path = dg_path_join(p->folder, parts.items[i]);
        status = path ? fail_side(p, path, false, error) : dg_fail_memory(error, "a file's name");
        free(path);
    }
    dg_list_free(&parts);
    return status;
}

static demgrad_status replace(const dg_publication *p, char **names, char **replaced,
                              demgrad_error *error) {
    dg_moves moves = {0};
    const bool at_once = p->replaces && CSLCount(names) == 1 && keep_old(p);
    bool is_replaced = false;
    int reason = set_aside(p, replaced, at_once ? p->path : NULL, &moves);
    if (!reason && at_once) {
        is_replaced = VSIRename(p->temporary, p->path) == 0;
        reason = is_replaced ? 0 : errno;
    } else if (!reason) {
        reason = set_in_place(p, names, &moves);
    }
    const demgrad_status status =
        reason ? fail_move(p, &moves, reason, error) : check_parts(p, names, error);
    if (status && is_replaced)
        give_back_old(p);
    if (status)
        dg_moves_undo(&moves);
    dg_moves_keep(&moves);
    return status;
}

demgrad_status dg_publish(dg_publication *publication, demgrad_error *error) {
    dg_publication *p = publication;
    const bool sync = p->sync && !dg_path_is_virtual(p->path);
    dg_list names = dg_side_files_list(p->new), replaced = {0};
    demgrad_status status = dg_list_check(&names, error);
    if (!status && sync)
        status = sync_all(p, names.items, error);
    if (!status) {
        dg_unfinished_begin();
        status = find_replaced(p, names.items, &replaced, error);
        if (!status) {
            keep_all_rights(p, names.items);
            status = replace(p, names.items, replaced.items, error);
        }
        if (!status)
            dg_unfinished_count();
        dg_unfinished_end();
    }
    if (!status && sync)
        sync_path(p->folder);
    dg_list_free(&replaced);
    dg_list_free(&names);
    dg_publish_discard(p);
    return status;
}

void dg_publish_discard(dg_publication *publication) {
    dg_publication *p = publication;
    if (!p)
        return;
    if (p->place.path && dg_path_is_virtual(p->place.path))
        VSIRmdirRecursive(p->place.path);
    dg_workplace_erase(&p->place);
    dg_unfinished_drop(&p->place);
    dg_workplace_remove(&p->place);
    free(p->old);
    free(p->new);
    free(p->temporary);
    free(p->folder);
    free(p->path);
    free(p->given);
    free(p);
}

void dg_publish_clean(const char *folder) {
    if (!dg_path_is_virtual(folder))
        dg_workplace_clean(folder);
}
