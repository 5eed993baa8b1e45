/* Where the blocks of a GTiff lie in its file. */
#ifndef DG_EXTENTS_H
#define DG_EXTENTS_H

#include <stdbool.h>

#include <gdal.h>

/* Whether the dataset was opened by the GTiff driver, which tells where blocks lie; of a COG too. */
bool dg_extents_are_known(GDALDatasetH dataset);

/* NULL where every block, overviews included, has a place of its own within a file of `file_size`
 * bytes; else what is wrong, to be freed with dg_fault_free. Blocks of no length are wrong unless the file
 * may be sparse. Takes about a microsecond a block. */
char *dg_extents_fault(GDALDatasetH dataset, vsi_l_offset file_size, bool may_be_sparse);

#endif
