/* Reads a coordinate reference system. */
#ifndef DG_CRS_H
#define DG_CRS_H

#include "crs_facts.h"
#include "fail.h"

typedef struct dg_projection dg_projection;

/* Reads the facts of the CRS `text` (WKT or anything else PROJ takes); NULL or "" is no CRS.
 * *projection gets what dg_projection_create would make of it, as the dear part of that is done here
 * anyway: the caller's, or NULL for any other kind. A NULL `projection` does without.
 * Fails with DEMGRAD_UNSUPPORTED where PROJ cannot build the CRS, or the projection wanted. */
demgrad_status dg_crs_read(const char *text, dg_crs_facts *facts, dg_projection **projection,
                           demgrad_error *error);

/* Gives a CRS that names no code the one of EPSG's that is alike, where there is no other. */
demgrad_status dg_crs_identify(const char *text, char code[64], demgrad_error *error);

#endif
