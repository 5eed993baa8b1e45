#include "turns.h"

#include "integers.h"

#include <assert.h>
#include <stdlib.h>

demgrad_status dg_turns_create(const dg_plan *plan, dg_turns *turns, demgrad_error *error) {
    const size_t slots = (size_t)plan->slots;
    *turns = (dg_turns){.plan = *plan};
    turns->is_read = calloc((size_t)(plan->ring_rows / plan->read_rows), sizeof *turns->is_read);
    turns->is_computed = calloc(slots, sizeof *turns->is_computed);
    turns->is_computing = calloc(slots, sizeof *turns->is_computing);
    return turns->is_read && turns->is_computed && turns->is_computing
               ? DEMGRAD_OK
               : dg_fail_memory(error, "the pipeline");
}

void dg_turns_destroy(dg_turns *turns) {
    free(turns->is_read);
    free(turns->is_computed);
    free(turns->is_computing);
}

void dg_turns_start(dg_turns *t, dg_window panel, int height) {
    const dg_plan *p = &t->plan;
    t->panel = panel;
    t->first_row = dg_max(panel.row - p->halo, 0);
    t->end_row = dg_min(panel.row + panel.height, height - p->halo) + p->halo;
    t->groups_across = dg_ceil_divide(panel.width, p->compute_cols);
    t->groups = dg_ceil_divide(panel.height, p->compute_rows) * t->groups_across;
    t->read_group = t->first_row / p->read_rows;
    t->read_groups_end = dg_ceil_divide(t->end_row, p->read_rows);
    t->rows_ready = t->first_row;
    t->compute_group = t->write_group = 0;
}

dg_window dg_turns_window(const dg_turns *t, int group) {
    const int row = group / t->groups_across * t->plan.compute_rows;
    const int col = group % t->groups_across * t->plan.compute_cols;
    return (dg_window){t->panel.col + col, t->panel.row + row,
                       dg_min(t->plan.compute_cols, t->panel.width - col),
                       dg_min(t->plan.compute_rows, t->panel.height - row)};
}

void dg_turns_rows(const dg_turns *t, int group, int *row, int *end) {
    *row = dg_max(group * t->plan.read_rows, t->first_row);
    *end = dg_min((group + 1) * t->plan.read_rows, t->end_row);
}

/* The first group that is not computed to its end. Rows above its halo are free. */
static int oldest_group(const dg_turns *t) {
    int group = t->write_group;
    while (group < t->compute_group && !t->is_computing[group % t->plan.slots])
        group++;
    return group;
}

static bool can_read(const dg_turns *t) {
    if (t->read_group >= t->read_groups_end)
        return false;
    const int oldest = oldest_group(t);
    const int needed =
        oldest < t->groups ? dg_turns_window(t, oldest).row - t->plan.halo : t->end_row;
    const int first = dg_max(needed, t->first_row) / t->plan.read_rows;
    return t->read_group - first < t->plan.ring_rows / t->plan.read_rows;
}

static bool can_compute(const dg_turns *t) {
    if (t->compute_group >= t->groups || t->compute_group >= t->write_group + t->plan.slots)
        return false;
    const dg_window window = dg_turns_window(t, t->compute_group);
    const int halo = t->plan.halo;
    return t->rows_ready >= dg_min(window.row + window.height, t->end_row - halo) + halo;
}

static bool can_write(const dg_turns *t) {
    return !t->is_writing && t->write_group < t->groups &&
           t->is_computed[t->write_group % t->plan.slots];
}

bool dg_turns_are_over(const dg_turns *turns) {
    return turns->write_group == turns->groups;
}

dg_task dg_turns_next(const dg_turns *turns) {
    if (can_write(turns))
        return DG_TASK_WRITE;
    if (can_compute(turns))
        return DG_TASK_COMPUTE;
    return can_read(turns) ? DG_TASK_READ : DG_TASK_NONE;
}

int dg_turns_begin(dg_turns *t, dg_task task) {
    if (task == DG_TASK_READ)
        return t->read_group++;
    if (task == DG_TASK_COMPUTE) {
        t->is_computing[t->compute_group % t->plan.slots] = true;
        return t->compute_group++;
    }
    assert(task == DG_TASK_WRITE && !t->is_writing);
    t->is_writing = true;
    return t->write_group;
}

/* Groups of rows may be read out of their order. */
static void end_read(dg_turns *t, int group) {
    const int ring_groups = t->plan.ring_rows / t->plan.read_rows;
    assert(!t->is_read[group % ring_groups]);
    t->is_read[group % ring_groups] = true;
    while (t->rows_ready < t->end_row &&
           t->is_read[t->rows_ready / t->plan.read_rows % ring_groups]) {
        const int ready = t->rows_ready / t->plan.read_rows;
        t->is_read[ready % ring_groups] = false;
        t->rows_ready = dg_min((ready + 1) * t->plan.read_rows, t->end_row);
    }
}

void dg_turns_end(dg_turns *t, dg_task task, int group) {
    const int slot = group % t->plan.slots;
    if (task == DG_TASK_READ) {
        end_read(t, group);
    } else if (task == DG_TASK_COMPUTE) {
        t->is_computing[slot] = false;
        t->is_computed[slot] = true;
    } else {
        assert(group == t->write_group);
        t->is_computed[slot] = false;
        t->is_writing = false;
        t->write_group++;
    }
}
