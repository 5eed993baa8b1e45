/* One piece by itself; private to batch. */
#ifndef DG_SINGLE_H
#define DG_SINGLE_H

#include "worker.h"

/* Makes the task's piece and finishes the task. */
void dg_single(dg_worker *worker, dg_task *task);

#endif
