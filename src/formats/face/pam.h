/* What others noted of a raster in an .aux.xml beside it (GDAL's persistent auxiliary metadata): scale, unit,
 * nodata value, CRS, place. */
#ifndef DG_PAM_H
#define DG_PAM_H

#include "fail.h"
#include "notes.h"

#include <cpl_minixml.h>
#include <stdbool.h>

bool dg_is_pam(const char *path);

/* Fails where GDAL leaves out what the file says, as it is damaged. GDAL says nothing of that. */
demgrad_status dg_check_pam(const char *path, demgrad_error *error);

/* Fails where a tree of GDAL's, a VRT's too, has no number as scale, offset, nodata value or place. */
demgrad_status dg_check_numbers(const CPLXMLNode *tree, const char *path, demgrad_error *error);

/* Checks the .aux.xml beside a raster's file, where there is one and GDAL looks at it. */
demgrad_status dg_check_pam_of(const char *raster, demgrad_error *error);

/* Notes that such a file is nothing of GDAL's, where it is. False: no memory to look for it. */
bool dg_note_pam_of(const char *raster, const char *name, dg_notes *notes);

/* What that file says, for the caller to free; NULL: there is none, or it is damaged. */
CPLXMLNode *dg_read_pam_of(const char *raster);

#endif
