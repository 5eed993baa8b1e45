/* Temporary folders: each is where one output comes about, beside its place, so that it can be moved
 * there, and maybe another one after it. It is called ".demgrad-" and 16 random digits, and holds
 *
 *   lock   says that demgrad made the folder. While its process lives the kernel keeps a lock (flock) on
 *          it, which every process, container and, where the file system shares locks, machine can see;
 *   new/   what becomes the output and its side files;
 *   old/   what they replace, until all are in place;
 *   and what else the writer makes meanwhile, such as a raster that the output is copied from.
 *
 * A folder whose lock is free was left by a run that was killed, and goes on the next run there. */
#ifndef DG_WORKPLACE_H
#define DG_WORKPLACE_H

#include "fail.h"

#include <stdbool.h>

typedef struct dg_workplace {
    char *parent;  /* the folder that it is in */
    char name[32]; /* its own, in there */
    /* How it is to be called: short, also where PARENT/NAME would be too long for GDAL. */
    char *path;
    int lock;   /* a descriptor: the kernel's lock goes with it */
    int folder; /* a descriptor that `path` needs, or -1 */
    int above;  /* that of the parent, wherever that is moved */
} dg_workplace;

/* One that is not made yet, or no longer. */
#define DG_NO_WORKPLACE ((dg_workplace){.lock = -1, .folder = -1, .above = -1})

/* The folder in it that the output's files are in. */
#define DG_NEW "new"

/* Makes one, and that folder in it, in `parent`. The status says what `output` cannot be. */
demgrad_status dg_workplace_make(const char *parent, const char *output, dg_workplace *place,
                                 demgrad_error *error);

/* Whether it is still found by its name: no folder on the way to it was moved, replaced or mounted over. */
bool dg_workplace_is_there(const dg_workplace *place);

/* Removes what an output left in it, so that it is as when it was made. false: something is left. */
bool dg_workplace_empty(const dg_workplace *place);

/* Removes the folder with all that is in it, wherever its parent is by now. false: something is left. */
bool dg_workplace_erase(const dg_workplace *place);

/* The same, and frees what the struct holds. May be called again. */
void dg_workplace_remove(dg_workplace *place);

/* Removes a folder within one, with all that is in it; nothing is followed through a link. */
void dg_workplace_erase_inner(const char *path);

/* Removes those that killed runs left in `parent`. What demgrad did not make stays, nothing is followed
 * through a link; and where a network's file system may not tell a lock that another machine holds,
 * folders of other machines stay too. */
void dg_workplace_clean(const char *parent);

#endif
