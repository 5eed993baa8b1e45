/* Drivers write headers, world files and XML without a look at whether the disk took them. */

#include "side_files.h"

#include "path.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <gdal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool reads_xml(const char *path) {
    CPLXMLNode *tree = CPLParseXMLFile(path);
    if (tree)
        CPLDestroyXMLNode(tree);
    return tree != NULL;
}

static bool reads_world_file(const char *path) {
    double geotransform[6];
    return GDALLoadWorldFile(path, geotransform);
}

/* What reads files of some ending whole. */
static const struct reading {
    const char *extension;
    bool (*reads)(const char *path);
} READINGS[] = {{"xml", reads_xml}, {"tfw", reads_world_file}, {"wld", reads_world_file}};

static bool has_extension(const char *path, const char *extension) {
    const char *dot = strrchr(dg_path_name(path), '.');
    return dot && EQUAL(dot + 1, extension);
}

static bool is_whole(const char *path) {
    VSIStatBufL stat;
    if (VSIStatL(path, &stat) != 0 || (!VSI_ISDIR(stat.st_mode) && stat.st_size == 0))
        return false;
    bool whole = true;
    for (size_t i = 0; i < sizeof READINGS / sizeof *READINGS && !VSI_ISDIR(stat.st_mode); i++) {
        if (has_extension(path, READINGS[i].extension))
            whole = READINGS[i].reads(path);
    }
    return whole;
}

char *dg_side_files_fault(const char *folder, const dg_list *files, const dg_list *expected) {
    char *fault = files->is_short ? dg_fault_memory() : NULL;
    for (size_t i = 0; i < expected->count && !fault; i++) {
        if (!dg_list_has(files, expected->items[i]))
            fault = dg_fault("its file %s is missing", expected->items[i]);
    }
    for (size_t i = 0; i < files->count && !fault; i++) {
        char *path = dg_path_join(folder, files->items[i]);
        if (!path)
            fault = dg_fault_memory();
        else if (!is_whole(path))
            fault = dg_fault("its file %s is not whole", files->items[i]);
        free(path);
    }
    return fault;
}
