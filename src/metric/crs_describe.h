/* The facts of a CRS that PROJ has taken apart; private to the metric. */
#ifndef DG_CRS_DESCRIBE_H
#define DG_CRS_DESCRIBE_H

#include "crs_parts.h"

demgrad_status dg_crs_describe(const dg_crs_parts *parts, dg_crs_facts *facts,
                               demgrad_error *error);

/* Authority and code, such as "EPSG:32632"; "" where it has none. */
void dg_crs_code(const PJ *of, char to[64]);

#endif
