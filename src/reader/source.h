/* The inside of a source; private to the reader. */
#ifndef DG_SOURCE_H
#define DG_SOURCE_H

#include "reader.h"

#include <cpl_multiproc.h>
#include <gdal.h>

struct dg_source {
    char *name; /* for messages */
    char *path; /* what every reader opens: a file, or a mosaic's VRT text */
    char **open_options;
    char **drivers;
    int band;
    dg_source_info info;
    CPLMutex *lock;     /* guards `spare` */
    GDALDatasetH spare; /* the handle that described the source, for the first reader */
    bool is_stream;     /* can be opened only once */
};

/* Opens `path` as a raster. `name` is the one that the message on failure gives. */
demgrad_status dg_open_dataset(const char *path, const char *name, char **drivers,
                               char **open_options, GDALDatasetH *dataset, demgrad_error *error);

/* Fills *info from a dataset's band; info->crs is the caller's to free with CPLFree. */
demgrad_status dg_describe_dataset(GDALDatasetH dataset, const char *name,
                                   const dg_source_options *options, const dg_messages *messages,
                                   dg_source_info *info, demgrad_error *error);

/* The VRT that puts `count` inputs onto one grid; *vrt is the caller's to free with CPLFree. */
demgrad_status dg_mosaic_build(const char *const *inputs, size_t count,
                               const dg_source_options *options, const dg_messages *messages,
                               char **vrt, demgrad_error *error);

#endif
