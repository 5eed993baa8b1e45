#include "side_header.h"

#include "gdal_driver.h"
#include "memory.h"
#include "path.h"
#include "raw_pixels.h"
#include "text_header.h"

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

/* Whether a key is one of the names, which have | between them. */
static bool is_one_of(const char *key, const char *names) {
    const size_t length = strlen(key);
    for (; *names; names += strcspn(names, "|"), names += *names == '|') {
        if (strcspn(names, "|") == length && strncmp(names, key, length) == 0)
            return true;
    }
    return false;
}

/* The value of the first line that has one of the key's names; NULL: there is none. */
static const char *find(char **lines, const char *names) {
    const char *found = NULL;
    for (int i = 0; lines && lines[i] && !found; i++) {
        char key[LINE_SIZE];
        const char *value = split(lines[i], key);
        if (*value && is_one_of(key, names))
            found = value;
    }
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
    dg_list lines = {0};
    dg_list_split(&lines, (const char *)text, "\r\n");
    const bool has_end = last == '\n' || last == '\r' || last == 0x1a;
    demgrad_status status = dg_list_check(&lines, error);
    if (!status)
        status = check_lines(path, h, lines.items, has_end, error);
    dg_list_free(&lines);
    CPLFree(text);
    return status;
}

/* What is called `name` beside the raster; NULL: no memory. */
static char *beside(const char *raster, const char *name) {
    char *folder = dg_path_folder(raster);
    char *path = folder ? dg_path_join(folder, name) : NULL;
    free(folder);
    return path;
}

static void add_beside(dg_list *files, const char *raster, const char *name) {
    char *path = beside(raster, name);
    dg_list_add(files, path);
    free(path);
}

/* GDAL does not list MFF2's headers, nor what ILWIS's one refers to. */
static dg_list list_headers(GDALDatasetH dataset, const char *driver) {
    const char *raster = GDALGetDescription(dataset);
    char **listed = GDALGetFileList(dataset);
    dg_list files = {0};
    dg_list_add_all(&files, (const char *const *)listed);
    CSLDestroy(listed);
    if (EQUAL(driver, "MFF2")) {
        add_beside(&files, raster, "georef");
        add_beside(&files, raster, "attrib");
    }
    char **lines = EQUAL(driver, "ILWIS") ? CSLLoad2(raster, 10000, LINE_SIZE, NULL) : NULL;
    const char *place = find(lines, "georef");
    if (place)
        add_beside(&files, raster, place);
    CSLDestroy(lines);
    return files;
}

static demgrad_status check_headers(const char *driver, const dg_list *files,
                                    demgrad_error *error) {
    demgrad_status status = dg_list_check(files, error);
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++) {
        for (size_t j = 0; j < files->count && !status; j++) {
            if (EQUAL(driver, HEADERS[i].driver) && dg_ends_with(files->items[j], HEADERS[i].end))
                status = check_header(files->items[j], &HEADERS[i], error);
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
    char *place = data ? beside(path, data) : NULL;
    VSIStatBufL found;
    demgrad_status status = data && !place ? dg_fail_memory(error, "a file's name") : DEMGRAD_OK;
    if (place && VSIStatL(place, &found) == 0)
        status = dg_check_bytes(place, (int64_t)found.st_size, needed, error);
    free(place);
    CSLDestroy(lines);
    return status;
}

demgrad_status dg_check_side_headers(GDALDatasetH dataset, demgrad_error *error) {
    const char *driver = dg_driver_name(dataset);
    bool has_header = false;
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++)
        has_header |= EQUAL(driver, HEADERS[i].driver);
    if (!has_header)
        return DEMGRAD_OK;
    dg_list files = list_headers(dataset, driver);
    demgrad_status status = check_headers(driver, &files, error);
    dg_list_free(&files);
    if (!status && EQUAL(driver, "ILWIS"))
        status = check_map(dataset, error);
    return status;
}
