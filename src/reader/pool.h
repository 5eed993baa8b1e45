/* The tiles of a catalog that one thread has open; private to the reader. */
#ifndef DG_POOL_H
#define DG_POOL_H

#include "catalog.h"
#include "handle.h"

/* The tile's handle, opened if need be; the one unused for longest is closed when there are too
 * many. It is the pool's, and good until the next call. */
demgrad_status dg_pool_get(dg_pool *pool, size_t tile, dg_handle **handle, demgrad_error *error);

#endif
