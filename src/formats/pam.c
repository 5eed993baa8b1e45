#include "pam.h"

#include "gdal_errors.h"
#include "hidden.h"
#include "memory.h"
#include "number_text.h"
#include "text_header.h"

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

static const char ENDING[] = ".aux.xml";

bool dg_is_pam(const char *path) {
    return dg_ends_with(path, ENDING);
}

static const CPLXMLNode *find_any(const CPLXMLNode *tree, const char *const *names) {
    for (; *names; names++) {
        const CPLXMLNode *found = CPLSearchXMLNode((CPLXMLNode *)tree, *names);
        if (found)
            return found;
    }
    return NULL;
}

/* NULL: it has another, and is nothing of GDAL's. */
static const CPLXMLNode *find_root(const CPLXMLNode *tree) {
    return CPLGetXMLNode((CPLXMLNode *)tree, "=PAMDataset");
}

/* GDAL looks into what comes first in the file. */
static demgrad_status check_root(const CPLXMLNode *tree, const char *path, demgrad_error *error) {
    static const char *const TELLING[] = {"SRS",   "GeoTransform", "GCPList",  "NoDataValue",
                                          "Scale", "Offset",       "UnitType", NULL};
    const CPLXMLNode *root = find_root(tree);
    const CPLXMLNode *telling = root && root != tree ? find_any(root, TELLING) : NULL;
    if (!telling)
        return DEMGRAD_OK;
    return dg_fail(
        error, DEMGRAD_READ_FAILED,
        "%s: GDAL does not heed its <%s>, as something is before <PAMDataset>; remove what is "
        "there (such as <?xml ... ?>), or the file",
        path, telling->pszValue);
}

/* Words are warned of. */
static bool is_number_or_word(const char *text) {
    return !strpbrk(text, "0123456789") || dg_is_number_text(text);
}

/* With commas between them. */
static bool are_numbers(const char *text) {
    const char *end = dg_number_end(text);
    while (end && *end == ',')
        end = dg_number_end(end + 1);
    return end && *end == '\0';
}

/* With blanks between them, or as 0:10,5:20. */
static bool are_listed_numbers(const char *text) {
    const char *end = dg_number_end(text);
    while (end && *end)
        end = dg_number_end(*end == ',' || *end == ':' ? end + 1 : end);
    return end != NULL;
}

/* Elements and attributes of notes and of VRTs that are numbers. */
static const struct numeric {
    const char *name;
    bool (*is_understood)(const char *text);
} NUMERIC[] = {{"Scale", dg_is_number_text},       {"Offset", dg_is_number_text},
               {"NoDataValue", is_number_or_word}, {"GeoTransform", are_numbers},
               {"ScaleRatio", dg_is_number_text},  {"ScaleOffset", dg_is_number_text},
               {"NODATA", dg_is_number_text},      {"Exponent", dg_is_number_text},
               {"LUT", are_listed_numbers},        {"Coefs", are_listed_numbers},
               {"xOff", dg_is_number_text},        {"yOff", dg_is_number_text},
               {"xSize", dg_is_number_text},       {"ySize", dg_is_number_text}};

static bool is_understood(const CPLXMLNode *node) {
    const char *text = CPLGetXMLValue((CPLXMLNode *)node, NULL, "");
    for (size_t i = 0; i < sizeof NUMERIC / sizeof *NUMERIC; i++) {
        if (EQUAL(node->pszValue, NUMERIC[i].name))
            return NUMERIC[i].is_understood(text);
    }
    return true;
}

/* Metadata may hold any XML. */
demgrad_status dg_check_numbers(const CPLXMLNode *node, const char *path, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (; node && !status; node = node->psNext) {
        const bool is_told = node->eType == CXT_Element || node->eType == CXT_Attribute;
        if (!is_told || EQUAL(node->pszValue, "Metadata"))
            continue;
        if (!is_understood(node))
            status =
                dg_fail(error, DEMGRAD_READ_FAILED,
                        "%s: has \"%.80s\" as <%s>, which GDAL takes for another; write decimals "
                        "there",
                        path, CPLGetXMLValue((CPLXMLNode *)node, NULL, ""), node->pszValue);
        else
            status = dg_check_numbers(node->psChild, path, error);
    }
    return status;
}

