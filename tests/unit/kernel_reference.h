/* The bands of a row, pixel by pixel, written from the definitions and with branches. */
#ifndef DG_KERNEL_REFERENCE_H
#define DG_KERNEL_REFERENCE_H

#include "kernel.h"

/* What a kernel's row function must write, bit for bit, for floats or doubles, where the bands are
 * dz/dx and dz/dy. */
void kernel_reference_row(const dg_recipe *recipe, const dg_row *row, dg_type type);

#endif
