#include "source.h"

#include "placement.h"

#include <stdint.h>
#include <stdlib.h>

dg_source *dg_source_new(const char *name, demgrad_error *error) {
    dg_source *s = dg_alloc(1, sizeof *s, "an input", error);
    if (!s)
        return NULL;
    pthread_mutex_init(&s->lock, NULL);
    dg_short_paths_init(&s->short_paths);
    s->name = dg_copy(name, error);
    if (s->name)
        return s;
    dg_source_close(s);
    return NULL;
}

void dg_source_close(dg_source *source) {
    if (!source)
        return;
    if (source->spare)
        GDALClose(source->spare);
    pthread_mutex_destroy(&source->lock);
    dg_short_paths_close(&source->short_paths);
    dg_catalog_free(source->own_catalog);
    dg_list_free(&source->open_options);
    dg_list_free(&source->drivers);
    free(source->own_nodata);
    free(source->tiles);
    dg_placement_free(&source->info);
    free(source->info.crs);
    free(source->path);
    free(source->name);
    free(source);
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

int64_t dg_source_reader_bytes(const dg_source *source) {
    return source->catalog ? dg_pool_bytes(source->catalog) : 2 * source->info.block_bytes;
}

int dg_source_max_readers(const dg_source *source) {
    return source->is_stream || source->info.has_huge_blocks ? 1 : 1 << 16;
}
