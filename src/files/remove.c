/* Takes outputs away that nobody wants any more. */
#include "folder_names.h"
#include "memory.h"
#include "opened.h"
#include "output_file.h"
#include "path.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* No link, which could lead to somebody else's. */
static bool is_plain_file(const char *path) {
    VSIStatBufL found;
    struct stat link;
    if (dg_path_is_virtual(path))
        return VSIStatL(path, &found) == 0 && VSI_ISREG(found.st_mode);
    return lstat(path, &link) == 0 && S_ISREG(link.st_mode);
}

/* The output's own file, and others that GDAL says it consists of. */
static dg_file_set *find_own(const char *path) {
    dg_file_set *own = dg_file_set_new();
    dg_opened opened;
    dg_opened_raster(&opened, path);
    char **files = opened.dataset ? GDALGetFileList(opened.dataset) : NULL;
    bool has_memory = own && dg_file_set_add(own, path, path);
    for (int i = 0; files && files[i] && has_memory; i++)
        has_memory = dg_file_set_add(own, files[i], path);
    CSLDestroy(files);
    dg_opened_end(&opened);
    if (has_memory)
        return own;
    dg_file_set_free(own);
    return NULL;
}

/* Whether `name`, in the output's folder, is a file of it beside its own: one whose name says so, and that
 * is of the set or describes a file of it. */
static demgrad_status is_beside(const char *path, const char *name, const char *stem,
                                const dg_file_set *own, const dg_file_set *in_use, bool *is,
                                demgrad_error *error) {
    const size_t length = strlen(stem);
    const char *label = NULL, *used = NULL;
    demgrad_status status = DEMGRAD_OK;
    *is = strncmp(name, stem, length) == 0 && name[length] == '.' && is_plain_file(path);
    if (*is)
        status = dg_file_set_find(own, path, &label, error);
    if (label && in_use)
        status = dg_file_set_find(in_use, path, &used, error);
    *is = label && !used;
    return status;
}

static demgrad_status find_beside(const char *path, const dg_file_set *own,
                                  const dg_file_set *in_use, dg_list *beside,
                                  demgrad_error *error) {
    char *folder = dg_path_folder(path), *stem = dg_path_stem(path);
    dg_list names = {0};
    demgrad_status status = folder && stem ? DEMGRAD_OK : dg_fail_memory(error, path);
    if (!status)
        names = dg_folder_names(folder);
    for (size_t i = 0; i < names.count && !status; i++) {
        bool is = false;
        char *at = dg_path_join(folder, names.items[i]);
        status = at ? is_beside(at, names.items[i], stem, own, in_use, &is, error)
                    : dg_fail_memory(error, path);
        if (is && strcmp(names.items[i], dg_path_name(path)) != 0)
            dg_list_add(beside, at);
        free(at);
    }
    dg_list_free(&names);
    free(stem);
    free(folder);
    return status ? status : dg_list_check(beside, error);
}

static demgrad_status take_away(const char *path, demgrad_error *error) {
    if (VSIUnlink(path) == 0 || errno == ENOENT)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be removed: %s", path, strerror(errno));
}

demgrad_status dg_output_remove(const char *path, const dg_file_set *in_use, demgrad_error *error) {
    if (!is_plain_file(path))
        return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: is no plain file, and is not removed",
                       path);
    dg_list beside = {0};
    dg_file_set *own = find_own(path);
    demgrad_status status = own ? find_beside(path, own, in_use, &beside, error)
                                : dg_fail_memory(error, "the names of files");
    for (size_t i = 0; i < beside.count && !status; i++)
        status = take_away(beside.items[i], error);
    if (!status)
        status = take_away(path, error);
    dg_list_free(&beside);
    dg_file_set_free(own);
    return status;
}
