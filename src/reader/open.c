/* Sources from paths. */
#include "catalog.h"
#include "compare.h"
#include "input_files.h"
#include "source.h"

#include <stdlib.h>
#include <string.h>

/* Copies what the options point at. */
static demgrad_status keep_options(dg_source *s, const dg_source_options *options,
                                   demgrad_error *error) {
    dg_list_add_all(&s->open_options, options->open_options);
    dg_list_add_all(&s->drivers, options->drivers);
    if (options->nodata)
        s->own_nodata =
            dg_alloc(options->nodata_count, sizeof *s->own_nodata, "nodata values", error);
    if (s->own_nodata)
        memcpy(s->own_nodata, options->nodata, options->nodata_count * sizeof *s->own_nodata);
    s->options = *options;
    s->options.open_options = dg_list_items(&s->open_options);
    s->options.drivers = dg_list_items(&s->drivers);
    s->options.nodata = s->own_nodata;
    s->options.short_paths = &s->short_paths;
    if (options->nodata && !s->own_nodata)
        return DEMGRAD_OUT_OF_MEMORY;
    const demgrad_status status = dg_list_check(&s->open_options, error);
    return status ? status : dg_list_check(&s->drivers, error);
}

static demgrad_status open_single(const char *input, const dg_source_options *options,
                                  const dg_messages *messages, dg_source **source,
                                  demgrad_error *error) {
    dg_source *s = dg_source_new(input, error);
    if (!s)
        return DEMGRAD_OUT_OF_MEMORY;
    s->is_stream = strncmp(input, "/vsistdin", 9) == 0;
    s->path = dg_copy(input, error);
    demgrad_status status = s->path ? keep_options(s, options, error) : DEMGRAD_OUT_OF_MEMORY;
    dg_notes notes = {0};
    if (!status)
        status = dg_open_dataset(input, &s->options, &notes, &s->spare, error);
    if (!status)
        status = dg_describe_dataset(s->spare, input, options, &notes, &s->info, error);
    if (!status && options->files)
        status = dg_input_files_add(options->files, s->spare, input, NULL, NULL, error);
    dg_warn_notes(messages, &notes);
    s->info.input_count = 1;
    if (status) {
        dg_source_close(s);
        return status;
    }
    *source = s;
    return DEMGRAD_OK;
}

/* Of rasters in one place only the last is seen: another kind of raster would be in silence. */
static demgrad_status warn_of_rivals(const dg_catalog *catalog, const dg_messages *messages,
                                     demgrad_error *error) {
    size_t pair[2];
    bool found;
    const demgrad_status status = dg_compare_find_rivals(catalog, messages, pair, &found, error);
    if (!status && found)
        dg_warn(
            messages,
            "%s: lies on %s, in the same place but with other values; leave one out if they are "
            "not the same kind of raster",
            catalog->tiles[pair[1]].path, catalog->tiles[pair[0]].path);
    return status;
}

/* Far-off inputs make a mosaic of mostly nothing. */
static void warn_of_growth(const dg_catalog *catalog, const dg_messages *messages) {
    const dg_grid *grid = &catalog->grids[0].grid;
    const double most = 4, whole = (double)grid->width * grid->height;
    double inputs = 0;
    for (size_t i = 0; i < catalog->count; i++)
        inputs += (double)catalog->tiles[i].window.width * catalog->tiles[i].window.height;
    if (whole > most * inputs)
        dg_warn(
            messages,
            "the mosaic of %zu inputs has %d x %d pixels, %.3g times those of the inputs, and the "
            "rest is nodata; demgrad batch makes an output of each",
            catalog->count, grid->width, grid->height, whole / inputs);
}

static demgrad_status open_all(const dg_catalog *catalog, dg_source **source,
                               demgrad_error *error) {
    size_t *all = dg_alloc(catalog->count, sizeof *all, "the inputs", error);
    char *name = dg_format(error, "%s (and %zu more)", catalog->tiles[0].path, catalog->count - 1);
    demgrad_status status = all && name ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < catalog->count && all; i++)
        all[i] = i;
    if (!status)
        status = dg_catalog_open(catalog, all, catalog->count, name, NULL, source, error);
    free(name);
    free(all);
    return status;
}

static demgrad_status open_mosaic(const char *const *inputs, size_t count,
                                  const dg_source_options *options, const dg_messages *messages,
                                  dg_source **source, demgrad_error *error) {
    dg_catalog *catalog;
    demgrad_status status =
        dg_catalog_scan(inputs, count, options, true, messages, &catalog, error);
    if (status)
        return status;
    warn_of_growth(catalog, messages);
    status = warn_of_rivals(catalog, messages, error);
    if (!status)
        status = open_all(catalog, source, error);
    if (status)
        dg_catalog_free(catalog);
    else
        (*source)->own_catalog = catalog;
    return status;
}

demgrad_status dg_source_open(const char *const *inputs, size_t count,
                              const dg_source_options *options, const dg_messages *messages,
                              dg_source **source, demgrad_error *error) {
    return count == 1 ? open_single(inputs[0], options, messages, source, error)
                      : open_mosaic(inputs, count, options, messages, source, error);
}
