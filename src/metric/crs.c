#include "crs.h"

#include "crs_describe.h"
#include "crs_parts.h"
#include "projection.h"

demgrad_status dg_crs_read(const char *text, dg_crs_facts *facts, dg_projection **projection,
                           demgrad_error *error) {
    if (projection)
        *projection = NULL;
    *facts = (dg_crs_facts){.kind = DG_CRS_NONE,
                            .compass = {{0, 1}, {1, 1}},
                            .raster = {{0, 1}, {1, 1}},
                            .linear_unit_m = 1,
                            .angular_unit_rad = 1};
    if (!text || !*text)
        return DEMGRAD_OK;
    dg_crs_parts parts;
    demgrad_status status = dg_crs_parts_open(text, &parts, error);
    if (status)
        return status;
    status = dg_crs_describe(&parts, facts, error);
    if (!status && projection && facts->kind == DG_CRS_PROJECTED)
        return dg_projection_open(&parts, projection, error);
    dg_crs_parts_close(&parts);
    return status;
}

demgrad_status dg_crs_identify(const char *text, char code[64], demgrad_error *error) {
    enum { SAME_DEFINITION = 70 }; /* PROJ's confidence, but for the name */
    dg_crs_parts parts;
    *code = '\0';
    const demgrad_status status = dg_crs_parts_open(text, &parts, error);
    if (status)
        return status;
    int *confidence = NULL;
    PJ_OBJ_LIST *found = proj_identify(parts.context, parts.horizontal, "EPSG", NULL, &confidence);
    const int count = found ? proj_list_get_count(found) : 0;
    if (count > 0 && confidence[0] >= SAME_DEFINITION &&
        (count == 1 || confidence[1] < confidence[0])) {
        PJ *best = proj_list_get(parts.context, found, 0);
        if (best)
            dg_crs_code(best, code);
        proj_destroy(best);
    }
    proj_int_list_destroy(confidence);
    proj_list_destroy(found);
    dg_crs_parts_close(&parts);
    return DEMGRAD_OK;
}
