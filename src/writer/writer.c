#include "writer.h"

#include "creation_options.h"
#include "describe_output.h"
#include "draft.h"
#include "final_names.h"
#include "format.h"
#include "gdal_type.h"
#include "memory.h"
#include "needs.h"
#include "parts.h"
#include "path.h"
#include "prove.h"
#include "publish.h"
#include "quiet.h"
#include "statistics.h"
#include "trial.h"

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dg_writer {
    dg_publication *publication;
    dg_draft draft;
    dg_trial trial;
    dg_statistics *written; /* of each band; NULL where the format keeps the values */
};

static void free_writer(dg_writer *w) {
    dg_draft_free(&w->draft);
    dg_list_free(&w->trial.files);
    free(w->written);
    free(w);
}

static demgrad_status check(const dg_output *output, GDALDriverH *driver, demgrad_error *error) {
    demgrad_status status = dg_format_find(output->format, output->target.path,
                                           dg_gdal_type(output->type), driver, error);
    if (!status)
        status = dg_options_check(*driver, (char **)output->creation_options, error);
    return status;
}

/* The way that suits the output, as far as its driver tells. */
static const dg_way *choose_way(const dg_output *output, GDALDriverH driver, char **options) {
    if (!dg_format_takes_blocks(driver))
        return &dg_way_copy;
    return dg_options_can_be_laid_out(output, driver, options) ? &dg_way_in_place : &dg_way_plain;
}

/* Takes the publication over, also where there is no memory: NULL. */
static dg_writer *new_writer(const dg_output *output, GDALDriverH driver,
                             dg_publication *publication, demgrad_error *error) {
    dg_writer *w = dg_alloc(1, sizeof *w, "an output", error);
    dg_quiet_want(output->target.path);
    dg_list options = dg_options_make(output, driver);
    dg_output own = *output;
    own.target.path = dg_publication_path(publication);
    if (!w || dg_list_check(&options, error)) {
        dg_list_free(&options);
        dg_publish_discard(publication);
        free(w);
        return NULL;
    }
    w->publication = publication;
    w->draft = (dg_draft){
        .way = choose_way(output, driver, options.items),
        .output = dg_output_copy(&own),
        .driver = driver,
        .options = options.items,
        .temporary = dg_copy(dg_publication_temporary(publication), error),
    };
    if (w->draft.output && w->draft.temporary)
        return w;
    dg_fail_memory(error, "an output");
    dg_writer_abandon(w);
    return NULL;
}

/* A CRS is dropped with a warning only: the pixels are where they were. */
static void tell_of_crs(const dg_draft *d, const dg_trial *trial) {
    if (!trial->kept.crs)
        dg_warn(d->output->messages, "%s: %s keeps no CRS: the output has none; GTiff keeps it",
                d->output->target.path, GDALGetDriverShortName(d->driver));
    else if (!trial->keeps_crs)
        dg_warn(d->output->messages,
                "%s: %s does not keep the CRS as it is: the output has another one%s",
                d->output->target.path, GDALGetDriverShortName(d->driver),
                dg_format_is_tiff(d->driver) ? "" : "; GTiff may keep it");
}

/* Likewise what is said of the bands. */
static void tell_of_words(const dg_draft *d, const dg_trial *trial) {
    const struct {
        bool kept;
        const char *name;
    } words[] = {{trial->kept.names, "band names"},
                 {trial->kept.units, "units"},
                 {trial->kept.metadata, "metadata"},
                 {trial->kept.figures, "statistics"}};
    char lost[64] = "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t used = strlen(lost);
        if (!words[i].kept)
            snprintf(lost + used, sizeof lost - used, "%s%s", used ? ", " : "", words[i].name);
    }
    if (*lost)
        dg_warn(d->output->messages, "%s: %s keeps no %s of the output; GTiff does",
                d->output->target.path, GDALGetDriverShortName(d->driver), lost);
}

