/* The inside of a source; private to the reader. */
#ifndef DG_SOURCE_H
#define DG_SOURCE_H

#include "catalog.h"
#include "memory.h"
#include "notes.h"
#include "reader.h"

#include <gdal.h>
#include <pthread.h>
#include <stdatomic.h>

struct dg_source {
    char *name; /* for messages */
    dg_source_info info;
    pthread_mutex_t lock; /* guards `spare` and `pool` */
    /* A single raster: */
    char *path;
    dg_source_options options; /* its lists are the source's own: */
    dg_list open_options, drivers;
    dg_short_paths short_paths;
    double *own_nodata;
    GDALDatasetH spare; /* the handle that described it, for the first reader */
    bool is_stream;     /* can be opened only once */
    /* A selection of a catalog: */
    const dg_catalog *catalog;
    dg_catalog *own_catalog;      /* the same, where it is the source's to free */
    const dg_common_grid *common; /* that the tiles are on */
    size_t *tiles;                /* later ones on top */
    size_t tile_count;
    dg_pool *pool;        /* of the caller, for the first reader */
    atomic_size_t unread; /* one more than the first tile that could not be read; 0: none */
};

/* Opens `path` as a raster; options->short_paths must outlive it. What GDAL has to say of it is noted,
 * where notes are not NULL; a raster that was opened before has nothing new to say. */
demgrad_status dg_open_dataset(const char *path, const dg_source_options *options, dg_notes *notes,
                               GDALDatasetH *dataset, demgrad_error *error);

/* Fills *info from a dataset's band; info->crs is the caller's to free with CPLFree. */
demgrad_status dg_describe_dataset(GDALDatasetH dataset, const char *name,
                                   const dg_source_options *options, dg_notes *notes,
                                   dg_source_info *info, demgrad_error *error);

/* An empty source, for the caller to fill; `name` is for messages. NULL, and an error, where memory is
 * short. */
dg_source *dg_source_new(const char *name, demgrad_error *error);

#endif
