#include "side_header.h"

#include "path.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KEYS = 8, MOST_BYTES = 1 << 20, LINE_SIZE = 256 };

/* What comes to an end with its line, at the end of the header too. */
typedef enum ending { NOTHING, NUMBERS, LINES } ending;

/* What a header has all of, or nothing; each with the other names that it may have. */
static const struct header {
    const char *driver, *end;
    ending ends;
    const char *keys[MOST_KEYS + 1];
} HEADERS[] = {
    {"EHdr",
     ".hdr",
     NOTHING,
     {"ulxmap|xllcorner|xllcenter", "ulymap|yllcorner|yllcenter", "xdim|cellsize|dx",
      "ydim|cellsize|dy"}},
    {"ILWIS", ".grf", NUMBERS, {"minx", "miny", "maxx", "maxy"}},
    {"ILWIS", ".mpr", NUMBERS, {"data", "size"}},
    {"PAux", ".aux", NUMBERS, {"upleftx", "uplefty", "lorightx", "lorighty"}},
    {"MFF",
     ".hdr",
     NUMBERS,
     {"top_left_corner_latitude", "top_left_corner_longitude", "top_right_corner_latitude",
      "top_right_corner_longitude", "bottom_left_corner_latitude", "bottom_left_corner_longitude",
      "bottom_right_corner_latitude", "bottom_right_corner_longitude"}},
    {"MFF2",
     "/georef",
     NUMBERS,
     {"top_left.latitude", "top_left.longitude", "top_right.latitude", "top_right.longitude",
      "bottom_left.latitude", "bottom_left.longitude", "bottom_right.latitude",
      "bottom_right.longitude"}},
    {"MFF2",
     "attrib",
     NOTHING,
     {"extent.cols", "extent.rows", "pixel.size", "pixel.order", "version"}},
    {"RRASTER",
     ".grd",
     LINES,
     {"datatype", "byteorder", "nrows", "ncols", "xmin", "ymin", "xmax", "ymax"}},
    {"RST", ".rdc", NUMBERS, {"columns", "rows", "min. x", "max. x", "min. y", "max. y"}},
    {"SAGA", ".sgrd", NUMBERS, {"position_xmin", "position_ymin", "cellsize", "dataformat"}},
};

/* What a line begins with, up to its value, in small letters. */
static const char *split(const char *line, char key[LINE_SIZE]) {
    line += strspn(line, " \t");
    size_t length = strcspn(line, ":=");
    if (!line[length])
        length = strcspn(line, " \t");
    const char *value = line + length + strspn(line + length, " \t:=");
    CPLStrlcpy(key, line, length + 1 < LINE_SIZE ? length + 1 : LINE_SIZE);
    for (length = strlen(key); length > 0 && (key[length - 1] == ' ' || key[length - 1] == '\t');)
        key[--length] = '\0';
    for (char *c = key; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    return value;
}

/* The value of the first line that has one of the key's names; NULL: there is none. */
static const char *find(char **lines, const char *names) {
    char **all = CSLTokenizeString2(names, "|", 0);
    const char *found = NULL;
    for (int i = 0; lines && lines[i] && !found; i++) {
        char key[LINE_SIZE];
        const char *value = split(lines[i], key);
        if (*value && CSLFindString((CSLConstList)all, key) >= 0)
            found = value;
    }
    CSLDestroy(all);
    return found;
}

static demgrad_status fail_cut(const char *path, const char *why, const char *what,
                               demgrad_error *error) {
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: is cut short, it seems: %s%s; get it anew, or complete it", path, why,
                   what);
}

/* Where the last line has no end its number may be another's beginning: it is, where the number beside it begins
 * so, or where there is no digit after the point. */
static bool is_beginning(char **lines, const struct header *h) {
    const char *last = find(lines, h->keys[3] ? h->keys[3] : ""), *other = find(lines, "xdim");
    const char *version = find(lines, "version");
    if (EQUAL(h->driver, "EHdr"))
        return last && other && strlen(last) < strlen(other) && STARTS_WITH(other, last);
    return version && (!strchr(version, '.') || version[strlen(version) - 1] == '.');
}

/* Whether more could follow at the end of the last line: it has no value, or a number. */
static bool may_go_on(char **lines) {
    const int count = CSLCount(lines);
    char key[LINE_SIZE];
    const char *value = count > 0 ? split(lines[count - 1], key) : "";
    return !*value || strchr("0123456789+-.", *value);
}

static demgrad_status check_lines(const char *path, const struct header *h, char **lines,
                                  bool has_end, demgrad_error *error) {
    const char *missing = NULL;
    int count = 0;
    for (int i = 0; h->keys[i]; i++) {
        const bool is_there = find(lines, h->keys[i]) != NULL;
        count += is_there;
        missing = is_there || missing ? missing : h->keys[i];
    }
    if (missing && count > 0) {
        char name[LINE_SIZE];
        CPLStrlcpy(name, missing, 1 + strcspn(missing, "|"));
        return fail_cut(path, "it has no ", name, error);
    }
    const bool is_cut = h->ends == LINES || (h->ends == NUMBERS && may_go_on(lines));
    if (!has_end && (is_cut || is_beginning(lines, h)))
        return fail_cut(path, "its last line does not end", "", error);
    return DEMGRAD_OK;
}

