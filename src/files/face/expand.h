/* Names of inputs from folders, lists and tile indexes. */
#ifndef DG_EXPAND_H
#define DG_EXPAND_H

#include "memory.h"
#include "messages.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct dg_expand_options {
    const char *const *include, *const *exclude; /* globs, NULL-terminated, or NULL: see batch.h */
    bool is_recursive;                           /* folders in folders are searched too */
    bool (*skip)(const char *path, void *user);  /* leaves out an entry of a folder; or NULL */
    void *user;
    const dg_messages *messages;
} dg_expand_options;

/* Adds what the names stand for to *paths: the rasters of a folder, the lines of the text file after
 * "@", the entries of a tile index, or the name itself. */
demgrad_status dg_expand(const char *const *names, size_t count, const dg_expand_options *options,
                         dg_list *paths, demgrad_error *error);

#endif
