/* The inside of a workspace; private to the kernel. */
#ifndef DG_WORKSPACE_H
#define DG_WORKSPACE_H

#include "kernel.h"

/* Columns worked on at a time: differences and factors then stay in the first-level cache. */
enum { DG_STRIP = 512 };

/* See noise.h. */
typedef struct dg_wide_noise dg_wide_noise;

struct dg_workspace {
    int halo;
    int next_row;     /* that follows the rows so far */
    void *shared;     /* slopes of lines that are shared by rows, [row % (2 lines + 1)][column] */
    ptrdiff_t stride; /* elements from one of these to the next */
    void *strip;      /* slopes of lines within a strip, [2 lines + 1][column] */
    bool *valid;      /* [2 halo + 1][2 halo + 1] */
    double *weights;  /* twice as many */
    dg_noise whole;   /* of a whole stencil */
    dg_wide_noise *wide; /* finds that of others; NULL: their weights are added up one by one */
};

#endif
