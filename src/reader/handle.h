/* An open raster of one thread: reads stored values with what is not valid as NaN; private to the
 * reader. */
#ifndef DG_HANDLE_H
#define DG_HANDLE_H

#include "reader.h"

#include <gdal.h>

typedef struct dg_handle {
    const char *name;           /* for messages */
    const dg_source_info *info; /* of the raster */
    GDALDatasetH dataset;
    GDALRasterBandH band;
    GDALRasterBandH mask; /* NULL: none beside the nodata value */
    unsigned char *mask_buffer;
    size_t mask_size;
    GDALDataType type; /* of the band */
    int block_width, block_height;
    void *block; /* one, where whole blocks are read past GDAL's cache; else NULL */
} dg_handle;

/* Takes an open dataset over; `name` and `info` must outlive the handle. */
dg_handle *dg_handle_new(GDALDatasetH dataset, int band, const char *name,
                         const dg_source_info *info);
void dg_handle_close(dg_handle *handle);

/* Lets whole blocks be read past GDAL's cache where each has just this band, and is a tile of a local
 * GTiff: in memory that stays in the processor's cache, where GDAL's would go through tens of
 * megabytes. For a raster that no neighbour's halo or turn round the globe is read from again; whole
 * strips are read again for the few columns of such a turn, and a server is asked for many blocks at
 * a time. */
void dg_handle_read_by_blocks(dg_handle *handle);

/* Reads a window that is wholly inside the raster, as dg_reader_read does. */
demgrad_status dg_handle_read(dg_handle *handle, dg_window window, bool as_double, void *out,
                              ptrdiff_t stride, demgrad_error *error);

/* The element `index` of an array of doubles or floats. */
void *dg_element(void *array, bool as_double, ptrdiff_t index);

#endif
