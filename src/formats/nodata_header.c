#include "nodata_header.h"

#include "gdal_driver.h"
#include "text_header.h"

#include <cpl_string.h>
#include <stdlib.h>
#include <string.h>

/* What the header's name ends with (any does), and the word before the value. */
static const struct row {
    const char *driver, *ending, *key;
} TABLE[] = {
    {"EHdr", ".hdr", "NODATA"},           {"ENVI", ".hdr", "data ignore value"},
    {"ERS", ".ers", "NullCellValue"},     {"ISG", "", "nodata"},
    {"PDS4", ".xml", "missing_constant"}, {"RRASTER", ".grd", "nodatavalue"},
    {"RST", ".rdc", "flag value"},        {"SAGA", ".sgrd", "NODATA_VALUE"},
};

static const struct row *find_row(const char *driver) {
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        if (EQUAL(driver, TABLE[i].driver))
            return &TABLE[i];
    }
    return NULL;
}

bool dg_nodata_header(GDALDatasetH dataset, char text[DG_NODATA_TEXT_SIZE]) {
    const struct row *row = find_row(dg_driver_name(dataset));
    char *path = row ? dg_text_header_of(dataset, row->ending) : NULL;
    const bool has = path && dg_text_header_find(path, row->key, text, DG_NODATA_TEXT_SIZE);
    free(path);
    return has;
}
