/* Rasters in a folder that are made of others, such as VRTs; private to files. */
#ifndef DG_CONTAINERS_H
#define DG_CONTAINERS_H

#include "memory.h"

/* Adds to *taken the containers of which nothing is among the paths `known`; to *partial those of which
 * something is and something is not. All others stand for what is known. */
void dg_containers_sort_out(const dg_list *containers, const dg_list *known, dg_list *taken,
                            dg_list *partial);

#endif
