/* A catalog of rasters: on which grid each lies, and what those on one grid have in common. */
#ifndef DG_CATALOG_H
#define DG_CATALOG_H

#include "hash.h"
#include "memory.h"
#include "reader.h"

/* One input. */
typedef struct dg_tile {
    char *path;
    dg_source_info info; /* its crs is NULL: see below; a width of 0: it cannot be opened */
    const char *crs;     /* the catalog's, or NULL for none */
    bool on_grid;        /* on one of the catalog's common grids: */
    size_t common;       /* which of them */
    dg_window window;    /* of it */
    /* Of all files that it is made of, where it is wanted: another one where they change. */
    dg_hash stamp;
    char *problem; /* why it cannot be used, or is not on the first grid; NULL: nothing wrong */
} dg_tile;

/* A grid, and what the tiles on it have in common. */
typedef struct dg_common_grid {
    dg_grid grid;      /* the smallest that holds all tiles that are on it */
    const char *crs;   /* the catalog's, or NULL for none */
    size_t first;      /* the tile that the others were placed by */
    size_t count;      /* of tiles */
    size_t heaviest;   /* the tile whose blocks are the largest */
    bool same_scale;   /* the tiles share scale and offset */
    bool needs_double; /* as in dg_source_info, of all tiles together */
} dg_common_grid;

typedef struct dg_catalog {
    dg_source_options options; /* what it points at is the caller's, but: */
    dg_short_paths short_paths;
    dg_tile *tiles;
    size_t count;
    /* First the one that most tiles are on; on each other one are at least two. */
    dg_common_grid *grids;
    size_t grid_count;
    dg_list crs_texts;          /* all that there are */
    struct dg_stamper *stamper; /* while inputs are looked at; or NULL */
    bool is_short;              /* there was no memory for a tile's problem */
} dg_catalog;

/* Looks at every input. `is_strict`: an input that cannot be opened, or is off the first grid (other
 * pixels, CRS or unit), is an error; otherwise it gets its `problem`. Between inputs it asks whether
 * to go on. */
demgrad_status dg_catalog_scan(const char *const *inputs, size_t count,
                               const dg_source_options *options, bool is_strict,
                               const dg_messages *messages, dg_catalog **catalog,
                               demgrad_error *error);
void dg_catalog_free(dg_catalog *catalog);

/* Whether a reader of such a source could not read one of its tiles, and which was the first. */
bool dg_catalog_unread(const dg_source *source, size_t *tile);

/* The files that one thread has open, for sources of one catalog in turn. */
typedef struct dg_pool dg_pool;

/* NULL, and an error, where memory is short. */
dg_pool *dg_pool_new(const dg_catalog *catalog, demgrad_error *error);
void dg_pool_free(dg_pool *pool);

/* About how many bytes the files of a pool take at most: a packed block of each, and one that is unpacked. */
int64_t dg_pool_bytes(const dg_catalog *catalog);

/* `count` tiles of one grid of the catalog (indices; later ones on top) as one source on that whole
 * grid: outside of them is no data. The first reader takes its files from `pool`, which stays the
 * caller's; NULL: it has its own. */
demgrad_status dg_catalog_open(const dg_catalog *catalog, const size_t *tiles, size_t count,
                               const char *name, dg_pool *pool, dg_source **source,
                               demgrad_error *error);

#endif
