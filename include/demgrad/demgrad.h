/* All of demgrad: the gradient of arrays, of elevation rasters, of batches of them, and
 * pictures of it. */
#ifndef DEMGRAD_DEMGRAD_H
#define DEMGRAD_DEMGRAD_H

#include <demgrad/array.h>
#include <demgrad/batch.h>
#include <demgrad/preview.h>
#include <demgrad/raster.h>
#include <demgrad/status.h>

#endif
