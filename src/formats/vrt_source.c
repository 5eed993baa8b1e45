#include "vrt_source.h"

#include "path.h"

#include <stdlib.h>
#include <string.h>

bool dg_vrt_source_path(const CPLXMLNode *node, const char *folder, bool is_beside, char **path) {
    CPLXMLNode *source = (CPLXMLNode *)node; /* GDAL only reads it */
    const char *name = CPLGetXMLValue(source, "SourceFilename", NULL);
    const char *says = CPLGetXMLValue(source, "SourceFilename.relativeToVRT", NULL);
    *path = NULL;
    if (!name || !*name)
        return true;
    const bool counts_from_vrt = says ? atoi(says) != 0 : is_beside;
    *path = counts_from_vrt && folder ? dg_path_join(folder, name) : strdup(name);
    return *path != NULL;
}
