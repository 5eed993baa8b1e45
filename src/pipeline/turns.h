/* What can be done next: which group of rows to read, which group of pixels to compute or to write. Private to
 * the pipeline; one thread at a time. */
#ifndef DG_TURNS_H
#define DG_TURNS_H

#include "fail.h"
#include "grid.h"
#include "plan.h"

#include <stdbool.h>

typedef enum dg_task { DG_TASK_NONE, DG_TASK_READ, DG_TASK_COMPUTE, DG_TASK_WRITE } dg_task;

typedef struct dg_turns {
    dg_plan plan;
    dg_window panel;           /* the part of the output that is worked on */
    int first_row, end_row;    /* of the source, that are read for it */
    int groups, groups_across; /* of the panel, to compute and write, row by row of groups */
    /* Only for turns.c: */
    int read_group, read_groups_end; /* the next to read, by row / read_rows */
    int rows_ready;                  /* rows below this one are read */
    bool *is_read;                   /* [ring group]: read, but a group before it is not yet */
    int compute_group, write_group;  /* the next to compute, the next to write */
    bool *is_computed;               /* [slot] */
    bool *is_computing;              /* [slot] */
    bool is_writing;
} dg_turns;

demgrad_status dg_turns_create(const dg_plan *plan, dg_turns *turns, demgrad_error *error);
void dg_turns_destroy(dg_turns *turns);

/* Starts over, for a panel of a source of `height` rows. */
void dg_turns_start(dg_turns *turns, dg_window panel, int height);

/* Whether all of the panel is written. */
bool dg_turns_are_over(const dg_turns *turns);

/* What can be done now; DG_TASK_NONE until another thread has ended what it does. */
dg_task dg_turns_next(const dg_turns *turns);

/* Begins what can be done, and gives its group; ends it. */
int dg_turns_begin(dg_turns *turns, dg_task task);
void dg_turns_end(dg_turns *turns, dg_task task, int group);

/* A group of rows to read, [*row, *end), and a group to compute or write, as windows of the source. */
void dg_turns_rows(const dg_turns *turns, int group, int *row, int *end);
dg_window dg_turns_window(const dg_turns *turns, int group);

#endif
