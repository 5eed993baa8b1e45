#include "source.h"

#include "gdal_errors.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <string.h>

demgrad_status dg_open_dataset(const char *path, const char *name, char **drivers,
                               char **open_options, GDALDatasetH *dataset, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    *dataset = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR,
                          (const char *const *)drivers, (const char *const *)open_options, NULL);
    dg_gdal_errors_end(&errors);
    if (*dataset)
        return DEMGRAD_OK;
    const char *reason = dg_gdal_errors_text(&errors, "GDAL knows no driver for it");
    const size_t length = strlen(name);
    if (strncmp(reason, name, length) == 0 && strncmp(reason + length, ": ", 2) == 0)
        reason += length + 2;
    return dg_fail(error, DEMGRAD_READ_FAILED, "%s: cannot be opened as a raster: %s", name,
                   reason);
}

dg_source *dg_source_new(const char *name) {
    dg_source *s = CPLCalloc(1, sizeof *s);
    s->name = CPLStrdup(name);
    s->lock = CPLCreateMutex();
    CPLReleaseMutex(s->lock);
    return s;
}

static demgrad_status open_single(const char *input, const dg_source_options *options,
                                  const dg_messages *messages, dg_source **source,
                                  demgrad_error *error) {
    dg_source *s = dg_source_new(input);
    s->path = CPLStrdup(input);
    s->open_options = CSLDuplicate((char **)options->open_options);
    s->drivers = CSLDuplicate((char **)options->drivers);
    s->band = options->band;
    s->is_stream = strncmp(input, "/vsistdin", 9) == 0;
    demgrad_status status =
        dg_open_dataset(input, input, s->drivers, s->open_options, &s->spare, error);
    if (!status)
        status = dg_describe_dataset(s->spare, input, options, messages, &s->info, error);
    s->info.input_count = 1;
    if (status) {
        dg_source_close(s);
        return status;
    }
    *source = s;
    return DEMGRAD_OK;
}

static demgrad_status open_mosaic(const char *const *inputs, size_t count,
                                  const dg_source_options *options, const dg_messages *messages,
                                  dg_source **source, demgrad_error *error) {
    dg_catalog *catalog;
    demgrad_status status =
        dg_catalog_scan(inputs, count, options, true, messages, &catalog, error);
    if (status)
        return status;
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

void dg_source_close(dg_source *source) {
    if (!source)
        return;
    if (source->spare)
        GDALClose(source->spare);
    if (source->lock)
        CPLDestroyMutex(source->lock);
    CSLDestroy(source->open_options);
    CSLDestroy(source->drivers);
    dg_catalog_free(source->own_catalog);
    CPLFree(source->tiles);
    CPLFree(source->info.crs);
    CPLFree(source->path);
    CPLFree(source->name);
    CPLFree(source);
}

const dg_source_info *dg_source_describe(const dg_source *source) {
    return &source->info;
}

const char *dg_source_name(const dg_source *source) {
    return source->name;
}

int dg_source_max_readers(const dg_source *source) {
    return source->is_stream || source->info.has_huge_blocks ? 1 : 1 << 16;
}
