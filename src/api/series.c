#include "series.h"

#include "outlets.h"

#include <stdlib.h>

dg_series *dg_series_new(void) {
    dg_series *series = calloc(1, sizeof *series);
    if (series)
        *series = (dg_series){dg_places_new(), dg_proofs_new()};
    return series;
}

void dg_series_free(dg_series *series) {
    if (!series)
        return;
    dg_places_free(series->places);
    dg_proofs_free(series->proofs);
    free(series);
}
