/* Signs that a raster's CRS is not its own; private to the api. */
#ifndef DG_CRS_WARNINGS_H
#define DG_CRS_WARNINGS_H

#include "setup_inside.h"

/* Warns of what the CRS, or its absence, leaves doubtful. */
demgrad_status dg_warn_of_crs(dg_setup *setup, demgrad_error *error);

#endif
