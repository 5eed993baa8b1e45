/* The files that a VRT names. */
#ifndef DG_VRT_SOURCE_H
#define DG_VRT_SOURCE_H

#include <cpl_minixml.h>
#include <stdbool.h>

/* Gives the path that the SourceFilename within `node` leads to, from the folder of the VRT (NULL: it is no file);
 * `is_beside`: it counts from there where it does not say. To be freed with free(); NULL: there is none. False
 * where memory is short. */
bool dg_vrt_source_path(const CPLXMLNode *node, const char *folder, bool is_beside, char **path);

#endif
