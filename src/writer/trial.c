#include "trial.h"

#include "folder_names.h"
#include "format.h"
#include "holds_raster.h"
#include "memory.h"
#include "path.h"
#include "slack.h"
#include "small_raster.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What became of the values of band number `band`; NULL where they are nearly the same, but for *loss. */
static const char *find_wrong_values(const dg_draft *d, const dg_reopened *opened, int band,
                                     double *loss) {
    double values[DG_SMALL_SIZE * DG_SMALL_SIZE];
    const dg_window w = dg_grid_window(&d->output->grid);
    const int n = w.width * w.height;
    if (GDALRasterIO(dg_reopened_band(opened, band), GF_Read, 0, 0, w.width, w.height, values,
                     w.width, w.height, GDT_Float64, 0, 0) != CE_None)
        return "GDAL cannot read what it writes";
    for (int i = 0; i < n; i++) {
        const double wanted = dg_small_value(band * n + i);
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

/* What else than the output's bands it has; NULL: these. */
static char *find_other_bands(const dg_draft *d, const dg_reopened *opened) {
    if (!opened->dataset)
        return dg_fault("GDAL cannot read what it writes");
    if (opened->band_count != d->output->band_count)
        return dg_fault("it would have %d band%s in place of %d (--bands picks some)",
                        opened->band_count, opened->band_count == 1 ? "" : "s",
                        d->output->band_count);
    return dg_describe_alpha_fault(opened, d->output);
}

/* What became of a small raster. The caller frees the fault; *status is its kind: of any raster, or of
 * one that lies as this one does. */
static char *judge(const dg_draft *d, dg_trial *trial, demgrad_status *status) {
    dg_reopened opened = dg_reopen(d->temporary, &d->output->grid);
    *status = DEMGRAD_INVALID_OPTION;
    char *fault = find_other_bands(d, &opened);
    const bool has_bands = !fault;
    if (has_bands)
        fault = dg_describe_placement_fault(&opened, d->output);
    const bool is_lost = !fault && is_unknown(d, &opened);
    if (is_lost)
        fault = dg_fault("a batch would not know its outputs again");
    else if (has_bands)
        *status = DEMGRAD_INVALID_ARGUMENT;
    if (!fault)
        fault = find_wrong_bands(d, &opened, &trial->loss);
    if (!fault)
        fault = find_kept_values(d, &opened, &trial->keeps_values);
    if (!fault) {
        trial->kept = dg_describe_kept(&opened, d->output, d->figures);
        trial->kept.crs = dg_describe_has_crs(&opened, d->output);
        trial->keeps_crs = dg_describe_keeps_crs(&opened, d->output);
        fault = opened.files.is_short ? dg_fault_memory() : NULL;
        dg_list_free(&trial->files);
        trial->files = opened.files;
        opened.files = (dg_list){0};
    }
    dg_reopened_close(&opened);
    return fault;
}

static const char *find_way_out(const dg_draft *d) {
    return CPLFetchBool(d->options, "STREAMABLE_OUTPUT", false)
               ? "leave out STREAMABLE_OUTPUT=YES, which this GDAL writes wrong"
           : CSLFetchNameValue(d->options, "ALPHA") ? "leave out ALPHA"
                                                    : "try GTiff";
}

static demgrad_status refuse(const dg_draft *d, const char *fault, demgrad_status status,
                             demgrad_error *error) {
    if (dg_fault_is_memory(fault, d->output->target.path, error))
        return DEMGRAD_OUT_OF_MEMORY;
    return dg_fail(error, status, "%s: %s does not keep it: %s; %s", d->output->target.path,
                   GDALGetDriverShortName(d->driver), fault, find_way_out(d));
}

/* A dg_small_task; `user` is the dg_trial to be filled. */
static demgrad_status try_small(dg_draft *small, void *user, demgrad_error *error) {
    dg_trial *trial = user;
    dg_gdal_errors errors;
    demgrad_status status = dg_small_write(small, error);
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

/* Of the format's own refusal. Many hold a single band, and have different words for it. */
static demgrad_status say_of_bands(const dg_draft *d, demgrad_error *error) {
    const bool may_be_bands = d->output->band_count > 1 && !dg_format_is_tiff(d->driver);
    if (!error)
        return DEMGRAD_INVALID_OPTION;
    const demgrad_error refusal = *error;
    return dg_fail(error, DEMGRAD_INVALID_OPTION, "%s%s", refusal.message,
                   may_be_bands ? "; --bands picks some bands, GTiff holds all" : "");
}

/* What cannot be written in memory either is not for the disk; but some drivers that claim it, such as
 * netCDF, never can. */
static demgrad_status find_culprit(const dg_draft *d, demgrad_status status, demgrad_error *error) {
    const bool has_memory = GDALGetMetadataItem(d->driver, GDAL_DCAP_VIRTUALIO, NULL) != NULL;
    if (status != DEMGRAD_WRITE_FAILED || !has_memory || !has_sound_disk(d))
        return status;
    return say_of_bands(d, error);
}

/* Some drivers write to a disk only. A fault of the disk is no reason for another way. */
demgrad_status dg_trial_run(dg_draft *draft, dg_trial *trial, demgrad_error *error) {
    demgrad_error in_memory;
    demgrad_status status = dg_small_in_memory(draft, draft->way, try_small, trial, &in_memory);
    if (status == DEMGRAD_OUT_OF_MEMORY && error)
        *error = in_memory;
    if (!status || status == DEMGRAD_OUT_OF_MEMORY)
        return status;
    status = dg_small_on_disk(draft, draft->way, try_small, trial, error);
    if (!status || draft->way == &dg_way_copy || !dg_format_can_copy(draft->driver) ||
        dg_small_in_memory(draft, &dg_way_copy, try_small, trial, &in_memory))
        return find_culprit(draft, status, error);
    draft->way = &dg_way_copy;
    return DEMGRAD_OK;
}
