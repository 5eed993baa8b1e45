#include "describe_output.h"
#include "draft.h"
#include "gdal_type.h"

#include <cpl_string.h>

GDALDatasetH dg_way_create_dataset(const dg_output *output, GDALDriverH driver, const char *path,
                                   char **options) {
    return GDALCreate(driver, path, output->grid.width, output->grid.height, output->band_count,
                      dg_gdal_type(output->type), options);
}

bool dg_way_create_plain(dg_draft *draft) {
    const dg_output *output = draft->output;
    draft->dataset = dg_way_create_dataset(output, draft->driver, draft->temporary, draft->options);
    if (!draft->dataset)
        return false;
    if (EQUAL(GDALGetDriverShortName(draft->driver), "ENVI"))
        GDALSetDescription(draft->dataset, output->target.path); /* which the header tells */
    return dg_describe(draft->dataset, output);
}

bool dg_way_close_plain(dg_draft *draft, dg_continuation *continuation) {
    (void)continuation;
    GDALFlushCache(draft->dataset);
    GDALClose(draft->dataset);
    draft->dataset = NULL;
    return true;
}

static bool create(dg_draft *draft) {
    if (!dg_way_create_plain(draft))
        return false;
    dg_describe_nodata(draft->dataset, draft->output);
    return true;
}

const dg_way dg_way_plain = {create, dg_way_close_plain};
