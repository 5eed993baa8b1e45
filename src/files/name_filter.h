/* Globs that pick inputs by their names; private to files. */
#ifndef DG_NAME_FILTER_H
#define DG_NAME_FILTER_H

#include "messages.h"

#include <stdbool.h>

/* A name must match one of `include`, where there is one, and none of `exclude`. Lists are
 * NULL-terminated, or NULL. */
typedef struct dg_name_filter {
    const char *const *include;
    const char *const *exclude;
    bool *is_used; /* of each glob of both, whether it matched a name */
} dg_name_filter;

demgrad_status dg_name_filter_start(const char *const *include, const char *const *exclude,
                                    dg_name_filter *filter, demgrad_error *error);

/* Whether the input is wanted. A glob is matched with the file's name, one with a slash with `path`,
 * which counts from the folder that the user named. */
bool dg_name_filter_takes(const dg_name_filter *filter, const char *path);

/* Whether a glob of `include` takes it that has its ending: "*.txt" asks for a.txt, "a*" does not. */
bool dg_name_filter_asks(const dg_name_filter *filter, const char *path);

/* Warns of globs that matched nothing: they are mistyped, as a rule. */
void dg_name_filter_end(dg_name_filter *filter, const dg_messages *messages);

#endif
