/* The kernel: a row of elevations in, a row of bands out. Knows nothing of files or CRSs. */
#ifndef DG_KERNEL_H
#define DG_KERNEL_H

#include "band.h"
#include "block.h"
#include "extremes.h"
#include "fail.h"
#include "grid.h"
#include "statistics.h"
#include "stencil.h"

#include <stdbool.h>
#include <stddef.h>

/* What is made of the elevations. */
typedef struct dg_recipe {
    dg_differences differences;
    const dg_band *const *bands; /* of the kernel that computes */
    int band_count;
    dg_band_settings settings;
    double nodata; /* written where there is no value; where one is beyond the type, infinity is */
} dg_recipe;

/* What the bands need, together. */
int dg_recipe_needs(const dg_recipe *recipe);

/* One thread's room to work in. */
typedef struct dg_workspace dg_workspace;

/* The most columns that a row can have with this recipe: where stencils keep lines of pixels for the
 * rows to come, these must stay in the processor's cache. */
int dg_recipe_columns(const dg_recipe *recipe, dg_type type);

demgrad_status dg_workspace_create(const dg_recipe *recipe, dg_type type, dg_workspace **workspace,
                                   demgrad_error *error);
void dg_workspace_destroy(dg_workspace *workspace);

/* Forgets the rows so far: what comes next lies elsewhere. */
void dg_workspace_restart(dg_workspace *workspace);

/* The numbers of one row's computation. */
typedef struct dg_row {
    int row;       /* of the raster; where the pointers below point at */
    int first_col; /* the raster's column that the pointers below point at */
    int width;     /* columns to compute, from first_col on */
    /* Rows -halo ... halo around this one, floats or doubles, each with as many pixels before and
     * after its columns. A pixel that is not finite is no data. */
    const void *const *z;
    const void *next; /* the row after these, from the first column on; NULL: not there */
    /* Covers the columns, in their order; may reach beyond those to compute. */
    const dg_span *spans;
    size_t span_count;
    void *out;               /* the first band's, of z's type */
    ptrdiff_t band_stride;   /* elements from there to the next band's */
    dg_workspace *workspace; /* goes down the rows of the same columns, or is told to restart */
} dg_row;

/* Returns true where one of the values that came out is infinite; maybe also where one only was on the way. */
typedef bool (*dg_kernel_row)(const dg_recipe *recipe, const dg_row *row);

/* One CPU tier's kernels. All tiers give the same bytes. */
typedef struct dg_kernel {
    const char *tier;      /* "baseline", "x86-64-v3", "x86-64-v4" */
    dg_kernel_row rows[2]; /* [DG_FLOAT], [DG_DOUBLE] */
    dg_extremes_taker take_extremes;
    dg_statistics_adder add_statistics, add_ends;
    dg_beyond_counter count_beyond;
    const dg_band *bands; /* all that there are; alike in all tiers but for their functions */
    size_t band_count;
} dg_kernel;

/* The kernel for the highest tier that this CPU has and that is not above `tier` (NULL: no limit).
 * NULL where `tier` is no tier's name. */
const dg_kernel *dg_kernel_select(const char *tier);

/* NULL where there is no such name. */
const dg_band *dg_kernel_band(const dg_kernel *kernel, const char *name);

#endif
