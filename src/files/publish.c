#include "publication.h"

#include "folder_names.h"
#include "moves.h"
#include "parts.h"
#include "path.h"
#include "places.h"
#include "rights.h"
#include "unfinished.h"

#include <cpl_atomic_ops.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *dg_publication_path(const dg_publication *p) {
    return p->path;
}

const char *dg_publication_temporary(const dg_publication *p) {
    return p->temporary;
}

char *dg_publish_memory(const char *parent) {
    static volatile int counter = 0;
    return dg_format(NULL, "%s/.demgrad-%d", parent, CPLAtomicInc(&counter));
}

static demgrad_status make_in_memory(dg_publication *p, demgrad_error *error) {
    p->place.path = dg_publish_memory(p->folder);
    char *inner = p->place.path ? dg_path_join(p->place.path, DG_NEW) : NULL;
    const bool made = inner && VSIMkdir(p->place.path, 0700) == 0 && VSIMkdir(inner, 0700) == 0;
    free(inner);
    return made ? DEMGRAD_OK : dg_fail_memory(error, p->path);
}

static demgrad_status make_place(dg_publication *p, demgrad_error *error) {
    return dg_path_is_virtual(p->path)
               ? make_in_memory(p, error)
               : dg_places_take(p->places, p->folder, p->given, &p->place, error);
}

static demgrad_status name_files(dg_publication *p, demgrad_error *error) {
    p->new = dg_path_join(p->place.path, DG_NEW);
    p->old = dg_path_join(p->place.path, "old");
    p->temporary = p->new ? dg_path_join(p->new, dg_path_name(p->path)) : NULL;
    return p->temporary && p->old ? DEMGRAD_OK : dg_fail_memory(error, "a file's name");
}

/* /proc/self/fd/N of a file that was removed is a link to another name. */
static demgrad_status check_target(const dg_publication *p, demgrad_error *error) {
    struct stat given, found;
    if (dg_path_is_virtual(p->path) || stat(p->given, &given) != 0 ||
        (stat(p->path, &found) == 0 && found.st_dev == given.st_dev &&
         found.st_ino == given.st_ino))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_WRITE_FAILED,
                   "%s: is an open file that has no name any more; give a file's name", p->given);
}

static demgrad_status check_link(const char *path, demgrad_error *error) {
    struct stat found;
    if (lstat(path, &found) != 0 || !S_ISLNK(found.st_mode) || stat(path, &found) == 0)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_WRITE_FAILED,
                   "%s: is a link that leads nowhere; remove it, or give another name", path);
}

/* A publication that may be made, without its temporary folder. Freed by dg_publish_discard, also where it
 * may not. */
static demgrad_status prepare(const dg_target *target, dg_publication **publication,
                              demgrad_error *error) {
    *publication = NULL;
    const demgrad_status status =
        *target->path ? check_link(target->path, error)
                      : dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the output has no name");
    if (status)
        return status;
    dg_publication *p = *publication = calloc(1, sizeof *p);
    if (!p)
        return dg_fail_memory(error, "an output");
    *p = (dg_publication){.given = strdup(target->path),
                          .path = dg_path_is_virtual(target->path) ? strdup(target->path)
                                                                   : dg_path_target(target->path),
                          .places = target->places,
                          .place = DG_NO_WORKPLACE,
                          .in_use = target->in_use,
                          .overwrite = target->overwrite,
                          .is_own = target->is_own,
                          .origin = target->origin,
                          .sync = target->sync};
    p->folder = p->given && p->path ? dg_path_folder(p->path) : NULL;
    if (!p->folder)
        return dg_fail_memory(error, "a file's name");
    const demgrad_status leads = check_target(p, error);
    return leads ? leads : dg_replace_check_place(p, error);
}

demgrad_status dg_publish_may(const dg_target *target, demgrad_error *error) {
    dg_publication *p;
    const demgrad_status status = prepare(target, &p, error);
    dg_publish_discard(p);
    return status;
}

