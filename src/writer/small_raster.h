/* A small raster in a draft's place: what a format can do is found by writing one. Private to the writer. */
#ifndef DG_SMALL_RASTER_H
#define DG_SMALL_RASTER_H

#include "draft.h"

enum { DG_SMALL_SIZE = 16 }; /* columns and rows, at most */

/* The value of pixel i, counted through all bands: no two are alike, and all have many digits. */
double dg_small_value(int i);

/* What is done with a small raster that is not written yet, in a folder of its own. */
typedef demgrad_status (*dg_small_task)(dg_draft *small, void *user, demgrad_error *error);

/* Does the task with the draft in small, under its name in a temporary folder that goes afterwards: in memory, or
 * beside the draft. */
demgrad_status dg_small_in_memory(const dg_draft *draft, const dg_way *way, dg_small_task task,
                                  void *user, demgrad_error *error);
demgrad_status dg_small_on_disk(const dg_draft *draft, const dg_way *way, dg_small_task task,
                                void *user, demgrad_error *error);

/* Writes and closes it. */
demgrad_status dg_small_write(dg_draft *small, demgrad_error *error);

#endif
