/* How the memory of a pass is shared out between readers, pipeline and writers; for the api and batch. */
#ifndef DG_BUDGET_H
#define DG_BUDGET_H

#include "outlets.h"

/* What there is for the buffers of all passes, of what the user allows. */
int64_t dg_budget_buffers(int64_t memory);

/* How `count` outlets like this one, side by side, fit in the pass's memory. */
demgrad_status dg_budget_fit(const dg_pass *pass, const dg_outlet *outlet, size_t count,
                             dg_fit *fit, demgrad_error *error);

/* Warns of an outlet that does not fit. */
void dg_budget_warn(const dg_pass *pass, const dg_outlet *outlet, const dg_messages *messages);

/* The rest is for a pass itself. */

/* A pipeline over the window, in all that the pass says of it. */
dg_pipeline dg_budget_pipeline(const dg_pass *pass, dg_window window);

/* What each codec may take where so many outlets are open at a time. */
int64_t dg_budget_codec(const dg_pass *pass, size_t open);

/* The most outlets that are open at a time, where rows come from the top. */
size_t dg_budget_open_at_once(const dg_outlet *outlets, size_t count);

/* Gives the pipeline the blocks to work in, and the memory that the writers leave it: the writer of a
 * single outlet, or those of `open` at a time. */
void dg_budget_share(const dg_writer_needs *needs, bool is_single, size_t open,
                     dg_pipeline *pipeline);

#endif
