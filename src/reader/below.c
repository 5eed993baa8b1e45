#include "below.h"

#include "gdal_driver.h"
#include "memory.h"
#include "path.h"
#include "vrt_source.h"

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a source's values come as they are. */
static bool is_copied(CPLXMLNode *source) {
    static const char *const CHANGES[] = {"ScaleRatio", "ScaleOffset", "Exponent", "LUT",
                                          "ColorTableComponent"};
    bool is = EQUAL(source->pszValue, "SimpleSource") || EQUAL(source->pszValue, "ComplexSource");
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++)
        is &= !CPLGetXMLNode(source, CHANGES[i]);
    return is;
}

/* The VRT as its file or its own name has it: GDAL writes some of its sources down with a crash (vrt://, 3.6).
 * NULL: there is none. */
static CPLXMLNode *read_vrt(GDALDatasetH vrt) {
    const char *name = GDALGetDescription(vrt);
    return *name == '<' ? CPLParseXMLString(name) : CPLParseXMLFile(name);
}

static CPLXMLNode *find_band(CPLXMLNode *tree, int number) {
    CPLXMLNode *root = tree ? CPLGetXMLNode(tree, "=VRTDataset") : NULL;
    for (CPLXMLNode *band = root ? root->psChild : NULL; band; band = band->psNext) {
        if (EQUAL(band->pszValue, "VRTRasterBand") && --number == 0)
            return band;
    }
    return NULL;
}

/* NULL: there is none. */
static CPLXMLNode *find_first_source(CPLXMLNode *band) {
    CPLXMLNode *source = band ? band->psChild : NULL;
    while (source && !CPLGetXMLNode(source, "SourceFilename"))
        source = source->psNext;
    return source;
}

/* Which band of its source a vrt://SOURCE?bands=A,B has as the one of that number. */
static int band_of_name(const char *query, int number) {
    const char *list = strstr(query, "bands=");
    for (list = list ? list + strlen("bands=") : NULL; list && number > 1; number--) {
        list = strpbrk(list, ",&");
        list = list && *list == ',' ? list + 1 : NULL;
    }
    return list ? atoi(list) : number;
}

/* The source of a vrt://SOURCE?..., in which GDAL may be asked to change values. */
static GDALDatasetH open_named(const char *name, int *number, bool *is_as_it_is) {
    const char *query = name + strcspn(name, "?");
    char *path = dg_format(NULL, "%.*s", (int)(query - name), name);
    *number = band_of_name(query, *number);
    *is_as_it_is = !strstr(query, "scale") && !strstr(query, "exponent");
    GDALDatasetH dataset = path ? GDALOpenEx(path, GDAL_OF_RASTER, NULL, NULL, NULL) : NULL;
    free(path);
    return dataset;
}

static GDALDatasetH open_in_tree(GDALDatasetH vrt, int *number, bool *is_as_it_is) {
    CPLXMLNode *tree = read_vrt(vrt), *band = find_band(tree, *number);
    CPLXMLNode *source = find_first_source(band);
    char *folder = source ? dg_path_base(GDALGetDescription(vrt)) : NULL, *path = NULL;
    if (source)
        dg_vrt_source_path(source, folder, false, &path);
    free(folder);
    *number = source ? atoi(CPLGetXMLValue(source, "SourceBand", "1")) : 1;
    *is_as_it_is = source && is_copied(source) && EQUAL(CPLGetXMLValue(band, "subClass", ""), "");
    GDALDatasetH dataset = path ? GDALOpenEx(path, GDAL_OF_RASTER, NULL, NULL, NULL) : NULL;
    CPLDestroyXMLNode(tree);
    free(path);
    return dataset;
}

GDALDatasetH dg_open_first_source(GDALDatasetH vrt, int *number, bool *is_as_it_is) {
    static const char PREFIX[] = "vrt://";
    const char *name = GDALGetDescription(vrt);
    GDALDatasetH dataset = STARTS_WITH_CI(name, PREFIX)
                               ? open_named(name + strlen(PREFIX), number, is_as_it_is)
                               : open_in_tree(vrt, number, is_as_it_is);
    if (!dataset || GDALGetRasterBand(dataset, *number))
        return dataset;
    GDALClose(dataset);
    return NULL;
}

