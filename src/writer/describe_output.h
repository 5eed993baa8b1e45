/* What is said of an output beside its pixels; private to the writer. */
#ifndef DG_DESCRIBE_OUTPUT_H
#define DG_DESCRIBE_OUTPUT_H

#include "reopen.h"
#include "writer.h"

#include <gdal.h>

/* A copy with strings and arrays of its own; freed with dg_output_free. */
dg_output *dg_output_copy(const dg_output *output);
void dg_output_free(dg_output *output);

/* Gives a new dataset all but its nodata value. What the format cannot hold is found when the file is
 * proved; a band too few by the caller. False, with an error of GDAL's, where there is no memory for it. */
bool dg_describe(GDALDatasetH dataset, const dg_output *output);
void dg_describe_nodata(GDALDatasetH dataset, const dg_output *output);

/* Gives its bands their figures, under the names by which GDAL knows them. */
void dg_describe_figures(GDALDatasetH dataset, const dg_output *output,
                         const dg_statistics *figures);

/* NULL where the raster lies where the output does, to a hundredth of a pixel; else how it does not, to
 * be freed with dg_fault_free. */
char *dg_describe_placement_fault(const dg_reopened *opened, const dg_output *output);

/* NULL where no band has become one that says which pixels of the others are data; else that one has, likewise. */
char *dg_describe_alpha_fault(const dg_reopened *opened, const dg_output *output);

/* What a file says. */
typedef struct dg_kept {
    bool crs;   /* any, where there is one */
    bool names; /* of the bands */
    bool units;
    bool metadata;
    bool figures;
} dg_kept;

/* All but the CRS, which GDAL takes long to make. `figures`: NULL where it should tell none. */
dg_kept dg_describe_kept(const dg_reopened *opened, const dg_output *output,
                         const dg_statistics *figures);

/* Whether it has one, where there is one. */
bool dg_describe_has_crs(const dg_reopened *opened, const dg_output *output);

/* Whether the CRS, where there is one, is the very same; PROJ takes half a millisecond for it. */
bool dg_describe_keeps_crs(const dg_reopened *opened, const dg_output *output);

/* Whether `crs` (WKT) is that of the output, but for its way to WGS 84. */
bool dg_describe_is_crs(const char *crs, const dg_output *output);

#endif
