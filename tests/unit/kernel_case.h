/* One row for the kernel: random pixels, spans and stencil, in guarded memory. */
#ifndef DG_KERNEL_CASE_H
#define DG_KERNEL_CASE_H

#include "guarded.h"
#include "kernel.h"

typedef enum kernel_fill {
    FILL_TERRAIN, /* heights as they come */
    FILL_NODATA,  /* the same, riddled with NaN */
    FILL_RUNS,    /* the same, with runs of data and of NaN */
    FILL_EXTREME, /* denormals, the largest values, zeros of both signs */
    FILL_INFINITE,
    FILL_EMPTY, /* NaN alone */
    FILL_END
} kernel_fill;

typedef struct kernel_shape {
    int width;
    dg_type type;
    bool at_end;      /* where in its pages the memory lies */
    bool has_weights; /* only with a stencil that takes them */
    const dg_stencil *stencil;
    int window;
    int edge_order;
    bool propagate;
    kernel_fill fill;
} kernel_shape;

enum { KERNEL_CASE_ROWS = DG_MAX_WINDOW, KERNEL_CASE_SPANS = 64 };

typedef struct kernel_case {
    kernel_shape shape;
    int halo;
    guarded z[KERNEL_CASE_ROWS]; /* 2 halo + 1 of them */
    const void *rows_of_z[KERNEL_CASE_ROWS];
    guarded out;           /* of all bands */
    guarded columns, rows; /* weights */
    int raster_width, raster_height;
    dg_span spans[KERNEL_CASE_SPANS];
    const dg_band *bands[2];
    dg_recipe recipe;
    dg_row row;
    bool has_infinite; /* as the kernel said last */
} kernel_case;

/* Makes a case of `shape` from the random numbers. */
kernel_case *kernel_case_create(const kernel_shape *shape);
void kernel_case_destroy(kernel_case *c);

/* Clears the output, to GUARDED_BYTE. */
void kernel_case_clear(kernel_case *c);

void kernel_case_run(kernel_case *c, const dg_kernel *kernel);

/* Fails the test where the output is not what the reference writes, or where something was
 * written around them. */
void kernel_case_check(kernel_case *c, const dg_kernel *kernel);

/* Fails the test where `kernel` and `other` do not write the same bytes. */
void kernel_case_compare(kernel_case *c, const dg_kernel *kernel, const dg_kernel *other);

#endif
