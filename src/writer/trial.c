#include "trial.h"

#include "folder_names.h"
#include "format.h"
#include "holds_raster.h"
#include "integers.h"
#include "memory.h"
#include "parts.h"
#include "path.h"
#include "publish.h"
#include "slack.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE = 16 }; /* columns and rows, at most */

/* The draft in small, under its name in a folder that is made as a temporary one. */
static dg_draft make_small(const dg_draft *d, const dg_way *way, const char *folder,
                           bool *is_short) {
    dg_output output = *d->output;
    output.grid.width = dg_min(output.grid.width, SIZE);
    output.grid.height = dg_min(output.grid.height, SIZE);
    dg_list options = {0};
    dg_list_add_all(&options, (const char *const *)d->options);
    *is_short = options.is_short;
    return (dg_draft){
        .way = way,
        .output = dg_output_copy(&output),
        .driver = d->driver,
        .options = options.items,
        .temporary = dg_path_format("%s/new/%s", folder, dg_path_name(d->temporary)),
        .figures = d->figures,
    };
}

/* Of pixel i, counted through all bands: no two are alike, and all have many digits. */
static double value_of(int i) {
    return sin(i + 0.1);
}

static CPLErr write_values(dg_draft *d) {
    const dg_window all = dg_grid_window(&d->output->grid);
    const int n = all.width * all.height;
    double *values = calloc((size_t)(n * d->output->band_count), sizeof *values);
    if (!values) {
        CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for a small raster");
        return CE_Failure;
    }
    for (int i = 0; i < n * d->output->band_count; i++)
        values[i] = value_of(i);
    const dg_block block = {values, DG_DOUBLE, all.width, n, all};
    const CPLErr result = dg_block_rows_add(&d->rows, &block);
    free(values);
    return result;
}

/* What became of the values of band number `band`; NULL where they are nearly the same, but for *loss. */
static const char *find_wrong_values(const dg_draft *d, const dg_reopened *opened, int band,
                                     double *loss) {
    double values[SIZE * SIZE];
    const dg_window w = dg_grid_window(&d->output->grid);
    const int n = w.width * w.height;
    if (GDALRasterIO(dg_reopened_band(opened, band), GF_Read, 0, 0, w.width, w.height, values,
                     w.width, w.height, GDT_Float64, 0, 0) != CE_None)
        return "GDAL cannot read what it writes";
    for (int i = 0; i < n; i++) {
        const double wanted = value_of(band * n + i);
        const bool is_float = d->output->type == DG_FLOAT;
        const double error = fabs(values[i] - (is_float ? (double)(float)wanted : wanted));
        *loss = fmax(*loss, error);
        if (!(error <= DG_SLACK))
            return "values become others, or go elsewhere";
    }
    return NULL;
}

static char *find_wrong_bands(const dg_draft *d, const dg_reopened *opened, double *loss) {
    for (int i = 0; i < d->output->band_count; i++) {
        const char *fault = find_wrong_values(d, opened, i, loss);
        if (fault)
            return dg_fault("in band %d, %s", i + 1, fault);
    }
    return NULL;
}

/* Gives the fault where there was no memory for it. */
static char *find_kept_values(const dg_draft *d, const dg_reopened *opened, bool *keeps) {
    *keeps = true;
    for (int i = 0; i < d->output->band_count && *keeps; i++) {
        char *fault = dg_samples_fault(&d->samples, i, dg_reopened_band(opened, i), NULL, NULL);
        *keeps = !fault;
        if (dg_fault_status(fault, DEMGRAD_OK) == DEMGRAD_OUT_OF_MEMORY)
            return fault;
        dg_fault_free(fault);
    }
    return NULL;
}

/* A folder is never replaced: it could hold more than the output. */
static bool is_unknown(const dg_draft *d, const dg_reopened *opened) {
    const char *key = d->output->identity;
    return key && (dg_is_folder(d->temporary) || !GDALGetMetadataItem(opened->dataset, key, NULL));
}

/* What became of a small raster. The caller frees the fault; *status is its kind: of any raster, or of
 * one that lies as this one does. */
