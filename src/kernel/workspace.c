#include "noise.h"

#include <limits.h>
#include <stdlib.h>

/* Shared lines of pixels may take so many bytes of the second-level cache. */
enum { SHARED_BYTES = 1 << 18 };

int dg_recipe_columns(const dg_recipe *recipe, dg_type type) {
    const dg_differences *d = &recipe->differences;
    if (!dg_differences_share_lines(d))
        return INT_MAX;
    const int element = (int)dg_type_size(type);
    const int strips = SHARED_BYTES / (2 * d->lines + 1) / element / DG_STRIP;
    return (strips > 1 ? strips : 1) * DG_STRIP;
}

static bool allocate(dg_workspace *w, const dg_recipe *recipe, dg_type type) {
    const dg_differences *d = &recipe->differences;
    const size_t element = dg_type_size(type);
    const size_t lines = 2 * (size_t)d->lines + 1, size = 2 * (size_t)w->halo + 1;
    if (dg_differences_share_lines(d)) {
        w->stride = dg_recipe_columns(recipe, type);
        w->shared = malloc(lines * (size_t)w->stride * element);
    }
    w->strip = malloc(lines * DG_STRIP * element);
    w->valid = malloc(size * size * sizeof *w->valid);
    w->weights = malloc(2 * size * size * sizeof *w->weights);
    const bool is_wide = dg_recipe_needs(recipe) & DG_NEEDS_NOISE && dg_wide_noise_suits(d);
    w->wide = is_wide ? dg_wide_noise_create(d) : NULL;
    return (w->shared || w->stride == 0) && w->strip && w->valid && w->weights &&
           (w->wide || !is_wide);
}

/* The noise of a stencil that is all there. */
static dg_noise find_whole(dg_workspace *w, const dg_differences *d) {
    const int size = 2 * w->halo + 1;
    for (int i = 0; i < size * size; i++)
        w->valid[i] = true;
    return dg_differences_noise(d, w->valid, NULL, NULL, w->weights);
}

demgrad_status dg_workspace_create(const dg_recipe *recipe, dg_type type, dg_workspace **workspace,
                                   demgrad_error *error) {
    dg_workspace *w = calloc(1, sizeof *w);
    if (!w)
        return dg_fail_memory(error, "the stencil");
    w->halo = dg_differences_halo(&recipe->differences);
    if (!allocate(w, recipe, type)) {
        dg_workspace_destroy(w);
        return dg_fail_memory(error, "the stencil");
    }
    if (dg_recipe_needs(recipe) & DG_NEEDS_NOISE)
        w->whole = find_whole(w, &recipe->differences);
    dg_workspace_restart(w);
    *workspace = w;
    return DEMGRAD_OK;
}

void dg_workspace_destroy(dg_workspace *workspace) {
    if (!workspace)
        return;
    free(workspace->shared);
    free(workspace->strip);
    free(workspace->valid);
    free(workspace->weights);
    free(workspace->wide);
    free(workspace);
}

void dg_workspace_restart(dg_workspace *workspace) {
    workspace->next_row = -1;
}
