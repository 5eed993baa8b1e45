/* What the elevations are in; private to the api. */
#ifndef DG_Z_UNIT_H
#define DG_Z_UNIT_H

#include "setup_inside.h"

/* Fills in the setup's unit: the options come first, then what the band declares, then the vertical part
 * of the CRS. Warns of a unit that is no length. */
demgrad_status dg_find_z_unit(dg_setup *setup, demgrad_error *error);

#endif
