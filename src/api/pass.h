/* What a pass itself takes from its budget; private to the api. */
#ifndef DG_PASS_H
#define DG_PASS_H

#include "budget.h"
#include "pipeline.h"
#include "setup_inside.h"
#include "writer.h"

/* What a thread keeps. */
struct dg_thread {
    struct dg_pool *files;
    dg_metric_rows *metric_rows;
};

static inline dg_source *dg_pass_source(const dg_pass *pass) {
    return pass->source ? pass->source : pass->setup->source;
}

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
