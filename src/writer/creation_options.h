/* The creation options of an output; private to the writer. */
#ifndef DG_CREATION_OPTIONS_H
#define DG_CREATION_OPTIONS_H

#include "memory.h"
#include "writer.h"

#include <gdal.h>

/* Refuses creation options that the format does not know, or that GDAL writes wrong values with. */
demgrad_status dg_options_check(GDALDriverH driver, char **options, demgrad_error *error);

/* The output's creation options and our defaults; freed with dg_list_free. */
dg_list dg_options_make(const dg_output *output, GDALDriverH driver);

/* Whether the output would be an uncompressed GTiff whose blocks have a known place each, large enough
 * for laying it out to pay. */
bool dg_options_can_be_laid_out(const dg_output *output, GDALDriverH driver, char **options);

#endif