/* Whether an option says how well values are kept. */
static bool asks_for_loss(char **options) {
    static const char *const names[] = {
        "NBITS",      "DISCARD_LSB",       "MAX_Z_ERROR",        "COMPRESS",
        "QUALITY",    "DECIMAL_PRECISION", "SIGNIFICANT_DIGITS", "DATA_ENCODING",
        "COMPRESSION"};
    bool asks = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        asks |= CSLFetchNameValue(options, names[i]) != NULL;
    return asks;
}

static void tell_of_loss(const dg_draft *d, const dg_trial *trial) {
    const double exact = d->output->type == DG_FLOAT ? 4 * (double)FLT_EPSILON : 64 * DBL_EPSILON;
    if (trial->loss > exact && !asks_for_loss(d->options))
        dg_warn(d->output->messages,
                "%s: %s rounds its values: those from -1 to 1 by up to %.2g; GTiff keeps them",
                d->output->target.path, GDALGetDriverShortName(d->driver), trial->loss);
}

/* No file is made just for the figures: neither does GDAL, unless it is asked for them. They are tried
 * with the figures of a 0, and told where that makes no file more. */
static demgrad_status try_figures(dg_writer *w, demgrad_error *error) {
    const int band_count = w->draft.output->band_count;
    dg_statistics *figures = dg_alloc((size_t)band_count, sizeof *figures, "figures", error);
    if (!figures)
        return DEMGRAD_OUT_OF_MEMORY;
    for (int i = 0; i < band_count; i++)
        figures[i].valid = 1;
    dg_trial trial = {0};
    demgrad_error ignored;
    w->draft.figures = figures;
    const demgrad_status status = dg_trial_run(&w->draft, &trial, &ignored);
    w->draft.figures = NULL;
    w->trial.kept.figures =
        !status && trial.kept.figures && trial.files.count == w->trial.files.count;
    dg_list_free(&trial.files);
    free(figures);
    return status == DEMGRAD_OUT_OF_MEMORY ? dg_fail_memory(error, "figures") : DEMGRAD_OK;
}

static demgrad_status try_format(dg_writer *w, demgrad_error *error) {
    demgrad_status status = dg_trial_run(&w->draft, &w->trial, error);
    if (!status && w->trial.files.count > 0)
        status = dg_publish_check(w->publication, w->trial.files.items, error);
    if (!status && w->trial.files.count > 0 && w->draft.output->has_statistics)
        status = try_figures(w, error);
    if (status)
        return status;
    tell_of_crs(&w->draft, &w->trial);
    tell_of_words(&w->draft, &w->trial);
    tell_of_loss(&w->draft, &w->trial);
    return DEMGRAD_OK;
}

/* GDAL 3.10 lays a stream's blocks a byte off where metadata have an odd length. */
static demgrad_status try_stream(dg_writer *w, demgrad_error *error) {
    dg_trial trial = {0};
    const demgrad_status status = dg_trial_run(&w->draft, &trial, error);
    dg_list_free(&trial.files);
    return status;
}

/* Refuses files beside the output that are not its own and would be read with it. A GTiff has its place and CRS
 * inside, if there are any; other files of it are not known. */
static demgrad_status check_beside(dg_writer *w, demgrad_error *error) {
    const dg_draft *d = &w->draft;
    dg_list taken = {0};
    demgrad_status status = DEMGRAD_OK;
    if (w->trial.files.count > 0 || !d->output->grid.has_geotransform)
        status = dg_trial_beside(d, &w->trial, &taken, error);
    if (!status)
        status = dg_parts_add_unlisted(d->output->target.path, d->driver, &taken, error);
    if (!status && taken.count > 0)
        status = dg_publish_check(w->publication, taken.items, error);
    dg_list_free(&taken);
    return status;
}

