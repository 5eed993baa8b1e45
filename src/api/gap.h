/* How far apart elevations can be; private to the api. */
#ifndef DG_GAP_H
#define DG_GAP_H

#include "metric.h"

/* The least distance between stored values that, from one pixel to the next but one, is a slope that
 * hardly any ground has; infinite where that cannot be told. */
demgrad_status dg_gap_find(const dg_metric *metric, dg_window whole, double rise_m, double *gap,
                           demgrad_error *error);

#endif
