/* An open raster of one thread: reads stored values with what is not valid as NaN; private to the
 * reader. */
#ifndef DG_HANDLE_H
#define DG_HANDLE_H

#include "nodata.h"
#include "reader.h"
#include "scratch.h"
#include "strips.h"

#include <gdal.h>

typedef struct dg_handle {
    const char *name; /* for messages */
    const dg_messages *messages;
    GDALDatasetH dataset;
    GDALRasterBandH band;
    int code; /* number of the band that is red, where red, green and blue code the elevations; else 0 */
    GDALRasterBandH mask; /* NULL: none beside the nodata value */
    dg_scratch mask_values, code_bytes;
    GDALDataType type; /* of the band */
    bool is_signed_byte;
    dg_nodata nodata;
    bool keeps_gaps; /* the driver leaves alone what lies between the rows of a caller's window */
    bool by_rows;    /* does so only where the window is one row */
    int block_width, block_height;
    void *block;       /* one, where whole blocks are read past GDAL's cache; else NULL */
    dg_strips *strips; /* where blocks are too large for GDAL and suit; else NULL */
} dg_handle;

/* Takes an open dataset over; `name` must outlive the handle. */
dg_handle *dg_handle_new(GDALDatasetH dataset, const dg_source_options *options, const char *name,
                         const dg_source_info *info, demgrad_error *error);
void dg_handle_close(dg_handle *handle);

/* Lets whole blocks be read past GDAL's cache, into memory that stays in the processor's, where they
 * are tiles of a local GTiff of one band. Whole strips would be decoded once more for the columns that
 * a turn round the globe needs of them, and a server is asked for many blocks at a time. Call it once,
 * and not for a mosaic's rasters, of which neighbours read the edges again. */
void dg_handle_read_by_blocks(dg_handle *handle);

/* Reads a window that is wholly inside the raster, as dg_reader_read does. What lies between the rows of
 * `out` stays as it is. `scratch` is not used where there is nothing between them. */
demgrad_status dg_handle_read(dg_handle *handle, const dg_block *out, dg_scratch *scratch,
                              demgrad_error *error);

#endif