/* What is not known of the format is tried. */
static demgrad_status learn_format(dg_writer *w, demgrad_error *error) {
    /* Where nothing is written twice, nothing is known of the values before they are written. */
    const bool is_stream = CPLFetchBool(w->draft.options, "STREAMABLE_OUTPUT", false);
    const int band_count = w->draft.output->band_count;
    const bool keeps_all = dg_format_keeps_all(w->draft.driver, w->draft.options);
    if (keeps_all)
        w->trial = (dg_trial){
            .keeps_values = true,
            .is_read_clean = true,
            .keeps_crs = true,
            .kept = {false, true, true, true, !is_stream}}; /* its CRS is seen to at the end */
    demgrad_status status = DEMGRAD_OK;
    if (!keeps_all)
        status = try_format(w, error);
    else if (is_stream)
        status = try_stream(w, error);
    if (!status)
        status = check_beside(w, error);
    if (status || dg_format_keeps_values(w->draft.driver, w->draft.options))
        return status;
    w->written = dg_alloc((size_t)band_count, sizeof *w->written, "figures", error);
    for (int i = 0; i < band_count && w->written; i++)
        dg_statistics_clear(&w->written[i]);
    return w->written ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
}

/* A writer that nothing will come of. */
static demgrad_status begin_try(const dg_output *output, dg_writer **writer, demgrad_error *error) {
    GDALDriverH driver;
    dg_publication *publication;
    dg_output tried = *output;
    tried.target.overwrite = true; /* it will not come to that */
    tried.target.in_use = NULL;
    tried.target.messages = NULL;
    demgrad_status status = check(output, &driver, error);
    if (!status)
        status = dg_publish_begin(&tried.target, &publication, error);
    if (status)
        return status;
    *writer = new_writer(&tried, driver, publication, error);
    return *writer ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
}

demgrad_status dg_writer_try(const dg_output *output, demgrad_error *error) {
    dg_writer *w;
    demgrad_status status = begin_try(output, &w, error);
    if (status)
        return status;
    status = try_format(w, error);
    dg_writer_abandon(w);
    return status;
}

demgrad_status dg_writer_may_have_crs(const dg_output *output, const char *crs, bool *may,
                                      demgrad_error *error) {
    dg_writer *w;
    dg_trial trial = {0};
    *may = !output->crs || dg_describe_is_crs(crs, output);
    if (*may)
        return DEMGRAD_OK;
    demgrad_status status = begin_try(output, &w, error);
    if (!status) {
        status = dg_trial_run(&w->draft, &trial, error);
        dg_writer_abandon(w);
    }
    *may = status || !trial.keeps_crs;
    dg_list_free(&trial.files);
    return status == DEMGRAD_OUT_OF_MEMORY ? status : DEMGRAD_OK;
}

demgrad_status dg_writer_create(const dg_output *output, dg_writer **writer, demgrad_error *error) {
    GDALDriverH driver;
    dg_publication *publication;
    demgrad_status status = check(output, &driver, error);
    if (!status)
        status = dg_publish_begin(&output->target, &publication, error);
    if (status)
        return status;
    dg_writer *w = new_writer(output, driver, publication, error);
    if (!w)
        return DEMGRAD_OUT_OF_MEMORY;
    status = learn_format(w, error);
    dg_gdal_errors errors;
    if (!status)
        status = dg_draft_start(&w->draft, &errors, error);
    if (status) {
        status = dg_publish_explain(w->publication, status, error);
        dg_writer_abandon(w);
        return status;
    }
    *writer = w;
    return DEMGRAD_OK;
}

dg_writer_needs dg_writer_needs_of(const dg_writer *writer) {
    const dg_draft *d = &writer->draft;
    return dg_needs_of(&d->rows, dg_needs_codec(d->output, d->driver, d->options));
}

demgrad_status dg_writer_expect(const dg_output *output, dg_writer_needs *needs,
                                demgrad_error *error) {
    GDALDriverH driver;
    demgrad_status status = check(output, &driver, error);
    if (status)
        return status;
    dg_list options = dg_options_make(output, driver);
    status = dg_list_check(&options, error);
    if (!status)
        *needs = dg_needs_expect(output, driver, options.items);
    dg_list_free(&options);
    return status;
}

