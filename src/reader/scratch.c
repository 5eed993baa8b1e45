#include "scratch.h"

#include <stdlib.h>

demgrad_status dg_scratch_reserve(dg_scratch *scratch, size_t size, const char *what,
                                  demgrad_error *error) {
    if (size <= scratch->size)
        return DEMGRAD_OK;
    free(scratch->bytes);
    scratch->bytes = malloc(size);
    scratch->size = scratch->bytes ? size : 0;
    return scratch->bytes ? DEMGRAD_OK : dg_fail_memory(error, what);
}

void dg_scratch_free(dg_scratch *scratch) {
    free(scratch->bytes);
    *scratch = (dg_scratch){0};
}
