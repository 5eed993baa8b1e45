#include "describe_output.h"
#include "draft.h"
#include "path.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <stdlib.h>

/* Under the output's own name, which some formats keep as a text, in a folder of its own: the temporary
 * folder's names go from such texts. */
static char *stage_folder(const dg_draft *d) {
    return dg_draft_beside(d, DG_STAGE);
}

static char *stage_name(const dg_draft *d) {
    char *folder = stage_folder(d);
    char *name = folder ? dg_path_join(folder, dg_path_name(d->temporary)) : NULL;
    if (folder)
        VSIMkdir(folder, 0700); /* or creating the file fails */
    free(folder);
    return name;
}

static void remove_stage(const dg_draft *d) {
    char *folder = stage_folder(d);
    if (folder)
        dg_draft_remove_folder(folder); /* or it goes with the folder that it is in */
    free(folder);
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
    remove_stage(draft);
    return copy != NULL;
}

const dg_way dg_way_copy = {create, close_copied};
