#include "catalog.h"

#include "common_grid.h"
#include "input_files.h"
#include "placement.h"
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

static demgrad_status look_at(dg_catalog *c, const char *path, dg_notes *notes, dg_tile *t,
                              demgrad_error *error) {
    GDALDatasetH dataset;
    t->path = dg_copy(path, error);
    demgrad_status status = t->path ? dg_open_dataset(path, &c->options, notes, &dataset, error)
                                    : DEMGRAD_OUT_OF_MEMORY;
    if (status && t->path && c->options.files) /* it is an input all the same */
        dg_input_files_add(c->options.files, NULL, path, c->stamper, &t->stamp, NULL);
    if (status)
        return status;
    status = dg_describe_dataset(dataset, path, &c->options, notes, &t->info, error);
    if (!status && c->options.files)
        status = dg_input_files_add(c->options.files, dataset, path, c->stamper, &t->stamp, error);
    GDALClose(dataset);
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

static demgrad_status look_at_all(dg_catalog *c, const char *const *inputs, bool is_strict,
                                  const dg_messages *messages, demgrad_error *error) {
    dg_notes notes = {0};
    demgrad_status status = DEMGRAD_OK;
    if (c->options.wants_stamps)
        c->stamper = dg_stamper_new(error);
    if (c->options.wants_stamps && !c->stamper)
        return DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < c->count && !status; i++) {
        demgrad_error problem;
        const demgrad_status seen = look_at(c, inputs[i], &notes, &c->tiles[i], &problem);
        if (seen)
            dg_tile_keep_problem(c, &c->tiles[i], &problem);
        const bool is_fatal = seen == DEMGRAD_OUT_OF_MEMORY || (seen && is_strict);
        status = is_fatal ? dg_fail(error, seen, "%s", problem.message)
                          : dg_messages_ask(messages, error);
    }
    dg_warn_notes(messages, &notes);
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
