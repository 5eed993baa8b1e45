#include "name_filter.h"

#include "memory.h"
#include "path.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

demgrad_status dg_name_filter_start(const char *const *include, const char *const *exclude,
                                    dg_name_filter *filter, demgrad_error *error) {
    const size_t count =
        (size_t)CSLCount((CSLConstList)include) + (size_t)CSLCount((CSLConstList)exclude);
    *filter = (dg_name_filter){include, exclude, dg_alloc(count, sizeof(bool), "globs", error)};
    return filter->is_used ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
}

static bool matches_any(const char *const *globs, const char *path, bool *is_used) {
    const char *name = dg_path_name(path);
    bool matches = false;
    for (int i = 0; globs && globs[i]; i++) {
        const bool found = fnmatch(globs[i], strchr(globs[i], '/') ? path : name, 0) == 0;
        is_used[i] |= found;
        matches |= found;
    }
    return matches;
}

bool dg_name_filter_takes(const dg_name_filter *filter, const char *path) {
    const int includes = CSLCount((CSLConstList)filter->include);
    const bool is_included = matches_any(filter->include, path, filter->is_used) || includes == 0;
    const bool is_excluded = matches_any(filter->exclude, path, filter->is_used + includes);
    return is_included && !is_excluded;
}

bool dg_name_filter_asks(const dg_name_filter *filter, const char *path) {
    const char *name = dg_path_name(path), *ending = strrchr(name, '.');
    const char *const *globs = filter->include;
    bool asks = false;
    for (int i = 0; ending && globs && globs[i] && !asks; i++) {
        const char *last = strrchr(globs[i], '.');
        asks = last && EQUAL(last, ending) &&
               fnmatch(globs[i], strchr(globs[i], '/') ? path : name, 0) == 0;
    }
    return asks;
}

static void warn_of_unused(const char *option, const char *const *globs, const bool *is_used,
                           const dg_messages *messages) {
    for (int i = 0; globs && globs[i]; i++) {
        if (!is_used[i])
            dg_warn(messages, "%s %s: matches no input", option, globs[i]);
    }
}

void dg_name_filter_end(dg_name_filter *filter, const dg_messages *messages) {
    warn_of_unused("--include", filter->include, filter->is_used, messages);
    warn_of_unused("--exclude", filter->exclude,
                   filter->is_used + CSLCount((CSLConstList)filter->include), messages);
    free(filter->is_used);
}
