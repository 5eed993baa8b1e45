/* Files move into place, and those that they replace out of it. */
#include "publication.h"

#include "folder_names.h"
#include "moves.h"
#include "parts.h"
#include "path.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Fails where GDAL takes another's file for a part of what is in its place now. All parts share its stem; opening
 * it takes longer than a look at the names in a folder. */
static demgrad_status check_parts(const dg_publication *p, char **names, demgrad_error *error) {
    dg_list parts = {0};
    char *stem = dg_path_stem(p->path);
    demgrad_status status = stem ? DEMGRAD_OK : dg_fail_memory(error, "a file's name");
    if (!status && dg_folder_may_have_more(p->folder, stem, names))
        status = dg_parts_list(p->path, &parts, error);
    free(stem);
    for (size_t i = 0; i < parts.count && !status; i++) {
        if (CSLFindStringCaseSensitive(names, parts.items[i]) >= 0)
            continue;
        char *path = dg_path_join(p->folder, parts.items[i]);
        status = path ? dg_replace_fail_side(p, path, false, error)
                      : dg_fail_memory(error, "a file's name");
        free(path);
    }
    dg_list_free(&parts);
    return status;
}

demgrad_status dg_put_in_place(const dg_publication *publication, char **names, char **replaced,
                               demgrad_error *error) {
    const dg_publication *p = publication;
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
