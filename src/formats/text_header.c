#include "text_header.h"

#include "memory.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OF_HEADER = 1 << 16 };

bool dg_ends_with(const char *name, const char *ending) {
    const size_t length = strlen(name), n = strlen(ending);
    return length >= n && EQUAL(name + length - n, ending);
}

/* In a SAGA grid that is one archive. NULL: none. */
static char *find_in_archive(const char *path, const char *ending) {
    char *found = NULL, *inside = dg_format(NULL, "/vsizip/{%s}", path);
    char **names = inside ? VSIReadDir(inside) : NULL;
    for (int i = 0; names && names[i] && !found; i++) {
        if (dg_ends_with(names[i], ending))
            found = dg_format(NULL, "%s/%s", inside, names[i]);
    }
    CSLDestroy(names);
    free(inside);
    return found;
}

char *dg_text_header_of(GDALDatasetH dataset, const char *ending) {
    const char *name = GDALGetDescription(dataset);
    if (!*ending || dg_ends_with(name, ".sg-grd-z"))
        return *ending ? find_in_archive(name, ending) : dg_copy(name, NULL);
    char **files = GDALGetFileList(dataset), *found = NULL;
    for (int i = 0; files && files[i] && !found; i++) {
        if (dg_ends_with(files[i], ending))
            found = dg_copy(files[i], NULL);
    }
    CSLDestroy(files);
    return found;
}

static const char *next_line(const char *line) {
    line += strcspn(line, "\r\n");
    return line + strspn(line, "\r\n");
}

/* NULL: the line has another key. */
static const char *find_value(const char *line, const char *key) {
    static const char BETWEEN[] = " \t=:>";
    const size_t length = strlen(key);
    line += strspn(line, " \t<");
    if (!EQUALN(line, key, length) || !strchr(" \t=:>\r\n", line[length]))
        return NULL;
    const char *value = line + length + strspn(line + length, BETWEEN);
    return *key == '#' && strchr("\r\n", *value) ? next_line(value) : value;
}

/* Up to the line's end or a tag, without the blanks at its end. */
static void copy_value(const char *value, char *text, size_t size) {
    size_t n = strcspn(value, "\r\n<");
    while (n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\t'))
        n--;
    CPLStrlcpy(text, value, n < size ? n + 1 : size);
}

bool dg_text_header_find(const char *path, const char *key, char *text, size_t size) {
    VSILFILE *file = VSIFOpenL(path, "rb");
    char *header = file ? calloc(1, MOST_OF_HEADER + 1) : NULL;
    const char *value = NULL;
    if (header)
        VSIFReadL(header, 1, MOST_OF_HEADER, file);
    if (file)
        VSIFCloseL(file);
    for (const char *line = header; line && *line && !value && !EQUALN(line, "#GRID", 5);
         line = next_line(line))
        value = find_value(line, key);
    copy_value(value ? value : "", text, size);
    free(header);
    return value != NULL;
}
