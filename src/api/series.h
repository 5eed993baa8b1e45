/* What a series of outputs shares; private to the api. */
#ifndef DG_SERIES_H
#define DG_SERIES_H

#include "writer.h"

struct dg_series {
    dg_places *places;
    dg_proofs *proofs;
};

#endif
