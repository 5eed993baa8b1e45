#include "small_raster.h"

#include "describe_output.h"
#include "folder_names.h"
#include "integers.h"
#include "memory.h"
#include "path.h"
#include "publish.h"
#include "workplace.h"

#include <cpl_error.h>
#include <cpl_vsi.h>
#include <math.h>
#include <stdlib.h>

double dg_small_value(int i) {
    return sin(i + 0.1);
}

/* The draft in small, under its name in a folder that is made as a temporary one. */
static dg_draft make_small(const dg_draft *d, const dg_way *way, const char *folder,
                           bool *is_short) {
    dg_output output = *d->output;
    output.grid.width = dg_min(output.grid.width, DG_SMALL_SIZE);
    output.grid.height = dg_min(output.grid.height, DG_SMALL_SIZE);
    dg_list options = {0};
    dg_list_add_all(&options, (const char *const *)d->options);
    *is_short = options.is_short;
    return (dg_draft){
        .way = way,
        .output = dg_output_copy(&output),
        .driver = d->driver,
        .options = options.items,
        .temporary = dg_format(NULL, "%s/" DG_NEW "/%s", folder, dg_path_name(d->temporary)),
        .figures = d->figures,
    };
}

static CPLErr write_values(dg_draft *d) {
    const dg_window all = dg_grid_window(&d->output->grid);
    const int n = all.width * all.height;
    double *values = calloc((size_t)(n * d->output->band_count), sizeof *values);
    if (!values) {
        CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for a small raster");
        return CE_Failure;
    }
    for (int i = 0; i < n * d->output->band_count; i++)
        values[i] = dg_small_value(i);
    const dg_block block = {values, DG_DOUBLE, all.width, n, all};
    const CPLErr result = dg_block_rows_add(&d->rows, &block);
    free(values);
    return result;
}

demgrad_status dg_small_write(dg_draft *small, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_continuation c = {0};
    demgrad_status status = dg_draft_start(small, &errors, error);
    if (status)
        return status;
    dg_gdal_errors_begin(&errors);
    const bool wrote = write_values(small) == CE_None;
    dg_gdal_errors_end(&errors);
    if (!wrote || errors.failed || !dg_draft_end(small, &c, &errors))
        return dg_draft_fail(small, "written", &errors, error);
    return DEMGRAD_OK;
}

/* In a folder that is made for it, whose name it frees; NULL: there was no memory for that. */
static demgrad_status do_in(char *folder, const dg_draft *d, const dg_way *way, dg_small_task task,
                            void *user, demgrad_error *error) {
    if (!folder)
        return dg_fail_memory(error, "a small raster");
    bool is_short;
    dg_draft small = make_small(d, way, folder, &is_short);
    char *inner = dg_path_join(folder, DG_NEW);
    demgrad_status status = DEMGRAD_OK;
    if (is_short || !inner || !small.output || !small.temporary)
        status = dg_fail_memory(error, "a small raster");
    const bool is_made = !status;
    if (is_made) {
        VSIMkdir(folder, 0777);
        VSIMkdir(inner, 0777);
        status = task(&small, user, error);
    }
    dg_draft_free(&small); /* whose driver may still write, as it is closed */
    if (is_made)
        dg_draft_remove_folder(folder);
    free(inner);
    free(folder);
    return status;
}

demgrad_status dg_small_in_memory(const dg_draft *draft, const dg_way *way, dg_small_task task,
                                  void *user, demgrad_error *error) {
    return do_in(dg_publish_memory("/vsimem"), draft, way, task, user, error);
}

demgrad_status dg_small_on_disk(const dg_draft *draft, const dg_way *way, dg_small_task task,
                                void *user, demgrad_error *error) {
    return do_in(dg_draft_beside(draft, "trial"), draft, way, task, user, error);
}