static char *judge(const dg_draft *d, dg_trial *trial, demgrad_status *status) {
    dg_reopened opened = dg_reopen(d->temporary, &d->output->grid);
    char *fault = NULL;
    *status = DEMGRAD_INVALID_OPTION;
    if (!opened.dataset)
        fault = dg_fault("GDAL cannot read what it writes");
    else if (opened.band_count != d->output->band_count)
        fault = dg_fault("it would have %d bands for %d (--bands picks some)", opened.band_count,
                         d->output->band_count);
    else
        fault = dg_describe_placement_fault(&opened, d->output);
    const bool is_lost = !fault && is_unknown(d, &opened);
    if (is_lost)
        fault = dg_fault("a batch would not know its outputs again");
    else if (opened.dataset && opened.band_count == d->output->band_count)
        *status = DEMGRAD_INVALID_ARGUMENT;
    if (!fault)
        fault = find_wrong_bands(d, &opened, &trial->loss);
    if (!fault)
        fault = find_kept_values(d, &opened, &trial->keeps_values);
    if (!fault) {
        char *folder = dg_path_folder(d->temporary);
        dg_list_free(&trial->files);
        trial->kept = dg_describe_kept(&opened, d->output, d->figures);
        trial->keeps_crs = dg_describe_keeps_crs(&opened, d->output);
        if (folder)
            trial->files = dg_folder_names(folder);
        if (!folder || trial->files.is_short)
            fault = dg_fault_memory();
        free(folder);
    }
    dg_reopened_close(&opened);
    return fault;
}

static demgrad_status refuse(const dg_draft *d, const char *fault, demgrad_status status,
                             demgrad_error *error) {
    const bool is_stream = CPLFetchBool(d->options, "STREAMABLE_OUTPUT", false);
    return dg_fail(error, dg_fault_status(fault, status), "%s: %s does not keep it: %s; %s",
                   d->output->target.path, GDALGetDriverShortName(d->driver), fault,
                   is_stream ? "leave out STREAMABLE_OUTPUT=YES, which this GDAL writes wrong"
                             : "try GTiff");
}

static demgrad_status write_small(dg_draft *small, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_continuation c = {0};
    demgrad_status status = dg_draft_start(small, &errors, error);
    if (status)
        return status;
    dg_gdal_errors_begin(&errors);
    const bool wrote = write_values(small) == CE_None;
    dg_gdal_errors_end(&errors);
    if (!wrote || errors.failed || !dg_draft_end(small, &c, &errors))
        return dg_draft_fail(small, "written", &errors, error);
    return DEMGRAD_OK;
}

static demgrad_status try_small(dg_draft *small, dg_trial *trial, demgrad_error *error) {
    dg_gdal_errors errors;
    demgrad_status status = write_small(small, error);
    if (status)
        return status;
    dg_gdal_errors_begin(&errors);
    char *fault = judge(small, trial, &status);
    dg_gdal_errors_end(&errors);
    trial->is_read_clean = !errors.failed;
    status = fault ? refuse(small, fault, status, error) : DEMGRAD_OK;
    dg_fault_free(fault);
    return status;
}

/* Which driver reads a file, and whether it finds the bands in their place; "": none does. */
static void find_reader(const dg_draft *d, char driver[64]) {
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    dg_reopened opened = dg_reopen(d->temporary, &d->output->grid);
    char *fault = opened.dataset ? dg_describe_placement_fault(&opened, d->output) : NULL;
    const char *name = opened.dataset && !fault
                           ? GDALGetDriverShortName(GDALGetDatasetDriver(opened.dataset))
                           : "";
    snprintf(driver, 64, "%s", name);
    dg_fault_free(fault);
    dg_reopened_close(&opened);
    dg_gdal_errors_end(&ignored);
}

static bool has_name(const dg_list *names, const char *name) {
    return CSLFindStringCaseSensitive((CSLConstList)names->items, name) >= 0;
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
        if (has_name(&parts, name))
            dg_list_add(taken, name);
    }
    dg_list_free(&parts);
    return status ? status : dg_list_check(taken, error);
}

/* Lays links to the files beside the output beside the small one, and looks whether it is still read. */
static demgrad_status try_beside(dg_draft *small, const dg_list *paths, dg_list *taken,
                                 demgrad_error *error) {
    char before[64], after[64];
    demgrad_status status = write_small(small, error);
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
    return status ? status : find_taken(small, paths, taken, error);
}

