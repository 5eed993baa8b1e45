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

static char *make_name(const char *const *inputs, size_t count) {
    if (count == 1)
        return CPLStrdup(inputs[0]);
    return CPLStrdup(CPLSPrintf("%s (and %d more)", inputs[0], (int)count - 1));
}

static demgrad_status open_spare(dg_source *source, const char *const *inputs, size_t count,
                                 const dg_source_options *options, const dg_messages *messages,
                                 demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    if (count == 1) {
        source->path = CPLStrdup(inputs[0]);
        source->open_options = CSLDuplicate((char **)options->open_options);
        source->drivers = CSLDuplicate((char **)options->drivers);
        source->band = options->band;
    } else {
        status = dg_mosaic_build(inputs, count, options, messages, &source->path, error);
        source->band = 1;
    }
    if (!status)
        status = dg_open_dataset(source->path, source->name, source->drivers, source->open_options,
                                 &source->spare, error);
    return status;
}

demgrad_status dg_source_open(const char *const *inputs, size_t count,
                              const dg_source_options *options, const dg_messages *messages,
                              dg_source **source, demgrad_error *error) {
    dg_source *s = CPLCalloc(1, sizeof *s);
    s->name = make_name(inputs, count);
    s->is_stream = count == 1 && strncmp(inputs[0], "/vsistdin", 9) == 0;
    demgrad_status status = open_spare(s, inputs, count, options, messages, error);
    if (!status) {
        dg_source_options described = *options;
        described.band = s->band;
        status = dg_describe_dataset(s->spare, s->name, &described, messages, &s->info, error);
        s->info.input_count = count;
    }
    if (status) {
        dg_source_close(s);
        return status;
    }
    s->lock = CPLCreateMutex();
    CPLReleaseMutex(s->lock);
    *source = s;
    return DEMGRAD_OK;
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
    return source->is_stream ? 1 : 1 << 16;
}
