/* CRSs that were proved, by how files say them; private to the writer. */
#ifndef DG_PROOFS_H
#define DG_PROOFS_H

#include "geo_keys.h"
#include "writer.h"

/* Whether a file with these keys was read and found to have this CRS (WKT). `proofs` may be NULL, and there may
 * be no keys: then none was. */
bool dg_proofs_have(dg_proofs *proofs, const char *crs, const dg_geo_keys *keys);

/* Says so. The keys go over to the proofs, or are freed. */
void dg_proofs_add(dg_proofs *proofs, const char *crs, dg_geo_keys *keys);

#endif
