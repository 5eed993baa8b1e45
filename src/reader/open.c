/* Sources from paths, and from a catalog. */
#include "catalog.h"
#include "compare.h"
#include "source.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <string.h>

dg_source *dg_catalog_open(const dg_catalog *catalog, const size_t *tiles, size_t count,
                           const char *name, dg_pool *pool) {
    dg_source *s = dg_source_new(name);
    s->catalog = catalog;
    s->pool = pool;
    s->tiles = CPLMalloc(count * sizeof *s->tiles);
    memcpy(s->tiles, tiles, count * sizeof *s->tiles);
    s->tile_count = count;
    /* What reading does to the values, in the words of a plain raster. */
    s->info = catalog->tiles[tiles[count - 1]].info;
    s->info.grid = catalog->grid;
    s->info.crs = catalog->crs ? CPLStrdup(catalog->crs) : NULL;
    s->info.input_count = count;
    s->info.needs_double = catalog->needs_double;
    s->info.has_nodata = catalog->options.nodata != NULL;
    s->info.mask = DG_MASK_NONE;
    for (size_t i = 0; i < count; i++) {
        s->info.has_huge_blocks |= catalog->tiles[tiles[i]].info.has_huge_blocks;
        s->info.has_huge_strips |= catalog->tiles[tiles[i]].info.has_huge_strips;
    }
    if (!catalog->same_scale) {
        s->info.has_scale = false;
        s->info.scale = 1;
        s->info.offset = 0;
    }
    return s;
}

static double *copy_doubles(const double *from, size_t count) {
    double *copy = from ? CPLMalloc(count * sizeof *copy) : NULL;
    if (copy)
        memcpy(copy, from, count * sizeof *copy);
    return copy;
}

static demgrad_status open_single(const char *input, const dg_source_options *options,
                                  const dg_messages *messages, dg_source **source,
                                  demgrad_error *error) {
    dg_source *s = dg_source_new(input);
    s->path = CPLStrdup(input);
    s->options = *options;
    s->options.open_options = (const char *const *)CSLDuplicate((char **)options->open_options);
    s->own_nodata = copy_doubles(options->nodata, options->nodata_count);
    s->options.nodata = s->own_nodata;
    s->options.drivers = (const char *const *)CSLDuplicate((char **)options->drivers);
    s->is_stream = strncmp(input, "/vsistdin", 9) == 0;
    dg_notes notes = {0};
    demgrad_status status = dg_open_dataset(input, options, &notes, &s->spare, error);
    if (!status)
        status = dg_describe_dataset(s->spare, input, options, &notes, &s->info, error);
    dg_notes_tell(&notes, messages);
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

static demgrad_status open_mosaic(const char *const *inputs, size_t count,
                                  const dg_source_options *options, const dg_messages *messages,
                                  dg_source **source, demgrad_error *error) {
    dg_catalog *catalog;
    demgrad_status status =
        dg_catalog_scan(inputs, count, options, true, messages, &catalog, error);
    if (status)
        return status;
    status = warn_of_rivals(catalog, messages, error);
    if (status) {
        dg_catalog_free(catalog);
        return status;
    }
    size_t *all = CPLCalloc(count, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = i;
    char *name = CPLStrdup(CPLSPrintf("%s (and %d more)", inputs[0], (int)count - 1));
    *source = dg_catalog_open(catalog, all, count, name, NULL);
    (*source)->own_catalog = catalog;
    CPLFree(name);
    CPLFree(all);
    return DEMGRAD_OK;
}

demgrad_status dg_source_open(const char *const *inputs, size_t count,
                              const dg_source_options *options, const dg_messages *messages,
                              dg_source **source, demgrad_error *error) {
    return count == 1 ? open_single(inputs[0], options, messages, source, error)
                      : open_mosaic(inputs, count, options, messages, source, error);
}
