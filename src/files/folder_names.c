#include "folder_names.h"

#include "path.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

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

bool dg_has_stem(const char *name, const char *stem) {
    const size_t length = strlen(stem);
    return EQUALN(name, stem, length) && (name[length] == '.' || name[length] == '\0');
}

/* NULL: it is not worth the look. What a folder takes on the disk tells of about how many files it has: a thousand
 * short names take as long as GDAL with opening a raster. */
static DIR *open_small(const char *folder) {
    enum { LARGE = 1 << 15 };
    struct stat found;
    DIR *stream = dg_path_is_virtual(folder) ? NULL : opendir(folder);
    if (!stream || (fstat(dirfd(stream), &found) == 0 && found.st_size <= LARGE))
        return stream;
    closedir(stream);
    return NULL;
}

bool dg_folder_may_have_more(const char *folder, const char *stem, char *const *names) {
    DIR *stream = open_small(folder);
    const struct dirent *entry = NULL;
    bool has = !stream;
    while (!has && (entry = readdir(stream)))
        has = dg_has_stem(entry->d_name, stem) &&
              CSLFindStringCaseSensitive((CSLConstList)names, entry->d_name) < 0;
    if (stream)
        closedir(stream);
    return has;
}
