#include "rivals.h"

#include "path.h"

#include <string.h>

/* Where the names of two files part: after what they have in common, from the last mark that parts
 * words on. */
static size_t parting(const char *a, const char *b) {
    size_t common = 0, mark = 0;
    while (a[common] && a[common] == b[common]) {
        if (strchr("_-. ", a[common]))
            mark = common;
        common++;
    }
    return mark;
}

demgrad_status dg_rivals_refuse(const dg_inputs *inputs, demgrad_error *error) {
    size_t pair[2];
    bool found;
    const demgrad_status status = dg_inputs_find_rivals(inputs, pair, &found, error);
    if (status || !found)
        return status;
    const char *a = dg_inputs_get(inputs, pair[0]).path, *b = dg_inputs_get(inputs, pair[1]).path;
    const char *name_a = dg_path_name(a), *name_b = dg_path_name(b);
    const size_t from = parting(name_a, name_b);
    const char *any = from > 0 ? "*" : "";
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "%s: covers the place of %s with other values, so that they are no tiles of one "
                   "raster; leave one kind out, such as with --exclude '%s%s', or --include '%s%s'",
                   b, a, any, name_b + from, any, name_a + from);
}