static demgrad_status check_header(const char *path, const struct header *h, demgrad_error *error) {
    GByte *text = NULL;
    vsi_l_offset size = 0;
    VSIStatBufL found;
    if (VSIStatL(path, &found) != 0 || !VSIIngestFile(NULL, path, &text, &size, MOST_BYTES) ||
        size == 0) {
        CPLFree(text);
        return DEMGRAD_OK;
    }
    const GByte last = text[size - 1];
    char **lines = CSLTokenizeString2((const char *)text, "\r\n", 0);
    const bool has_end = last == '\n' || last == '\r' || last == 0x1a;
    const demgrad_status status = check_lines(path, h, lines, has_end, error);
    CSLDestroy(lines);
    CPLFree(text);
    return status;
}

static bool ends_with(const char *text, const char *end) {
    const size_t length = strlen(text), tail = strlen(end);
    return length >= tail && EQUAL(text + length - tail, end);
}

/* Adds what is called `name` beside the raster. */
static char **add_beside(char **files, const char *raster, const char *name) {
    char *folder = dg_path_folder(raster);
    char *path = folder ? dg_path_join(folder, name) : NULL;
    if (path)
        files = CSLAddString(files, path);
    free(path);
    free(folder);
    return files;
}

/* GDAL does not list MFF2's headers, nor what ILWIS's one refers to. */
static char **list_headers(GDALDatasetH dataset, const char *driver) {
    const char *raster = GDALGetDescription(dataset);
    char **files = GDALGetFileList(dataset);
    if (EQUAL(driver, "MFF2")) {
        files = add_beside(files, raster, "georef");
        files = add_beside(files, raster, "attrib");
    }
    char **lines = EQUAL(driver, "ILWIS") ? CSLLoad2(raster, 10000, LINE_SIZE, NULL) : NULL;
    const char *place = find(lines, "georef");
    if (place)
        files = add_beside(files, raster, place);
    CSLDestroy(lines);
    return files;
}

static demgrad_status check_headers(const char *driver, char **files, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++) {
        for (int j = 0; files && files[j] && !status; j++) {
            if (EQUAL(driver, HEADERS[i].driver) && ends_with(files[j], HEADERS[i].end))
                status = check_header(files[j], &HEADERS[i], error);
        }
    }
    return status;
}

/* The bytes of a pixel, as a map's description names its type. */
static int bytes_of(char **lines) {
    static const struct {
        const char *name;
        int bytes;
    } TYPES[] = {{"byte", 1}, {"int", 2}, {"long", 4}, {"float", 4}, {"real", 8}};
    char key[LINE_SIZE];
    int bytes = 0;
    for (int i = 0; lines && lines[i]; i++) {
        const char *value = split(lines[i], key);
        for (size_t j = 0; j < sizeof TYPES / sizeof *TYPES; j++)
            bytes = EQUAL(key, "type") && EQUAL(value, TYPES[j].name) ? TYPES[j].bytes : bytes;
    }
    return bytes;
}

/* ILWIS keeps a map's pixels beside its description. GDAL takes any part of a row for the whole. */
static demgrad_status check_map(GDALDatasetH dataset, demgrad_error *error) {
    const char *path = GDALGetDescription(dataset);
    char **lines = CSLLoad2(path, 10000, LINE_SIZE, NULL);
    const char *data = find(lines, "data");
    const int64_t needed =
        (int64_t)bytes_of(lines) * GDALGetRasterXSize(dataset) * GDALGetRasterYSize(dataset);
    char **place = data ? add_beside(NULL, path, data) : NULL;
    VSIStatBufL found;
    demgrad_status status = DEMGRAD_OK;
    if (place && VSIStatL(*place, &found) == 0 && (int64_t)found.st_size < needed)
        status =
            dg_fail(error, DEMGRAD_READ_FAILED,
                    "%s: is cut short: it has %lld bytes, and its header tells of %lld; get it "
                    "anew",
                    *place, (long long)found.st_size, (long long)needed);
    CSLDestroy(place);
    CSLDestroy(lines);
    return status;
}

demgrad_status dg_check_side_headers(GDALDatasetH dataset, demgrad_error *error) {
    const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(dataset));
    bool has_header = false;
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++)
        has_header |= EQUAL(driver, HEADERS[i].driver);
    if (!has_header)
        return DEMGRAD_OK;
    char **files = list_headers(dataset, driver);
    demgrad_status status = check_headers(driver, files, error);
    CSLDestroy(files);
    if (!status && EQUAL(driver, "ILWIS"))
        status = check_map(dataset, error);
    return status;
}
