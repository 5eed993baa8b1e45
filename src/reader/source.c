#include "source.h"
#include "placement.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdint.h>
#include <string.h>

dg_source *dg_source_new(const char *name) {
    dg_source *s = CPLCalloc(1, sizeof *s);
    s->name = CPLStrdup(name);
    s->lock = CPLCreateMutex();
    CPLReleaseMutex(s->lock);
    return s;
}

void dg_source_close(dg_source *source) {
    if (!source)
        return;
    if (source->spare)
        GDALClose(source->spare);
    if (source->lock)
        CPLDestroyMutex(source->lock);
    dg_catalog_free(source->own_catalog);
    CSLDestroy((char **)source->options.open_options);
    CSLDestroy((char **)source->options.drivers);
    CPLFree(source->own_nodata);
    CPLFree(source->tiles);
    dg_placement_free(&source->info);
    CPLFree(source->info.crs);
    CPLFree(source->path);
    CPLFree(source->name);
    CPLFree(source);
}

const dg_source_info *dg_source_describe(const dg_source *source) {
    return &source->info;
}

bool dg_source_is_placed(const dg_source_info *info) {
    return info->grid.has_geotransform || info->places[0] || info->places[1];
}

bool dg_catalog_unread(const dg_source *source, size_t *tile) {
    *tile = atomic_load(&source->unread) - 1;
    return *tile != SIZE_MAX;
}

const char *dg_source_name(const dg_source *source) {
    return source->name;
}

int dg_source_max_readers(const dg_source *source) {
    return source->is_stream || source->info.has_huge_blocks ? 1 : 1 << 16;
}
