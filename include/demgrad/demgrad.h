/* All of demgrad: the gradient of elevation rasters. */
#ifndef DEMGRAD_DEMGRAD_H
#define DEMGRAD_DEMGRAD_H

#include <demgrad/raster.h>
#include <demgrad/status.h>

#endif