/* A tile of a tile index. NULL: none is found at the middle, nor at the corners. */
static GDALDatasetH open_tile(GDALDatasetH index, int number) {
    const int right = GDALGetRasterXSize(index) - 1, bottom = GDALGetRasterYSize(index) - 1;
    const int places[][2] = {
        {right / 2, bottom / 2}, {0, 0}, {right, 0}, {0, bottom}, {right, bottom}};
    GDALDatasetH tile = NULL;
    for (size_t i = 0; i < sizeof places / sizeof *places && !tile; i++) {
        char key[64];
        snprintf(key, sizeof key, "Pixel_%d_%d", places[i][0], places[i][1]);
        const char *text =
            GDALGetMetadataItem(GDALGetRasterBand(index, number), key, "LocationInfo");
        CPLXMLNode *found = text ? CPLParseXMLString(text) : NULL;
        const char *path = found ? CPLGetXMLValue(found, "=LocationInfo.File", NULL) : NULL;
        tile = path ? GDALOpenEx(path, GDAL_OF_RASTER, NULL, NULL, NULL) : NULL;
        CPLDestroyXMLNode(found);
    }
    return tile;
}

GDALDatasetH dg_open_below(GDALDatasetH at, int *number) {
    bool is_as_it_is = true;
    GDALDatasetH below = NULL;
    if (dg_has_driver(at, "GTI"))
        below = open_tile(at, *number);
    else if (dg_has_driver(at, "VRT"))
        below = dg_open_first_source(at, number, &is_as_it_is);
    if (!below || (is_as_it_is && GDALGetRasterBand(below, *number)))
        return below;
    GDALClose(below);
    return NULL;
}

/* How many pixels a source fills; all, where it does not say. */
static double count_filled(const CPLXMLNode *source, double all) {
    CPLXMLNode *place = CPLGetXMLNode((CPLXMLNode *)source, "DstRect");
    return place ? CPLAtof(CPLGetXMLValue(place, "xSize", "0")) *
                       CPLAtof(CPLGetXMLValue(place, "ySize", "0"))
                 : all;
}

/* Whether GDAL takes pixels from an element of that name, which it wants in these letters. Newer ones know more. */
static bool is_source(const CPLXMLNode *element) {
    static const char *const NAMES[] = {"SimpleSource", "ComplexSource", "AveragedSource",
                                        "KernelFilteredSource"};
    enum { KNOWS_MORE = 3090000 };
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (EQUAL(element->pszValue, NAMES[i]))
            return strcmp(element->pszValue, NAMES[i]) == 0;
    }
    return strstr(element->pszValue, "Source") &&
           atoi(GDALVersionInfo("VERSION_NUM")) >= KNOWS_MORE;
}

/* Of a band whose pixels are its sources' alone. -1: it is none. */
static double count_covered(CPLXMLNode *band, double all) {
    double covered = 0;
    if (!band || !EQUAL(CPLGetXMLValue(band, "subClass", ""), "") ||
        CPLGetXMLNode(band, "NoDataValue"))
        return -1;
    for (const CPLXMLNode *child = band->psChild; child; child = child->psNext) {
        if (child->eType == CXT_Element && is_source(child))
            covered += count_filled(child, all);
    }
    return covered;
}

void dg_note_gaps(GDALDatasetH vrt, int band, const char *name, dg_notes *notes) {
    const double all = (double)GDALGetRasterXSize(vrt) * GDALGetRasterYSize(vrt);
    CPLXMLNode *tree = dg_has_driver(vrt, "VRT") && !STARTS_WITH_CI(GDALGetDescription(vrt), "vrt:")
                           ? read_vrt(vrt)
                           : NULL;
    const double covered = tree && !CPLGetXMLNode(tree, "=VRTDataset.MaskBand") &&
                                   !CPLGetXMLNode(tree, "=VRTDataset.subClass")
                               ? count_covered(find_band(tree, band), all)
                               : -1;
    if (covered >= 0 && covered < all - 0.5)
        dg_note(notes, name,
                "its sources fill at most %.2f %% of its pixels, and GDAL reads the others as 0, "
                "for want of a nodata value: make it anew with gdalbuildvrt -vrtnodata VALUE",
                100 * covered / all);
    CPLDestroyXMLNode(tree);
}
