/* An open raster of one thread: reads stored values with what is not valid as NaN; private to the
 * reader. */
#ifndef DG_HANDLE_H
#define DG_HANDLE_H

#include "reader.h"
#include "scratch.h"

#include <gdal.h>

typedef struct dg_handle dg_handle;

/* Takes an open dataset over; `name` must outlive the handle. `is_single`: it is no mosaic's. NULL, and an
 * error, where memory is short. */
dg_handle *dg_handle_new(GDALDatasetH dataset, const dg_source_options *options, const char *name,
                         const dg_source_info *info, bool is_single, demgrad_error *error);
void dg_handle_close(dg_handle *handle);

/* Reads a window that is wholly inside the raster, as dg_reader_read does. What lies between the rows of
 * `out` stays as it is. `scratch` is not used where there is nothing between them. */
demgrad_status dg_handle_read(dg_handle *handle, const dg_block *out, dg_scratch *scratch,
                              demgrad_error *error);

#endif
