/* Disks and quotas fill up, writes are interrupted, and not every error gets through the libraries: a
 * write that libtiff has GDAL buffer can fail without anybody being told. */

#include "prove.h"

#include "extents.h"
#include "format.h"
#include "geo_keys.h"
#include "memory.h"
#include "path.h"
#include "read_back.h"
#include "side_files.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdlib.h>

typedef struct proof {
    const dg_draft *draft;
    const dg_trial *trial;
    const dg_statistics *written; /* of each band; NULL where its samples will do */
    dg_reopened opened;
    dg_continuation *continuation;
    bool has_keys; /* its CRS is in it, */
    dg_hash keys;  /* by these, and the output's is so */
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
    char *folder = dg_path_folder(d->temporary);
    char *fault = folder ? dg_side_files_fault(folder, &p->opened.files, &p->trial->files)
                         : dg_fault_memory();
    free(folder);
    if (!fault && dg_extents_are_known(p->opened.dataset))
        fault = dg_extents_fault(p->opened.dataset, (vsi_l_offset)stat.st_size,
                                 CPLFetchBool(d->options, "SPARSE_OK", false));
    return fault;
}

/* What it must have lost of the description, where the format would keep it. */
static char *find_forgotten(const proof *p) {
    const dg_kept kept = dg_describe_kept(&p->opened, p->draft->output, p->draft->figures);
    const dg_kept wanted = p->trial->kept;
    const bool has_crs = !wanted.crs || dg_describe_has_crs(&p->opened, p->draft->output);
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
    fault = dg_describe_alpha_fault(&p->opened, p->draft->output);
    if (fault)
        return fail(p, "does not keep its bands", fault, "try GTiff without ALPHA", error);
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

/* Where none is beside it, which comes first. */
static void find_keys(proof *p) {
    const dg_draft *d = p->draft;
    VSIStatBufL found;
    if (!d->output->crs || !d->output->seen_crs || !dg_format_is_tiff(d->driver))
        return;
    char *beside = dg_format(NULL, "%s.aux.xml", d->temporary);
    p->keys = dg_hash_new();
    dg_hash_text(&p->keys, d->output->crs);
    p->has_keys =
        beside && VSIStatL(beside, &found) != 0 && dg_geo_keys_add(d->temporary, &p->keys);
    free(beside);
}

static bool keeps_crs(const proof *p) {
    return (p->has_keys && dg_seen_has(p->draft->output->seen_crs, p->keys)) ||
           dg_describe_keeps_crs(&p->opened, p->draft->output);
}

demgrad_status dg_prove(const dg_draft *draft, const dg_trial *trial, const dg_statistics *written,
                        dg_continuation *continuation, bool *has_crs, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    proof p = {.draft = draft,
               .trial = trial,
               .written = written,
               .opened = dg_reopen(draft->temporary, &draft->output->grid),
               .continuation = continuation};
    demgrad_status status = find_fault(&p, error);
    if (!status)
        find_keys(&p);
    *has_crs = !status && keeps_crs(&p);
    dg_reopened_close(&p.opened);
    dg_gdal_errors_end(&errors);
    if (!status && trial->is_read_clean && errors.failed)
        status = dg_draft_fail(draft, "read again", &errors, error);
    if (*has_crs && !status && p.has_keys)
        dg_seen_add(draft->output->seen_crs, p.keys);
    return status;
}
