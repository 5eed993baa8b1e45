#include "draft.h"

#include "describe_output.h"
#include "format.h"
#include "memory.h"
#include "path.h"
#include "workplace.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int dg_continuation_ask(void *user) {
    dg_continuation *c = user;
    c->cancelled |= c->go_on && !c->go_on(c->user);
    return !c->cancelled;
}

/* Takes a temporary folder out of a text. */
static void drop(char *text, const char *folder) {
    const size_t length = strlen(folder);
    for (char *found; (found = strstr(text, folder));)
        memmove(found, found + length, strlen(found + length) + 1);
}

/* Makes temporary names in a text final ones, however they are written. */
static void drop_temporary_folder(const dg_draft *d, char *text) {
    char *folder = strndup(d->temporary, (size_t)(dg_path_name(d->temporary) - d->temporary));
    char *own = folder ? strstr(folder, ".demgrad-") : NULL;
    if (folder && STARTS_WITH(folder, "/vsimem/"))
        drop(text, folder);
    if (folder)
        drop(text, own ? own : folder);
    if (own) { /* what is beside it */
        own[strcspn(own, "/") + 1] = '\0';
        drop(text, own);
    }
    free(folder);
}

static bool is_inside_character(char byte) {
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Takes the middle out of what fills a page, such as GPKG's whole script: what failed and why is at its ends. */
static void cut_middle(char *text) {
    enum { MOST = 1000, END = 150 };
    static const char gap[] = " ... ";
    const size_t length = strlen(text);
    char *cut = text + END, *rest = text + length - END;
    if (length <= MOST)
        return;
    while (is_inside_character(*cut))
        cut--;
    while (is_inside_character(*rest))
        rest++;
    memcpy(cut, gap, strlen(gap));
    memmove(cut + strlen(gap), rest, strlen(rest) + 1);
}

/* What a driver lays beside an output, for good or for a while, has a longer name. */
static const char *say_of_name(const dg_draft *d) {
    enum { ROOM = 16 };
    const bool is_long = strlen(dg_path_name(d->output->target.path)) > NAME_MAX - ROOM;
    return is_long && !dg_format_keeps_all(d->driver, d->options)
               ? "; its name may be too long for the files beside it: give a shorter one"
               : "";
}

demgrad_status dg_draft_fail(const dg_draft *draft, const char *what, const dg_gdal_errors *errors,
                             demgrad_error *error) {
    char reason[DEMGRAD_MESSAGE_SIZE];
    CPLStrlcpy(reason, dg_gdal_errors_text(errors, "GDAL gives no reason; the disk may be full"),
               sizeof reason);
    drop_temporary_folder(draft, reason);
    cut_middle(reason);
    return dg_fail(error, errors->no_memory ? DEMGRAD_OUT_OF_MEMORY : DEMGRAD_WRITE_FAILED,
                   "%s: cannot be %s as %s: %s; nothing of it was kept%s",
                   draft->output->target.path, what, GDALGetDriverShortName(draft->driver), reason,
                   say_of_name(draft));
}

static demgrad_status check_band_count(const dg_draft *d, demgrad_error *error) {
    const int held = GDALGetRasterCount(d->dataset), wanted = d->output->band_count;
    if (held >= wanted)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "%s: %s holds no more than %d of the %d bands; pick one with --bands, or try "
                   "GTiff",
                   d->output->target.path, GDALGetDriverShortName(d->driver), held, wanted);
}

demgrad_status dg_draft_start(dg_draft *draft, dg_gdal_errors *errors, demgrad_error *error) {
    dg_draft *d = draft;
    dg_gdal_errors_begin(errors);
    const bool created = d->way->create(d);
    dg_gdal_errors_end(errors);
    if (!created || errors->failed)
        return dg_draft_fail(d, "created", errors, error);
    const demgrad_status status = check_band_count(d, error);
    if (status)
        return status;
    const bool take_all = CPLFetchBool(d->options, "SPARSE_OK", false);
    if (!dg_samples_init(&d->samples, d->dataset, d->output->band_count, take_all))
        return dg_fail_memory(error, "the figures of its blocks");
    dg_block_rows_init(&d->rows, d->dataset, d->output->band_count, &d->samples);
    return DEMGRAD_OK;
}

bool dg_draft_end(dg_draft *draft, dg_continuation *continuation, dg_gdal_errors *errors) {
    dg_block_rows_free(&draft->rows);
    CPLErrorReset();
    dg_gdal_errors_begin(errors);
    if (draft->figures)
        dg_describe_figures(draft->dataset, draft->output, draft->figures);
    const bool closed = draft->way->close(draft, continuation);
    dg_gdal_errors_end(errors);
    return closed && !errors->failed && !continuation->cancelled;
}

char *dg_draft_beside(const dg_draft *draft, const char *name) {
    char *new = dg_path_folder(draft->temporary), *folder = new ? dg_path_folder(new) : NULL;
    char *beside = folder ? dg_path_join(folder, name) : NULL;
    free(folder);
    free(new);
    return beside;
}

void dg_draft_remove_folder(const char *path) {
    if (dg_path_is_virtual(path))
        VSIRmdirRecursive(path);
    else
        dg_workplace_erase_inner(path);
}

void dg_draft_close(dg_draft *draft) {
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    if (draft->dataset)
        GDALClose(draft->dataset);
    draft->dataset = NULL;
    dg_gdal_errors_end(&ignored);
}

void dg_draft_free(dg_draft *draft) {
    dg_draft_close(draft);
    dg_block_rows_free(&draft->rows);
    dg_samples_free(&draft->samples);
    dg_texts_free(draft->options);
    free(draft->temporary);
    dg_output_free(draft->output);
}
