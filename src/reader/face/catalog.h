/* A catalog of rasters on one grid: where each lies, and what they have in common. */
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
    dg_window window;    /* of the catalog's grid; only where on_grid */
    bool on_grid;
    bool was_on_grid; /* on one that was tried */
    dg_hash
        stamp; /* of all files that it is made of, where it is wanted: another one where they change */
    char *problem; /* why it cannot be used, or is not on the grid; NULL: nothing wrong */
} dg_tile;

typedef struct dg_catalog {
    dg_source_options options; /* what it points at is the caller's, but: */
    dg_short_paths short_paths;
    dg_tile *tiles;
    size_t count;
    dg_grid grid;               /* the smallest that holds all tiles that are on it */
    const char *crs;            /* of the grid */
    dg_list crs_texts;          /* all that there are */
    struct dg_stamper *stamper; /* while inputs are looked at; or NULL */
    bool is_short;              /* there was no memory for a tile's problem */
    bool same_scale;            /* all tiles on the grid share scale and offset */
    size_t heaviest;            /* the tile on the grid whose blocks are the largest */
    bool needs_double;          /* as in dg_source_info, of all tiles on the grid together */
} dg_catalog;

/* Looks at every input. The grid is the one that most of them share. `is_strict`: an input that
 * cannot be opened, or is off the grid (other pixels, CRS or unit), is an error; otherwise it gets
 * its `problem`. Between inputs it asks whether to go on. */
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

/* `count` of the catalog's tiles (indices; later ones on top) as one source on the catalog's whole
 * grid: outside of them is no data. The first reader takes its files from `pool`, which stays the
 * caller's; NULL: it has its own. */
demgrad_status dg_catalog_open(const dg_catalog *catalog, const size_t *tiles, size_t count,
                               const char *name, dg_pool *pool, dg_source **source,
                               demgrad_error *error);

#endif
