/* From a temporary name to the output's: what is written appears whole, or not at all.
 *
 * What has the output's name is replaced only where the output allows it, and never when it is in use;
 * its parts, which GDAL lists for it, go with it, unless they are those of another file too. A file
 * that is not its part is not replaced, and where GDAL would take it for a part of the new output
 * (t.tfw of t.tif), nothing is; but those that can be no other's (t.tif.ovr) go, with a word where
 * there was no t.tif. One file replaces another at once, and gets its owner and permissions. Where an
 * output has several files (ENVI's header), or old side files must go, these move into the temporary
 * folder first, the output's own file before the others, and the new ones into place, the output's own
 * last: so a crash leaves the old set, the new one, or none that looks whole. On failure all is as it
 * was. */
#ifndef DG_PUBLISH_H
#define DG_PUBLISH_H

#include "fail.h"
#include "file_set.h"
#include "messages.h"

#include <stdbool.h>
#include <stddef.h>

/* Temporary folders that outputs leave to the next ones of their folders. Safe from several threads. */
typedef struct dg_places dg_places;

/* NULL: out of memory. */
dg_places *dg_places_new(void);

/* Removes them. NULL is allowed. */
void dg_places_free(dg_places *places);

/* Where an output goes. */
typedef struct dg_target {
    const char *path;
    bool overwrite; /* what has the output's name is replaced */
    /* Or it is, where this says so; or NULL. `origin` is what the next one is. */
    bool (*is_own)(const char *path, const char *origin);
    /* What is_own is called with; or NULL. It must live until the output is finished. */
    const char *origin;
    /* What is not, whatever else is said; or NULL. It must live until the output is finished. */
    const dg_file_set *in_use;
    bool sync; /* force the data to the disk before the output gets its name */
    /* Told what goes that had no output; or NULL. They must live until it has begun. */
    const dg_messages *messages;
    /* Whose its temporary folder is; or NULL: it is made for this output alone. They must live until it is
     * finished. */
    dg_places *places;
} dg_target;

typedef struct dg_publication dg_publication;

/* Whether something may be written to target->path, as far as can be told before the work. */
demgrad_status dg_publish_may(const dg_target *target, demgrad_error *error);

/* The same, and gets a temporary folder for it. Strings of `target` need not live on; its set of files
 * must. */
demgrad_status dg_publish_begin(const dg_target *target, dg_publication **publication,
                                demgrad_error *error);

/* The output's name: where a link leads, if target->path is one. */
const char *dg_publication_path(const dg_publication *publication);

/* What is to be written: it has the same name in a folder where nothing else is, which itself is in one for
 * whatever else is temporary. */
const char *dg_publication_temporary(const dg_publication *publication);

/* A name for a folder in memory that no other call has. To be freed with free(); NULL: out of memory. */
char *dg_publish_memory(const char *parent);

/* Fails where a file beside the output would be in the way: `names` (NULL-terminated) are those that it will
 * have. Publishing checks it too, but only after the work. */
demgrad_status dg_publish_check(dg_publication *publication, char *const *names,
                                demgrad_error *error);

/* Where what failed is for want of the folder, which was moved or removed meanwhile, says that in place of what
 * `error` says. Gives the status. */
demgrad_status dg_publish_explain(const dg_publication *publication, demgrad_status status,
                                  demgrad_error *error);

/* Gives the closed files in the temporary folder their names, and frees the publication either way. */
demgrad_status dg_publish(dg_publication *publication, demgrad_error *error);

/* Removes what was written, and frees the publication. NULL is allowed. */
void dg_publish_discard(dg_publication *publication);

/* Removes temporary folders that runs which were killed left in `folder`. */
void dg_publish_clean(const char *folder);

/* For a process that is about to end by _exit(), while calls of its other threads hang: removes what
 * these have written so far, and holds them where they would go on to another file. Returns how many
 * outputs got their name. Calls are not to be made afterwards. */
size_t dg_unfinished_halt(void);

#endif
