/* Memory that one thread uses again from read to read; private to the reader. */
#ifndef DG_SCRATCH_H
#define DG_SCRATCH_H

#include "fail.h"

#include <stddef.h>

/* Begins as zeros; freed with dg_scratch_free. */
typedef struct dg_scratch {
    void *bytes;
    size_t size;
} dg_scratch;

/* Makes room for `size` bytes of `what`; what was there is lost. */
demgrad_status dg_scratch_reserve(dg_scratch *scratch, size_t size, const char *what,
                                  demgrad_error *error);
void dg_scratch_free(dg_scratch *scratch);

#endif