static void keep_figures(const dg_writer *w, const dg_block *block) {
    const dg_output *output = w->draft.output;
    const dg_stored stored = {output->type, output->nodata};
    for (int i = 0; i < output->band_count * block->window.height; i++) {
        const int band = i / block->window.height, row = i % block->window.height;
        dg_statistics_add(&w->written[band], dg_block_row(block, band, row), block->window.width,
                          block->type, &stored);
    }
}

demgrad_status dg_writer_write(dg_writer *writer, const dg_block *block, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const CPLErr result = dg_block_rows_add(&writer->draft.rows, block);
    dg_gdal_errors_end(&errors);
    if (result != CE_None || errors.failed)
        return dg_publish_explain(writer->publication,
                                  dg_draft_fail(&writer->draft, "written", &errors, error), error);
    if (writer->written)
        keep_figures(writer, block);
    return DEMGRAD_OK;
}

void dg_writer_describe(dg_writer *writer, const dg_statistics *bands) {
    writer->draft.figures = writer->trial.kept.figures ? bands : NULL;
}

/* A format that keeps all that can be said in it keeps most CRSs. Where another one came out, a small raster shows
 * whether this is one of the rest or was lost. */
static demgrad_status look_into_crs(dg_writer *w, demgrad_error *error) {
    dg_trial trial = {0};
    const demgrad_status status = dg_trial_run(&w->draft, &trial, error);
    dg_list_free(&trial.files);
    if (status)
        return status;
    if (trial.keeps_crs)
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: its CRS cannot be read again; nothing of it was kept; the disk may be "
                       "full",
                       w->draft.output->target.path);
    tell_of_crs(&w->draft, &trial);
    return DEMGRAD_OK;
}

/* GDAL lays a CRS that GeoTIFF has no words for into a file beside it; and any, where PROJ cannot get at its database
 * while the file is written. */
static demgrad_status tell_of_crs_beside(const dg_draft *d, demgrad_error *error) {
    VSIStatBufL found;
    if (!dg_format_is_tiff(d->driver) || !d->output->crs)
        return DEMGRAD_OK;
    char *path = dg_format(error, "%s.aux.xml", d->temporary);
    CPLXMLNode *tree = path && VSIStatL(path, &found) == 0 ? CPLParseXMLFile(path) : NULL;
    if (tree && CPLGetXMLNode(tree, "=PAMDataset.SRS"))
        dg_warn(d->output->messages,
                "%s: its CRS is in %s.aux.xml, and not in the file itself: keep the two together",
                d->output->target.path, dg_path_name(d->output->target.path));
    CPLDestroyXMLNode(tree);
    const demgrad_status status = path ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
    free(path);
    return status;
}

demgrad_status dg_writer_finish(dg_writer *writer, dg_writer_continue go_on, void *user,
                                demgrad_error *error) {
    dg_continuation c = {go_on, user, false};
    dg_draft *d = &writer->draft;
    dg_gdal_errors errors;
    demgrad_status status = DEMGRAD_OK;
    bool has_crs = true;
    if (!dg_draft_end(d, &c, &errors))
        status = dg_draft_fail(d, "written", &errors, error);
    else if (!dg_format_keeps_all(d->driver, d->options))
        status = dg_final_names(d, error);
    if (!status)
        status = dg_prove(d, &writer->trial, writer->written, &c, &has_crs, error);
    if (!status && writer->trial.keeps_crs && !has_crs)
        status = look_into_crs(writer, error);
    if (!status && !c.cancelled)
        status = tell_of_crs_beside(d, error);
    if (c.cancelled)
        status = dg_fail(error, DEMGRAD_CANCELLED, "%s: cancelled", d->output->target.path);
    dg_publication *publication = writer->publication;
    free_writer(writer);
    if (!status)
        return dg_publish(publication, error);
    status = dg_publish_explain(publication, status, error);
    dg_publish_discard(publication);
    return status;
}

void dg_writer_abandon(dg_writer *writer) {
    if (!writer)
        return;
    dg_draft_close(&writer->draft);
    dg_publish_discard(writer->publication);
    free_writer(writer);
}
