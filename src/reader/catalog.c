#include "catalog.h"

#include "common_grid.h"
#include "input_files.h"
#include "placement.h"
#include "scan.h"
#include "source.h"
#include "source_crs.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_srs_api.h>
#include <stdlib.h>
#include <string.h>

static demgrad_status compare_crs(const char *a, const char *b, bool *same, demgrad_error *error) {
    *same = strcmp(a, b) == 0;
    if (*same)
        return DEMGRAD_OK;
    OGRSpatialReferenceH crs_a = OSRNewSpatialReference(a), crs_b = OSRNewSpatialReference(b);
    const bool made = crs_a && crs_b;
    *same = made && OSRIsSame(crs_a, crs_b);
    OSRDestroySpatialReference(crs_a);
    OSRDestroySpatialReference(crs_b);
    return made ? DEMGRAD_OK : dg_fail_memory(error, "the comparison of two CRSs");
}

/* Keeps each different CRS once, in its first text, and moves the tile's there. */
static demgrad_status keep_crs(dg_catalog *c, dg_tile *t, demgrad_error *error) {
    char *crs = t->info.crs;
    t->info.crs = NULL;
    demgrad_status status = DEMGRAD_OK;
    bool same = false;
    for (size_t i = 0; crs && !same && !status && i < c->crs_texts.count; i++) {
        t->crs = c->crs_texts.items[i];
        status = compare_crs(t->crs, crs, &same, error);
    }
    if (crs && !same && !status) {
        dg_list_add(&c->crs_texts, crs);
        status = dg_list_check(&c->crs_texts, error);
        t->crs = status ? NULL : c->crs_texts.items[c->crs_texts.count - 1];
    }
    free(crs);
    return status;
}

/* What the catalog keeps of what was seen of an input. */
static demgrad_status take(dg_catalog *c, dg_look *look, dg_tile *t, demgrad_error *error) {
    demgrad_status status = look->status;
    if (status)
        *error = look->error;
    t->info = look->info;
    look->info = (dg_source_info){0};
    if (c->options.files && (!status || !look->dataset)) { /* it is an input all the same */
        const demgrad_status added = dg_input_files_add(
            c->options.files, look->dataset, t->path, c->stamper, &t->stamp, status ? NULL : error);
        status = status ? status : added;
    }
    t->info.input_count = 1;
    const demgrad_status kept = keep_crs(c, t, status ? NULL : error);
    status = status ? status : kept;
    if (status)
        t->info.grid.width = 0; /* it cannot be used */
    return status;
}

/* The first tile that has a problem, as an error. */
static demgrad_status refuse_problems(const dg_catalog *c, demgrad_error *error) {
    for (size_t i = 0; i < c->count; i++) {
        if (c->tiles[i].problem)
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s", c->tiles[i].problem);
    }
    return DEMGRAD_OK;
}

/* Takes what was seen of each in their order, so that messages come in it, too. */
static demgrad_status take_all(dg_catalog *c, dg_scan *scan, bool is_strict,
                               const dg_messages *messages, demgrad_error *error) {
    dg_notes notes = {0};
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < c->count && !status; i++) {
        demgrad_error problem;
        dg_look *look = dg_scan_next(scan);
        const demgrad_status seen = take(c, look, &c->tiles[i], &problem);
        dg_notes_join(&notes, &look->notes);
        if (seen)
            dg_tile_keep_problem(c, &c->tiles[i], &problem);
        const bool is_fatal = seen == DEMGRAD_OUT_OF_MEMORY || (seen && is_strict);
        status = is_fatal ? dg_fail(error, seen, "%s", problem.message)
                          : dg_messages_ask(messages, error);
    }
    dg_warn_notes(messages, &notes);
    return status;
}

static demgrad_status look_at_all(dg_catalog *c, const char *const *inputs, bool is_strict,
                                  const dg_messages *messages, demgrad_error *error) {
    for (size_t i = 0; i < c->count; i++) {
        c->tiles[i].path = dg_copy(inputs[i], error);
        if (!c->tiles[i].path)
            return DEMGRAD_OUT_OF_MEMORY;
    }
    c->stamper = c->options.wants_stamps ? dg_stamper_new(error) : NULL;
    if (c->options.wants_stamps && !c->stamper)
        return DEMGRAD_OUT_OF_MEMORY;
    dg_scan *scan = dg_scan_start(inputs, c->count, &c->options, error);
    const demgrad_status status =
        scan ? take_all(c, scan, is_strict, messages, error) : DEMGRAD_OUT_OF_MEMORY;
    dg_scan_end(scan);
    dg_stamper_free(c->stamper);
    c->stamper = NULL;
    return status;
}

demgrad_status dg_catalog_scan(const char *const *inputs, size_t count,
                               const dg_source_options *options, bool is_strict,
                               const dg_messages *messages, dg_catalog **catalog,
                               demgrad_error *error) {
    demgrad_status status = dg_check_wanted_crs(options->crs, error);
    if (status)
        return status;
    dg_catalog *c = dg_alloc(1, sizeof *c, "the inputs", error);
    if (!c)
        return DEMGRAD_OUT_OF_MEMORY;
    dg_short_paths_init(&c->short_paths);
    c->options = *options;
    c->options.short_paths = &c->short_paths;
    c->tiles = dg_alloc(count, sizeof *c->tiles, "the inputs", error);
    c->count = c->tiles ? count : 0;
    status = c->tiles ? look_at_all(c, inputs, is_strict, messages, error) : DEMGRAD_OUT_OF_MEMORY;
    if (!status)
        status = dg_common_grids_find(c, error);
    if (is_strict && !status)
        status = refuse_problems(c, error);
    if (c->is_short && !status)
        status = dg_fail_memory(error, "what is wrong with the inputs");
    if (status) {
        dg_catalog_free(c);
        return status;
    }
    *catalog = c;
    return DEMGRAD_OK;
}

void dg_catalog_free(dg_catalog *catalog) {
    if (!catalog)
        return;
    for (size_t i = 0; i < catalog->count; i++) {
        dg_placement_free(&catalog->tiles[i].info);
        free(catalog->tiles[i].path);
        free(catalog->tiles[i].problem);
    }
    free(catalog->tiles);
    free(catalog->grids);
    dg_list_free(&catalog->crs_texts);
    dg_short_paths_close(&catalog->short_paths);
    free(catalog);
}
