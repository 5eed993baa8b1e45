#include "coordinates.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <string.h>

static const char *read_line(const char *line, double *value) {
    char *end;
    *value = CPLStrtod(line, &end);
    while (*end == ' ' || *end == '\t' || *end == '\r')
        end++;
    return end == line || *end ? "it must hold one number a line" : NULL;
}

const char *dg_coordinates_read(const char *path, double **values, size_t *count) {
    VSILFILE *file = VSIFOpenL(path, "r");
    if (!file)
        return "the file cannot be opened";
    CPLFree(*values);
    *values = NULL;
    *count = 0;
    size_t capacity = 0;
    const char *wrong = NULL, *line;
    CPLErrorReset();
    CPLPushErrorHandler(CPLQuietErrorHandler);
    while (!wrong && (line = CPLReadLine2L(file, 1000, NULL))) {
        line += strspn(line, " \t\r");
        if (*line == '\0' || *line == '#')
            continue;
        if (*count == capacity) {
            capacity = capacity ? 2 * capacity : 256;
            *values = CPLRealloc(*values, capacity * sizeof **values);
        }
        wrong = read_line(line, &(*values)[(*count)++]);
    }
    CPLPopErrorHandler();
    CPLReadLineL(NULL);
    VSIFCloseL(file);
    if (!wrong && CPLGetLastErrorType() != CE_None)
        return "it must hold one number a line";
    return wrong ? wrong : *count > 0 ? NULL : "it holds no number";
}
