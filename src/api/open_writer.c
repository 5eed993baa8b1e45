#include "open_writer.h"

#include "marks.h"
#include "memory.h"
#include "options.h"
#include "pass.h"
#include "raster_options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *metric_name(const dg_setup *setup) {
    switch (dg_metric_kind_in_force(setup->metric)) {
    case DG_METRIC_GROUND:
        return "ground";
    case DG_METRIC_MAP:
        return "map";
    default:
        return "spacing";
    }
}

static void add(dg_list *items, const char *key, const char *value) {
    char *item = dg_format(NULL, "DEMGRAD_%s=%s", key, value);
    for (char *c = item; c && *c != '='; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    dg_list_add(items, item);
    free(item);
}

/* What is always told, beside what is not as usual. */
static bool is_told(const dg_option *o, const demgrad_raster_options *options) {
    static const char *const always[] = {"frame", "method", "edge-order"};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
        if (strcmp(o->name, always[i]) == 0)
            return true;
    }
    return (o->group == DG_GROUP_INPUT || o->group == DG_GROUP_MEANING ||
            o->group == DG_GROUP_BANDS) &&
           !dg_option_is_list(o) && dg_raster_option_is_set(o, options);
}

/* "K=V" texts. */
static dg_list make_metadata(const dg_setup *setup, const dg_outlet *outlet) {
    dg_list items = {0};
    add(&items, "METRIC", metric_name(setup)); /* the one in force */
    for (size_t i = 0; i < dg_raster_option_count; i++) {
        const dg_option *o = &dg_raster_options[i];
        char value[1024];
        dg_option_text(o, setup->options, value, sizeof value);
        if (*value && is_told(o, setup->options) && strcmp(o->name, "metric") != 0)
            add(&items, o->name, value);
    }
    add(&items, "VERSION", demgrad_version());
    if (outlet->fingerprint)
        add(&items, "FINGERPRINT", outlet->fingerprint);
    if (outlet->origin)
        dg_list_add(&items, outlet->origin);
    return items;
}

static demgrad_status write_or_try(const dg_output *output, dg_writer **writer,
                                   demgrad_error *error) {
    demgrad_status status = writer ? dg_writer_create(output, writer, error) : DEMGRAD_OK;
    /* The disk may be at fault, or what was asked for. */
    if (!writer || status == DEMGRAD_WRITE_FAILED) {
        demgrad_error fault;
        dg_output again = *output;
        again.messages = writer ? NULL : output->messages; /* who were told already */
        const demgrad_status tried = dg_writer_try(&again, &fault);
        if (!writer || tried == DEMGRAD_INVALID_OPTION) {
            status = tried;
            if (tried)
                dg_fail(error, tried, "%s", fault.message);
        }
    }
    return status;
}

/* The output of an outlet, but for its bands and metadata. */
static dg_output output_of(const dg_pass *pass, const dg_outlet *outlet, int64_t codec_memory) {
    const dg_setup *setup = pass->setup;
    const demgrad_raster_options *o = setup->options;
    const dg_source_info *source = dg_source_describe(dg_pass_source(pass));
    return (dg_output){.target = {.path = outlet->path,
                                  .overwrite = pass->overwrite,
                                  .is_own = pass->is_own,
                                  .origin = outlet->origin,
                                  .in_use = pass->in_use,
                                  .sync = o->sync,
                                  .messages = pass->setup->messages,
                                  .places = pass->places},
                       .format = o->format,
                       .creation_options = o->creation_options,
                       .grid = outlet->grid,
                       .crs = source->crs,
                       .is_point = outlet->is_point,
                       .type = dg_output_type(o),
                       .nodata = o->nodata,
                       .has_statistics = !o->no_statistics,
                       .band_count = setup->recipe.band_count,
                       .messages = pass->messages,
                       .threads = pass->threads,
                       .codec_memory = codec_memory,
                       .seen_crs = pass->seen_crs};
}

demgrad_status dg_expect_writer(const dg_pass *pass, const dg_outlet *outlet, int64_t codec_memory,
                                dg_writer_needs *needs, demgrad_error *error) {
    const dg_output output = output_of(pass, outlet, codec_memory);
    return dg_writer_expect(&output, needs, error);
}

/* Adds them, to be freed by the next call. */
static demgrad_status add_bands_and_metadata(const dg_pass *pass, const dg_outlet *outlet,
                                             dg_list *items, dg_output *output,
                                             demgrad_error *error) {
    const dg_setup *setup = pass->setup;
    *items = make_metadata(setup, outlet);
    dg_output_band *bands =
        dg_alloc((size_t)output->band_count, sizeof *bands, "the output's bands", error);
    if (!bands)
        return DEMGRAD_OUT_OF_MEMORY;
    for (int i = 0; i < output->band_count; i++)
        bands[i] = (dg_output_band){setup->bands[i]->description, setup->bands[i]->unit};
    output->bands = bands;
    output->metadata = dg_list_items(items);
    output->identity = outlet->fingerprint ? DG_FINGERPRINT_KEY : NULL;
    return dg_list_check(items, error);
}

static void free_bands_and_metadata(dg_output *output, dg_list *items) {
    free((dg_output_band *)output->bands);
    dg_list_free(items);
}

demgrad_status dg_open_writer(const dg_pass *pass, const dg_outlet *outlet, int64_t codec_memory,
                              dg_writer **writer, demgrad_error *error) {
    dg_list items;
    dg_output output = output_of(pass, outlet, codec_memory);
    demgrad_status status = add_bands_and_metadata(pass, outlet, &items, &output, error);
    if (!status)
        status = write_or_try(&output, writer, error);
    free_bands_and_metadata(&output, &items);
    return status;
}

demgrad_status dg_outlet_may_have_crs(const dg_pass *pass, const dg_outlet *outlet, const char *crs,
                                      bool *may, demgrad_error *error) {
    dg_list items;
    dg_output output = output_of(pass, outlet, 0);
    demgrad_status status = add_bands_and_metadata(pass, outlet, &items, &output, error);
    if (!status)
        status = dg_writer_may_have_crs(&output, crs, may, error);
    free_bands_and_metadata(&output, &items);
    return status;
}
