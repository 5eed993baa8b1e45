/* Inputs that are no tiles of one raster; private to batch. */
#ifndef DG_RIVALS_H
#define DG_RIVALS_H

#include "inputs.h"

/* Two inputs in one place with other values, such as elevations and their quality, are an error. */
demgrad_status dg_rivals_refuse(const dg_inputs *inputs, demgrad_error *error);

#endif
