/* The last hashes that were added. Safe from several threads. */
#ifndef DG_SEEN_H
#define DG_SEEN_H

#include "hash.h"

#include <stdbool.h>

typedef struct dg_seen dg_seen;

/* NULL: out of memory. */
dg_seen *dg_seen_new(void);

/* NULL is allowed here: it has none, and keeps none. */
void dg_seen_add(dg_seen *seen, dg_hash hash);
bool dg_seen_has(dg_seen *seen, dg_hash hash);
void dg_seen_free(dg_seen *seen);

#endif
