/* A group of pieces in one pass; private to batch. */
#ifndef DG_STREAM_H
#define DG_STREAM_H

#include "worker.h"

/* Runs one pipeline over the group and shares its windows out to the outputs of the tasks, so that
 * what neighbours share is decoded once. Finishes the tasks that it can and marks them as done;
 * those that are left (a tile could not be read) are to be done singly. */
void dg_stream(dg_worker *worker, dg_task *tasks, size_t count);

#endif
