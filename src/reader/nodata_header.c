#include "nodata_header.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OF_HEADER = 1 << 16 };

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

/* Takes what follows the key, a blank or sign between them, up to the line's end or a tag. */
static bool take_value(const char *line, const char *key, char text[DG_NODATA_TEXT_SIZE]) {
    static const char BETWEEN[] = " \t=:>";
    line += strspn(line, " \t<");
    const size_t length = strlen(key);
    if (!EQUALN(line, key, length) || !line[length] || !strchr(BETWEEN, line[length]))
        return false;
    const char *value = line + length + strspn(line + length, BETWEEN);
    size_t n = strcspn(value, "\r\n<");
    while (n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\t'))
        n--;
    n = n < DG_NODATA_TEXT_SIZE ? n : DG_NODATA_TEXT_SIZE - 1;
    memcpy(text, value, n);
    text[n] = '\0';
    return true;
}

static bool find_value(const char *header, const char *key, char text[DG_NODATA_TEXT_SIZE]) {
    for (const char *line = header; line; line = strpbrk(line, "\r\n")) {
        line += strspn(line, "\r\n");
        if (take_value(line, key, text))
            return true;
    }
    return false;
}

static bool read_value(const char *path, const char *key, char text[DG_NODATA_TEXT_SIZE]) {
    VSILFILE *file = VSIFOpenL(path, "rb");
    char *header = file ? calloc(1, MOST_OF_HEADER + 1) : NULL;
    if (header)
        VSIFReadL(header, 1, MOST_OF_HEADER, file);
    if (file)
        VSIFCloseL(file);
    const bool has = header && find_value(header, key, text);
    free(header);
    return has;
}

bool dg_nodata_header(GDALDatasetH dataset, char text[DG_NODATA_TEXT_SIZE]) {
    const struct row *row = find_row(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)));
    char **files = row ? GDALGetFileList(dataset) : NULL;
    bool has = false;
    for (int i = 0; files && files[i] && !has; i++) {
        const size_t length = strlen(files[i]), n = strlen(row->ending);
        if (length >= n && EQUAL(files[i] + length - n, row->ending))
            has = read_value(files[i], row->key, text);
    }
    CSLDestroy(files);
    return has;
}
