/* Drivers write headers, world files and XML without a look at whether the disk took them. */

#include "side_files.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <gdal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **dg_side_files_list(const char *folder) {
    char **all = VSIReadDir(folder), **names = NULL;
    for (int i = 0; all && all[i]; i++) {
        if (!EQUAL(all[i], ".") && !EQUAL(all[i], ".."))
            names = CSLAddString(names, all[i]);
    }
    CSLDestroy(all);
    if (names)
        qsort(names, (size_t)CSLCount(names), sizeof *names, compare_names);
    return names;
}

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

static bool is_whole(const char *path) {
    VSIStatBufL stat;
    if (VSIStatL(path, &stat) != 0 || (!VSI_ISDIR(stat.st_mode) && stat.st_size == 0))
        return false;
    bool whole = true;
    for (size_t i = 0; i < sizeof READINGS / sizeof *READINGS && !VSI_ISDIR(stat.st_mode); i++) {
        if (EQUAL(CPLGetExtension(path), READINGS[i].extension))
            whole = READINGS[i].reads(path);
    }
    return whole;
}

char *dg_side_files_fault(const char *folder, char **expected) {
    char **names = dg_side_files_list(folder);
    char *fault = NULL;
    for (int i = 0; expected && expected[i] && !fault; i++) {
        if (CSLFindString(names, expected[i]) < 0)
            fault = CPLStrdup(CPLSPrintf("its file %s is missing", expected[i]));
    }
    for (int i = 0; names && names[i] && !fault; i++) {
        char *path = CPLStrdup(CPLSPrintf("%s/%s", folder, names[i]));
        if (!is_whole(path))
            fault = CPLStrdup(CPLSPrintf("its file %s is not whole", names[i]));
        CPLFree(path);
    }
    CSLDestroy(names);
    return fault;
}
