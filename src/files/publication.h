/* What publishing an output knows, and its two steps; private to files. */
#ifndef DG_PUBLICATION_H
#define DG_PUBLICATION_H

#include "memory.h"
#include "publish.h"
#include "workplace.h"

struct dg_publication {
    char *given;         /* the output's name in messages */
    char *path, *folder; /* where it leads */
    char *temporary;
    char *new, *old; /* folders in the temporary one */
    dg_places *places;
    dg_workplace place;
    const dg_file_set *in_use;
    bool (*is_own)(const char *path, const char *origin);
    const char *origin;
    bool overwrite, sync;
    bool replaces; /* something has the output's name, and may be replaced */
};

/* Whether something may be written there, before anything is made. */
demgrad_status dg_replace_check_place(dg_publication *publication, demgrad_error *error);

/* Adds the paths of the files that are to be replaced by `names` (NULL-terminated, or NULL: not known yet) to
 * *replaced, the output's own first. Fails where one may not be. */
demgrad_status dg_replace_find(dg_publication *publication, char *const *names, dg_list *replaced,
                               demgrad_error *error);

/* Fails for a file beside the output that would be taken for a part of it. */
demgrad_status dg_replace_fail_side(const dg_publication *publication, const char *path,
                                    bool is_named, demgrad_error *error);

/* Moves the files `names` into place, and those that they replace out of it. On failure all is as it was. */
demgrad_status dg_put_in_place(const dg_publication *publication, char **names, char **replaced,
                               demgrad_error *error);

#endif