/* In a folder that is made for it. */
static demgrad_status try_in(const dg_draft *d, const dg_way *way, const char *folder,
                             dg_trial *trial, const dg_neighbours *beside, demgrad_error *error) {
    bool is_short;
    dg_draft small = make_small(d, way, folder, &is_short);
    char *inner = dg_path_join(folder, DG_NEW);
    demgrad_status status = DEMGRAD_OK;
    if (is_short || !inner || !small.output || !small.temporary)
        status = dg_fail_memory(error, "a small raster");
    const bool is_made = !status;
    if (is_made) {
        VSIMkdir(folder, 0777);
        VSIMkdir(inner, 0777);
        status = beside ? try_beside(&small, &beside->paths, beside->taken, error)
                        : try_small(&small, trial, error);
    }
    dg_draft_free(&small); /* whose driver may still write, as it is closed */
    if (is_made)
        dg_draft_remove_folder(folder);
    free(inner);
    return status;
}

static demgrad_status try_in_memory(const dg_draft *d, const dg_way *way, dg_trial *trial,
                                    demgrad_error *error) {
    char *folder = dg_publish_memory("/vsimem");
    const demgrad_status status = folder ? try_in(d, way, folder, trial, NULL, error)
                                         : dg_fail_memory(error, "a small raster");
    free(folder);
    return status;
}

static demgrad_status try_on_disk(const dg_draft *d, const dg_way *way, dg_trial *trial,
                                  const dg_neighbours *beside, demgrad_error *error) {
    char *folder = dg_draft_beside(d, "trial");
    const demgrad_status status = folder ? try_in(d, way, folder, trial, beside, error)
                                         : dg_fail_memory(error, "a small raster");
    free(folder);
    return status;
}

/* Whether the disk takes as much as a small raster has. */
static bool has_sound_disk(const dg_draft *d) {
    static const char bytes[65536];
    if (dg_path_is_virtual(d->temporary))
        return true;
    char *path = dg_draft_beside(d, "bytes");
    FILE *file = path ? fopen(path, "wbe") : NULL;
    const bool is_written = file && fwrite(bytes, sizeof bytes, 1, file) == 1;
    const bool is_sound = file && fclose(file) == 0 && is_written;
    if (file)
        unlink(path);
    free(path);
    return is_sound;
}

/* What cannot be written in memory either is not for the disk; but some drivers that claim it, such as
 * netCDF, never can. */
static demgrad_status find_culprit(const dg_draft *d, demgrad_status status, demgrad_error *error) {
    const bool has_memory = GDALGetMetadataItem(d->driver, GDAL_DCAP_VIRTUALIO, NULL) != NULL;
    if (status != DEMGRAD_WRITE_FAILED || !has_memory || !has_sound_disk(d))
        return status;
    if (error)
        error->status = DEMGRAD_INVALID_OPTION;
    return DEMGRAD_INVALID_OPTION;
}

/* Some drivers write to a disk only. A fault of the disk is no reason for another way. */
demgrad_status dg_trial_run(dg_draft *draft, dg_trial *trial, demgrad_error *error) {
    demgrad_error in_memory;
    demgrad_status status = try_in_memory(draft, draft->way, trial, &in_memory);
    if (status == DEMGRAD_OUT_OF_MEMORY && error)
        *error = in_memory;
    if (!status || status == DEMGRAD_OUT_OF_MEMORY)
        return status;
    status = try_on_disk(draft, draft->way, trial, NULL, error);
    if (!status || draft->way == &dg_way_copy || !dg_format_can_copy(draft->driver) ||
        try_in_memory(draft, &dg_way_copy, trial, &in_memory))
        return find_culprit(draft, status, error);
    draft->way = &dg_way_copy;
    return DEMGRAD_OK;
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
            has_name(&trial->files, name) || has_name(&parts, name))
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
    dg_trial ignored = {0};
    if (!status && beside.paths.count > 0)
        status = try_on_disk(draft, draft->way, &ignored, &beside, error);
    dg_list_free(&beside.paths);
    free(folder);
    return status;
}
