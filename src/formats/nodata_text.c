#include "nodata_text.h"

#include "gdal_driver.h"
#include "memory.h"
#include "nodata_header.h"
#include "number_text.h"
#include "pam.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "nan" and "inf" are numbers. */
static bool is_no_number(const char *text) {
    return !strpbrk(text, "0123456789") && !dg_is_number_text(text);
}

/* The value of a band in a tree of GDAL's, whose elements for bands are called `element`. */
static bool take_from_tree(CPLXMLNode *tree, const char *element, int band,
                           char text[DG_NODATA_TEXT_SIZE]) {
    const char *value = NULL;
    for (CPLXMLNode *root = tree; root; root = root->psNext) {
        for (CPLXMLNode *child = root->psChild; child; child = child->psNext) {
            if (EQUAL(child->pszValue, element) && atoi(CPLGetXMLValue(child, "band", "0")) == band)
                value = CPLGetXMLValue(child, "NoDataValue", value);
        }
    }
    if (value)
        CPLStrlcpy(text, value, DG_NODATA_TEXT_SIZE);
    if (tree)
        CPLDestroyXMLNode(tree);
    return value != NULL;
}

/* GDAL's own text of a VRT has the number that it made of the word. */
static bool find_in_vrt(const char *vrt, int band, char text[DG_NODATA_TEXT_SIZE]) {
    CPLXMLNode *tree = *vrt == '<' ? CPLParseXMLString(vrt) : CPLParseXMLFile(vrt);
    return take_from_tree(tree, "VRTRasterBand", band, text);
}

static bool find_text(GDALDatasetH dataset, int band, char text[DG_NODATA_TEXT_SIZE]) {
    const char *driver = dg_driver_name(dataset);
    const char *path = GDALGetDescription(dataset);
    if (EQUAL(driver, "VRT"))
        return !STARTS_WITH_CI(path, "vrt:") && find_in_vrt(path, band, text);
    return take_from_tree(dg_read_pam_of(path), "PAMRasterBand", band, text) ||
           (EQUAL(driver, "GTiff") && dg_nodata_tag(path, text));
}

/* Whether GDAL takes the first number of several, as of "520;560"; a comma may be a decimal one, which some
 * drivers heed. Some round to floats. */
static bool has_more(const char *text, double value) {
    const char *rest = dg_number_end(text);
    const double taken = CPLAtof(text);
    if (!rest || !strpbrk(rest, "0123456789") || fabs(value - taken) > 1e-6 * fabs(taken))
        return false;
    if (*rest == ';')
        return CPLAtof(rest + 1) != taken;
    return *rest != ',' || CPLAtofM(text) != taken;
}

void dg_note_nodata_text(GDALRasterBandH band, const char *name, double value, dg_notes *notes) {
    GDALDatasetH dataset = GDALGetBandDataset(band);
    char text[DG_NODATA_TEXT_SIZE];
    bool has = dg_nodata_header(dataset, text);
    if (has && has_more(text, value))
        dg_note(
            notes, name,
            "declares the nodata values \"%s\", of which GDAL takes %.15g alone (--input-nodata "
            "takes several)",
            text, value);
    if (value != 0)
        return;
    if (!has || !is_no_number(text))
        has = find_text(dataset, GDALGetBandNumber(band), text);
    if (has && is_no_number(text))
        dg_note(notes, name,
                "declares the nodata value \"%s\", which is no number: GDAL takes it for 0, and so "
                "every 0 is nodata (--input-nodata=nan says that there is none)",
                text);
}
