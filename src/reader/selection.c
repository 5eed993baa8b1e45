/* Sources from a catalog. */
#include "catalog.h"
#include "integers.h"
#include "source.h"

#include <math.h>
#include <string.h>

/* What reading does to the values, in the words of a plain raster. */
static void describe_selection(dg_source *s) {
    char *crs = s->info.crs;
    s->info = s->catalog->tiles[s->tiles[s->tile_count - 1]].info;
    s->info.grid = s->common->grid;
    s->info.crs = crs;
    s->info.input_count = s->tile_count;
    s->info.needs_double = s->common->needs_double;
    s->info.has_nodata = s->catalog->options.nodata != NULL;
    s->info.valid_min = -(double)INFINITY;
    s->info.valid_max = (double)INFINITY;
    s->info.mask = DG_MASK_NONE;
    for (size_t i = 0; i < s->tile_count; i++) {
        const dg_source_info *tile = &s->catalog->tiles[s->tiles[i]].info;
        s->info.has_huge_blocks |= tile->has_huge_blocks;
        s->info.rows_at_once = dg_min(s->info.rows_at_once, tile->rows_at_once);
    }
    if (!s->common->same_scale) {
        s->info.has_scale = false;
        s->info.scale = 1;
        s->info.offset = 0;
    }
}

demgrad_status dg_catalog_open(const dg_catalog *catalog, const size_t *tiles, size_t count,
                               const char *name, dg_pool *pool, dg_source **source,
                               demgrad_error *error) {
    dg_source *s = dg_source_new(name, error);
    if (!s)
        return DEMGRAD_OUT_OF_MEMORY;
    s->catalog = catalog;
    s->common = &catalog->grids[catalog->tiles[tiles[0]].common];
    s->pool = pool;
    s->tile_count = count;
    s->tiles = dg_alloc(count, sizeof *s->tiles, "the inputs", error);
    s->info.crs = s->common->crs ? dg_copy(s->common->crs, error) : NULL;
    if (!s->tiles || (s->common->crs && !s->info.crs)) {
        dg_source_close(s);
        return DEMGRAD_OUT_OF_MEMORY;
    }
    memcpy(s->tiles, tiles, count * sizeof *s->tiles);
    describe_selection(s);
    *source = s;
    return DEMGRAD_OK;
}
