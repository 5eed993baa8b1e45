#include "folder_names.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdbool.h>

/* Names that file systems give to files that were removed while they were open: NFS, and those in user
 * space. They go by themselves. */
static bool is_removed(const char *name) {
    return STARTS_WITH(name, ".nfs") || STARTS_WITH(name, ".fuse_hidden");
}

dg_list dg_folder_names(const char *folder) {
    char **all = VSIReadDir(folder);
    dg_list names = {0};
    for (int i = 0; all && all[i]; i++) {
        if (!EQUAL(all[i], ".") && !EQUAL(all[i], "..") && !is_removed(all[i]))
            dg_list_add(&names, all[i]);
    }
    CSLDestroy(all);
    dg_texts_sort(names.items, names.count);
    return names;
}

demgrad_status dg_folder_names_check(const dg_list *names, const char *output,
                                     demgrad_error *error) {
    const demgrad_status status = dg_list_check(names, error);
    return status || names->count > 0
               ? status
               : dg_fail(error, DEMGRAD_WRITE_FAILED,
                         "%s: cannot be written: the folder that it is made in cannot be read",
                         output);
}
