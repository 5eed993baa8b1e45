/* Disks and quotas fill up, writes are interrupted, and not every error gets through the libraries: a
 * write that libtiff has GDAL buffer can fail without anybody being told. */

#include "prove.h"

#include "extents.h"
#include "folder_names.h"
#include "format.h"
#include "memory.h"
#include "path.h"
#include "proofs.h"
#include "read_back.h"
#include "side_files.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdlib.h>

typedef struct proof {
    const dg_draft *draft;
    const dg_trial *trial;
    const dg_statistics *written; /* of each band; NULL where its samples will do */
    dg_continuation *continuation;
    char *folder;  /* that it is in, and */
    dg_list names; /* of the files there */
    dg_reopened opened;
} proof;

/* What the disk must have lost. */
static char *find_loss(const proof *p) {
    const dg_draft *d = p->draft;
    VSIStatBufL stat;
    if (!p->opened.dataset || VSIStatL(d->temporary, &stat) != 0)
        return dg_fault("it cannot be opened again");
    if (p->opened.band_count != d->output->band_count)
        return dg_fault("%d of %d bands are found again", p->opened.band_count,
                        d->output->band_count);
    char *fault = dg_side_files_fault(p->folder, &p->names, &p->trial->files);
    if (!fault && dg_extents_are_known(p->opened.dataset))
        fault = dg_extents_fault(p->opened.dataset, (vsi_l_offset)stat.st_size,
                                 CPLFetchBool(d->options, "SPARSE_OK", false));
    return fault;
}

/* What it must have lost of the description, where the format would keep it. */
static char *find_forgotten(const proof *p) {
    const dg_kept kept = dg_describe_kept(&p->opened, p->draft->output, p->draft->figures);
    const dg_kept wanted = p->trial->kept;
    const bool has_crs = !p->trial->has_crs || dg_describe_has_crs(&p->opened, p->draft->output);
    const char *lost = !has_crs                            ? "CRS"
                       : wanted.names && !kept.names       ? "band names"
                       : wanted.units && !kept.units       ? "units"
                       : wanted.metadata && !kept.metadata ? "metadata"
                       : wanted.figures && !kept.figures   ? "statistics"
                                                           : NULL;
    return lost ? dg_fault("its %s cannot be read again", lost) : NULL;
}

static char *find_changed_samples(const proof *p) {
    char *fault = NULL;
    for (int i = 0; i < p->draft->output->band_count && p->trial->keeps_values && !fault; i++)
        fault = dg_samples_fault(&p->draft->samples, i, dg_reopened_band(&p->opened, i),
                                 dg_continuation_ask, p->continuation);
    return fault;
}

static char *find_changed_range(const proof *p) {
    const dg_draft *d = p->draft;
    char *fault = NULL;
    for (int i = 0; i < d->output->band_count && p->written && !fault; i++)
        fault = dg_read_back(dg_reopened_band(&p->opened, i), i + 1, &p->written[i],
                             dg_continuation_ask, p->continuation);
    return fault;
}

static demgrad_status fail(const proof *p, const char *what, char *fault, const char *way_out,
                           demgrad_error *error) {
    const dg_draft *d = p->draft;
    if (dg_fault_is_memory(fault, d->output->target.path, error))
        return DEMGRAD_OUT_OF_MEMORY;
    const demgrad_status status =
        dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: %s %s: %s; nothing of it was kept; %s",
                d->output->target.path, GDALGetDriverShortName(d->driver), what, fault, way_out);
    dg_fault_free(fault);
    return status;
}

static demgrad_status find_fault(const proof *p, demgrad_error *error) {
    char *fault = find_loss(p);
    if (fault)
        return fail(p, "was not written whole", fault, "the disk may be full", error);
    fault = dg_describe_placement_fault(&p->opened, p->draft->output);
    if (fault)
        return fail(p, "does not keep its place", fault, "try GTiff", error);
    fault = find_changed_range(p);
    if (fault)
        return fail(p, "does not keep its values", fault, "try GTiff, or another --nodata", error);
    fault = find_forgotten(p);
    if (!fault)
        fault = find_changed_samples(p);
    if (fault)
        return fail(p, "was not written whole", fault, "the disk may be full", error);
    return DEMGRAD_OK;
}

/* Where nothing but its keys tells the CRS. */
static bool is_told_by_keys(const proof *p) {
    const dg_draft *d = p->draft;
    return d->output->crs && dg_format_is_tiff(d->driver) && p->names.count == 1 &&
           GDALGetGCPCount(p->opened.dataset) == 0;
}

/* What GDAL makes of keys is known where it has read the same ones before. */
static bool keeps_crs(const proof *p, const dg_gdal_errors *errors) {
    const dg_output *output = p->draft->output;
    dg_geo_keys keys = {0};
    if (output->proofs && is_told_by_keys(p))
        keys = dg_geo_keys_read(p->draft->temporary);
    bool keeps = dg_proofs_have(output->proofs, output->crs, &keys);
    if (!keeps) {
        keeps = dg_describe_keeps_crs(&p->opened, output);
        if (keeps && !errors->failed)
            dg_proofs_add(output->proofs, output->crs, &keys);
    }
    dg_geo_keys_free(&keys);
    return keeps;
}

static demgrad_status open_again(proof *p, demgrad_error *error) {
    const dg_draft *d = p->draft;
    p->folder = dg_path_folder(d->temporary);
    if (p->folder)
        p->names = dg_folder_names(p->folder);
    if (!p->folder || p->names.is_short)
        return dg_fail_memory(error, d->output->target.path);
    p->opened = dg_reopen(d->temporary, dg_list_items(&p->names), &d->output->grid);
    return DEMGRAD_OK;
}

static void close_again(proof *p) {
    dg_reopened_close(&p->opened);
    dg_list_free(&p->names);
    free(p->folder);
}

demgrad_status dg_prove(const dg_draft *draft, const dg_trial *trial, const dg_statistics *written,
                        dg_continuation *continuation, bool *has_crs, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    proof p = {.draft = draft, .trial = trial, .written = written, .continuation = continuation};
    demgrad_status status = open_again(&p, error);
    if (!status)
        status = find_fault(&p, error);
    *has_crs = !status && keeps_crs(&p, &errors);
    close_again(&p);
    dg_gdal_errors_end(&errors);
    if (!status && trial->is_read_clean && errors.failed)
        status = dg_draft_fail(draft, "read again", &errors, error);
    return status;
}
