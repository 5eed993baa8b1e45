/* Whether files that lie beside an output change what GDAL reads of it. */
#include "trial.h"

#include "folder_names.h"
#include "gdal_driver.h"
#include "memory.h"
#include "parts.h"
#include "path.h"
#include "small_raster.h"

#include <cpl_vsi.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Which driver reads a file, and whether it finds the bands in their place; "": none does. */
static void find_reader(const dg_draft *d, char driver[64]) {
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    dg_reopened opened = dg_reopen(d->temporary, &d->output->grid);
    char *fault = opened.dataset ? dg_describe_placement_fault(&opened, d->output) : NULL;
    const char *name = opened.dataset && !fault ? dg_driver_name(opened.dataset) : "";
    snprintf(driver, 64, "%s", name);
    dg_fault_free(fault);
    dg_reopened_close(&opened);
    dg_gdal_errors_end(&ignored);
}

/* Files beside an output, and the names of those that are taken for its parts. */
typedef struct dg_neighbours {
    dg_list paths;
    dg_list *taken;
} dg_neighbours;

/* Those of `paths` that GDAL lists for the small one. */
static demgrad_status find_taken(const dg_draft *small, const dg_list *paths, dg_list *taken,
                                 demgrad_error *error) {
    dg_list parts = {0};
    demgrad_status status = dg_parts_list(small->temporary, &parts, error);
    for (size_t i = 0; i < paths->count && !status; i++) {
        const char *name = dg_path_name(paths->items[i]);
        if (dg_list_has(&parts, name))
            dg_list_add(taken, name);
    }
    dg_list_free(&parts);
    return status ? status : dg_list_check(taken, error);
}

/* Lays links to the files beside the output beside the small one, and looks whether it is still read. A
 * dg_small_task; `user` are the dg_neighbours. */
static demgrad_status try_beside(dg_draft *small, void *user, demgrad_error *error) {
    const dg_neighbours *beside = user;
    const dg_list *paths = &beside->paths;
    char before[64], after[64];
    demgrad_status status = dg_small_write(small, error);
    find_reader(small, before);
    for (size_t i = 0; i < paths->count && !status; i++) {
        char *folder = dg_path_folder(small->temporary);
        char *link = folder ? dg_path_join(folder, dg_path_name(paths->items[i])) : NULL;
        free(folder);
        if (!link)
            return dg_fail_memory(error, "a file's name");
        const bool is_linked = symlink(paths->items[i], link) == 0;
        free(link);
        find_reader(small, after);
        if (is_linked && strcmp(before, after) != 0)
            status = dg_fail(error, DEMGRAD_EXISTS,
                             "%s: lies beside %s, and GDAL would %s it with that; move it away, or "
                             "give the output another name",
                             paths->items[i], small->output->target.path,
                             *after ? "take another format for" : "not read");
    }
    return status ? status : find_taken(small, paths, beside->taken, error);
}

/* Whether a name is the output's without its suffix and goes on as those of its parts do. */
static bool goes_with(const char *name, const char *own) {
    const char *dot = strrchr(own, '.');
    const size_t length = dot && dot > own ? (size_t)(dot - own) : strlen(own);
    return EQUALN(name, own, length) && !isalnum((unsigned char)name[length]);
}

/* The paths of files beside the output that are neither it nor any of those that it will have, nor go with
 * the one that it replaces. */
static demgrad_status list_beside(const dg_draft *d, const dg_trial *trial, const char *folder,
                                  dg_list *beside, demgrad_error *error) {
    const char *own = dg_path_name(d->output->target.path);
    dg_list all = dg_folder_names(folder), parts = {0};
    demgrad_status status = dg_list_check(&all, error);
    if (!status)
        status = dg_parts_list(d->output->target.path, &parts, error);
    for (size_t i = 0; i < all.count && !status; i++) {
        const char *name = all.items[i];
        if (strcmp(name, own) == 0 || dg_parts_are_named(name, own) || !goes_with(name, own) ||
            dg_list_has(&trial->files, name) || dg_list_has(&parts, name))
            continue;
        char *path = dg_path_join(folder, name);
        VSIStatBufL found;
        if (!path || (VSIStatL(path, &found) == 0 && VSI_ISREG(found.st_mode)))
            dg_list_add(beside, path);
        free(path);
    }
    dg_list_free(&all);
    dg_list_free(&parts);
    return status ? status : dg_list_check(beside, error);
}

demgrad_status dg_trial_beside(const dg_draft *draft, const dg_trial *trial, dg_list *taken,
                               demgrad_error *error) {
    char *given = dg_path_is_virtual(draft->output->target.path)
                      ? NULL
                      : dg_path_folder(draft->output->target.path);
    char *folder = given ? realpath(given, NULL) : NULL;
    free(given);
    if (!folder)
        return DEMGRAD_OK;
    dg_neighbours beside = {{0}, taken};
    demgrad_status status = list_beside(draft, trial, folder, &beside.paths, error);
    if (!status && beside.paths.count > 0)
        status = dg_small_on_disk(draft, draft->way, try_beside, &beside, error);
    dg_list_free(&beside.paths);
    free(folder);
    return status;
}
