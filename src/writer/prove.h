/* Proves a closed output from the disk, whatever GDAL said of it. Private to the writer. */
#ifndef DG_PROVE_H
#define DG_PROVE_H

#include "statistics.h"
#include "trial.h"

/* Reads what was written: whether it opens, is all there, lies where it belongs, says what it should
 * and has the values that it was given, as far as the format keeps that. `written` has the figures of
 * each band where all values are to be read; or is NULL. *has_crs: the CRS is the one that it was given, if any. */
demgrad_status dg_prove(const dg_draft *draft, const dg_trial *trial, const dg_statistics *written,
                        dg_continuation *continuation, bool *has_crs, demgrad_error *error);

#endif
