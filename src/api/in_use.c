#include "in_use.h"

#include "holds_raster.h"
#include "memory.h"
#include "path.h"

#include <stdlib.h>

static demgrad_status add_read(dg_file_set *in_use, const char *path, demgrad_error *error) {
    if (dg_is_folder(path)) /* it stands for inputs in it */
        return DEMGRAD_OK;
    char *label = dg_format(NULL, "the input %s", path);
    const bool added = label && dg_file_set_add(in_use, path, label);
    free(label);
    return added ? DEMGRAD_OK : dg_fail_memory(error, "the names of files");
}

static demgrad_status add_written(dg_file_set *in_use, const char *path, demgrad_error *error) {
    const char *taken;
    const demgrad_status status = dg_file_set_find(in_use, path, &taken, error);
    if (status)
        return status;
    if (taken)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: belongs to %s and is not replaced; give it another name", path, taken);
    char *label = dg_format(NULL, "%s, which is written too,", path);
    const bool added = label && dg_file_set_add_future(in_use, path, label);
    free(label);
    return added ? DEMGRAD_OK : dg_fail_memory(error, "the names of files");
}

demgrad_status dg_in_use_add(dg_file_set *in_use, const demgrad_raster_options *options,
                             demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (const char *const *path = options->also_read; path && *path && !status; path++)
        status = add_read(in_use, *path, error);
    for (const char *const *path = options->also_written; path && *path && !status; path++)
        status = add_written(in_use, *path, error);
    return status;
}
