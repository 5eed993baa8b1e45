/* Memory whose neighbourhood is watched: no-access pages on both sides, known bytes between. */
#ifndef DG_GUARDED_H
#define DG_GUARDED_H

#include <stdbool.h>
#include <stddef.h>

typedef struct guarded {
    char *data; /* `size` bytes */
    size_t size;
    char *map;
    size_t map_size;
} guarded;

/* At the end of its pages, so that reading on crashes, or at their start, so that reading back
 * does. All bytes are GUARDED_BYTE. */
guarded guarded_create(size_t size, bool at_end);
void guarded_destroy(guarded *memory);

enum { GUARDED_BYTE = 0xa5 };

/* Sets data and surroundings to GUARDED_BYTE. */
void guarded_reset(guarded *memory);

/* Whether nothing was written around the data. */
bool guarded_is_clean(const guarded *memory);

#endif
