#include "describe_output.h"
#include "draft.h"
#include "path.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <stdlib.h>

/* In a folder where no name of the output's files can be its. */
static char *stage_name(const dg_draft *d) {
    return dg_draft_beside(d, "stage.tif");
}

static void remove_stage(const char *stage) {
    char *side_file = stage ? dg_path_format("%s.aux.xml", stage) : NULL;
    if (stage)
        VSIUnlink(stage);
    if (side_file)
        VSIUnlink(side_file); /* or it goes with the folder */
    free(side_file);
}

/* It is not laid out in place: opened again, it would give the CRS as GeoTIFF has it. */
static bool create(dg_draft *draft) {
    const char *const options[] = {"TILED=YES", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER", NULL};
    char *stage = stage_name(draft);
    if (!stage) {
        CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for the name of a file");
        return false;
    }
    draft->dataset =
        dg_way_create_dataset(draft->output, GDALGetDriverByName("GTiff"), stage, (char **)options);
    free(stage);
    if (!draft->dataset)
        return false;
    if (!dg_describe(draft->dataset, draft->output))
        return false;
    dg_describe_nodata(draft->dataset, draft->output);
    return true;
}

static int CPL_STDCALL ask(double complete, const char *message, void *user) {
    (void)complete;
    (void)message;
    return dg_continuation_ask(user);
}

static bool close_copied(dg_draft *draft, dg_continuation *continuation) {
    GDALFlushCache(draft->dataset);
    GDALDatasetH copy = CPLGetLastErrorType() >= CE_Failure
                            ? NULL
                            : GDALCreateCopy(draft->driver, draft->temporary, draft->dataset, FALSE,
                                             draft->options, ask, continuation);
    if (copy)
        GDALClose(copy);
    GDALClose(draft->dataset);
    draft->dataset = NULL;
    char *stage = stage_name(draft);
    remove_stage(stage);
    free(stage);
    return copy != NULL;
}

const dg_way dg_way_copy = {create, close_copied};
