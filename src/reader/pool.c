#include "pool.h"

#include "source.h"

#include <stdlib.h>

/* At most so many files are open, and so many that what GDAL and its codecs hold of each, about a
 * block, or a few rows of a huge strip, stays within bounds. */
enum { POOL_SIZE = 16, LEAST_OPEN = 4, OPEN_BYTES = 1 << 24 };

struct dg_pool {
    const dg_catalog *catalog;
    struct entry {
        size_t tile;
        dg_handle *handle; /* NULL: free */
        uint64_t used;
    } entries[POOL_SIZE];
    int size; /* of the entries in use */
    uint64_t clock;
};

static int64_t largest_block(const dg_catalog *catalog) {
    int64_t largest = 0;
    for (size_t i = 0; i < catalog->grid_count; i++) {
        const int64_t block = catalog->tiles[catalog->grids[i].heaviest].info.block_bytes;
        largest = block > largest ? block : largest;
    }
    return largest;
}

static int choose_size(const dg_catalog *catalog) {
    const int64_t block = largest_block(catalog), fit = block > 0 ? OPEN_BYTES / block : POOL_SIZE;
    return fit < LEAST_OPEN ? LEAST_OPEN : fit > POOL_SIZE ? POOL_SIZE : (int)fit;
}

int64_t dg_pool_bytes(const dg_catalog *catalog) {
    const int size = choose_size(catalog);
    const int64_t open = catalog->count < (size_t)size ? (int64_t)catalog->count : size;
    return (open + 1) * largest_block(catalog);
}

dg_pool *dg_pool_new(const dg_catalog *catalog, demgrad_error *error) {
    dg_pool *pool = dg_alloc(1, sizeof *pool, "open files", error);
    if (!pool)
        return NULL;
    pool->catalog = catalog;
    pool->size = choose_size(catalog);
    return pool;
}

void dg_pool_free(dg_pool *pool) {
    if (!pool)
        return;
    for (int i = 0; i < POOL_SIZE; i++)
        dg_handle_close(pool->entries[i].handle);
    free(pool);
}

/* The tile's entry, or the one to be used for it. */
static struct entry *find(dg_pool *pool, size_t tile) {
    struct entry *oldest = &pool->entries[0];
    for (int i = 0; i < pool->size; i++) {
        struct entry *e = &pool->entries[i];
        if (e->handle && e->tile == tile)
            return e;
        if (e->used < oldest->used)
            oldest = e;
    }
    return oldest;
}

demgrad_status dg_pool_get(dg_pool *pool, size_t tile, dg_handle **handle, demgrad_error *error) {
    struct entry *e = find(pool, tile);
    if (!e->handle || e->tile != tile) {
        const dg_source_options *o = &pool->catalog->options;
        const dg_tile *t = &pool->catalog->tiles[tile];
        dg_handle_close(e->handle);
        *e = (struct entry){.tile = tile};
        GDALDatasetH dataset;
        const demgrad_status status = dg_open_dataset(t->path, o, NULL, &dataset, error);
        if (status)
            return status;
        e->handle = dg_handle_new(dataset, o, t->path, &t->info, false, error);
        if (!e->handle)
            return DEMGRAD_OUT_OF_MEMORY;
    }
    e->used = ++pool->clock;
    *handle = e->handle;
    return DEMGRAD_OK;
}
