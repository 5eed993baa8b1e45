#include "describe.h"
#include "draft.h"

#include <cpl_conv.h>
#include <cpl_string.h>

/* In a folder of its own beside `temporary`: no name of the output's files can be its. */
static char *stage_name(const dg_draft *d) {
    char *folder = CPLStrdup(CPLGetDirname(d->temporary));
    char *name = CPLStrdup(CPLSPrintf("%s/stage/stage.tif", folder));
    CPLFree(folder);
    return name;
}

static void remove_stage(const char *stage) {
    char *side_file = CPLStrdup(CPLSPrintf("%s.aux.xml", stage));
    VSIUnlink(stage);
    VSIUnlink(side_file);
    VSIRmdir(CPLGetDirname(stage));
    CPLFree(side_file);
}

/* It is not laid out in place: opened again, it would give the CRS as GeoTIFF has it. */
static bool create(dg_draft *draft) {
    const char *const options[] = {"TILED=YES", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER", NULL};
    char *stage = stage_name(draft);
    VSIMkdir(CPLGetDirname(stage), 0777);
    draft->dataset =
        dg_way_create_dataset(draft->output, GDALGetDriverByName("GTiff"), stage, (char **)options);
    CPLFree(stage);
    if (!draft->dataset)
        return false;
    dg_describe(draft->dataset, draft->output);
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
    CPLFree(stage);
    return copy != NULL;
}

const dg_way dg_way_copy = {create, close_copied};
