/* How the memory of a pass is shared out between readers, pipeline and writers; for the api and batch. */
#ifndef DG_BUDGET_H
#define DG_BUDGET_H

#include "fit.h"
#include "outlets.h"

/* What there is for the buffers of all passes, of what the user allows. */
int64_t dg_budget_buffers(int64_t memory);

/* How `count` outlets like this one, side by side, fit in the pass's memory. */
demgrad_status dg_budget_fit(const dg_pass *pass, const dg_outlet *outlet, size_t count,
                             dg_fit *fit, demgrad_error *error);

/* Warns of an outlet that does not fit. */
void dg_budget_warn(const dg_pass *pass, const dg_outlet *outlet, const dg_messages *messages);

#endif
