/* Tells whether something has changed: two FNV-1a hashes of 64 bits (Fowler, Noll, Vo), the second from
 * another offset. Nobody attacks it. */
#ifndef DG_HASH_H
#define DG_HASH_H

#include "fail.h"

#include <stddef.h>
#include <stdint.h>

typedef struct dg_hash {
    uint64_t a, b;
} dg_hash;

/* Of nothing yet. */
dg_hash dg_hash_new(void);

/* Adds a text and its end, so that none can hide behind another's; NULL is an empty one. */
void dg_hash_text(dg_hash *hash, const char *text);

/* Adds bytes. */
void dg_hash_bytes(dg_hash *hash, const void *bytes, size_t count);

/* Adds a formatted text, cut to 511 bytes. */
void dg_hash_add(dg_hash *hash, const char *format, ...) DG_PRINTF(2, 3);

/* Adds what another hash is of; in whatever order such are added, the sum is the same. */
void dg_hash_join(dg_hash *sum, dg_hash part);

#endif