/* Whether the file is of GDAL's notes as far as can be seen: they may be damaged further on. */
static bool begins_as_notes(const char *path) {
    static const char BYTE_ORDER_MARK[] = "\xef\xbb\xbf";
    char head[256] = "";
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (file) {
        VSIFReadL(head, 1, sizeof head - 1, file);
        VSIFCloseL(file);
    }
    const char *first = head + (STARTS_WITH(head, BYTE_ORDER_MARK) ? 3 : 0);
    first += strspn(first, " \t\r\n");
    return *first == '<' && (strstr(first, "<PAMD") || !strchr(first, '>'));
}

demgrad_status dg_check_pam(const char *path, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    CPLXMLNode *tree = CPLParseXMLFile(path);
    dg_gdal_errors_end(&errors);
    if (!tree && !begins_as_notes(path))
        return DEMGRAD_OK;
    if (!tree)
        return dg_fail(
            error, DEMGRAD_READ_FAILED,
            "%s: is damaged, and what it says of the raster (nodata value, scale, unit, CRS) is "
            "lost: %s; remove it, or make it anew",
            path, dg_gdal_errors_text(&errors, "it is empty"));
    demgrad_status status = check_root(tree, path, error);
    if (!status && find_root(tree))
        status = dg_check_numbers(tree, path, error);
    CPLDestroyXMLNode(tree);
    return status;
}

/* GDAL looks for none beside parts of files, nor where the address has a query; and a stream would be read. */
static bool has_name_for_pam(const char *raster) {
    return !STARTS_WITH(raster, "/vsisubfile/") && !STARTS_WITH(raster, "/vsistdin") &&
           !(strstr(raster, "/vsicurl/") && strchr(raster, '?'));
}

/* NULL: there is none that GDAL looks at; *is_short: or no memory for its name. */
static char *find_pam_of(const char *raster, bool *is_short) {
    *is_short = false;
    if (!has_name_for_pam(raster) || dg_hides_pam())
        return NULL;
    char *path = dg_format(NULL, "%s%s", raster, ENDING);
    VSIStatBufL found;
    *is_short = !path;
    if (path && VSIStatExL(path, &found, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) == 0 &&
        VSI_ISREG(found.st_mode))
        return path;
    free(path);
    return NULL;
}

demgrad_status dg_check_pam_of(const char *raster, demgrad_error *error) {
    bool is_short;
    char *path = find_pam_of(raster, &is_short);
    demgrad_status status =
        is_short ? dg_fail_memory(error, "the names of an input's files") : DEMGRAD_OK;
    if (path)
        status = dg_check_pam(path, error);
    free(path);
    return status;
}

CPLXMLNode *dg_read_pam_of(const char *raster) {
    bool is_short;
    char *path = find_pam_of(raster, &is_short);
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    CPLXMLNode *tree = path ? CPLParseXMLFile(path) : NULL;
    dg_gdal_errors_end(&ignored);
    free(path);
    return tree;
}

bool dg_note_pam_of(const char *raster, const char *name, dg_notes *notes) {
    bool is_short;
    char *path = find_pam_of(raster, &is_short);
    CPLXMLNode *tree = path ? dg_read_pam_of(raster) : NULL;
    if (path && !(tree && find_root(tree)))
        dg_note(notes, name,
                "%s is nothing of GDAL's, by its content, and is left out; if it held nodata "
                "value, scale, unit or CRS, make it anew",
                path);
    if (tree)
        CPLDestroyXMLNode(tree);
    free(path);
    return !is_short;
}