/* GDAL would read them with the new output. */
static demgrad_status tell_of_lone_parts(const dg_publication *p, const dg_messages *messages,
                                         demgrad_error *error) {
    dg_list names = {0};
    if (messages && p->overwrite && !p->replaces)
        dg_parts_add_named(&names, dg_path_name(p->path));
    const demgrad_status status = dg_list_check(&names, error);
    for (size_t i = 0; i < names.count && !status; i++) {
        char *path = dg_path_join(p->folder, names.items[i]);
        if (path && dg_moves_is_taken(path))
            dg_warn(messages, "%s: GDAL would take it for a part of %s: it goes when that is there",
                    path, p->given);
        free(path);
    }
    dg_list_free(&names);
    return status;
}

demgrad_status dg_publish_begin(const dg_target *target, dg_publication **publication,
                                demgrad_error *error) {
    dg_publication *p;
    demgrad_status status = prepare(target, &p, error);
    if (!status)
        status = make_place(p, error);
    if (!status)
        status = name_files(p, error);
    if (!status)
        status = tell_of_lone_parts(p, target->messages, error);
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

/* Those of the file that it replaces, or else of the output's own. */
static void keep_all_rights(const dg_publication *p, char **names) {
    struct stat old;
    if (!p->replaces || dg_path_is_virtual(p->path))
        return;
    for (int i = 0; names && names[i]; i++) {
        char *made = dg_path_join(p->new, names[i]), *path = dg_path_join(p->folder, names[i]);
        if (made && path)
            dg_keep_rights(made, stat(path, &old) == 0 ? path : p->path);
        free(path);
        free(made);
    }
}

demgrad_status dg_publish_explain(const dg_publication *publication, demgrad_status status,
                                  demgrad_error *error) {
    const dg_publication *p = publication;
    if (!status || status == DEMGRAD_CANCELLED || status == DEMGRAD_OUT_OF_MEMORY ||
        dg_workplace_is_there(&p->place))
        return status;
    return dg_fail(error, DEMGRAD_WRITE_FAILED,
                   "%s: its folder, or the temporary one in there, was moved, replaced or removed "
                   "meanwhile; nothing of it was kept; run again",
                   p->given);
}

/* Looks once more where something came between the look and the move, such as another run's output of the same
 * name, and may be replaced. */
static demgrad_status replace(dg_publication *p, char **names, demgrad_error *error) {
    enum { MOST_TRIES = 8 };
    demgrad_status status = DEMGRAD_EXISTS;
    for (int i = 0; i < MOST_TRIES && status == DEMGRAD_EXISTS && (i == 0 || p->overwrite); i++) {
        dg_list replaced = {0};
        status = dg_replace_find(p, names, &replaced, error);
        if (!status) {
            keep_all_rights(p, names);
            status = dg_put_in_place(p, names, replaced.items, error);
        }
        dg_list_free(&replaced);
    }
    return status;
}

demgrad_status dg_publish(dg_publication *publication, demgrad_error *error) {
    dg_publication *p = publication;
    const bool sync = p->sync && !dg_path_is_virtual(p->path);
    dg_list names = dg_folder_names(p->new);
    demgrad_status status = dg_folder_names_check(&names, p->given, error);
    if (!status && sync)
        status = sync_all(p, names.items, error);
    if (!status) {
        dg_unfinished_begin();
        status = replace(p, names.items, error);
        if (!status)
            dg_unfinished_count();
        dg_unfinished_end();
    }
    if (!status && sync)
        sync_path(p->folder);
    dg_list_free(&names);
    status = dg_publish_explain(p, status, error);
    dg_publish_discard(p);
    return status;
}

void dg_publish_discard(dg_publication *publication) {
    dg_publication *p = publication;
    if (!p)
        return;
    if (p->place.path && dg_path_is_virtual(p->place.path))
        VSIRmdirRecursive(p->place.path);
    dg_places_give(p->places, &p->place);
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
