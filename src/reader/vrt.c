/* Several tiles as one raster: a VRT in memory, so that GDAL opens, reads and overlays them. */
#include "catalog.h"
#include "source.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>

static void add_attribute(CPLXMLNode *node, const char *name, const char *value) {
    CPLCreateXMLNode(CPLCreateXMLNode(node, CXT_Attribute, name), CXT_Text, value);
}

static void add_number(CPLXMLNode *node, const char *name, double value) {
    CPLCreateXMLElementAndValue(node, name, CPLSPrintf("%.17g", value));
}

static void add_rectangle(CPLXMLNode *source, const char *name, int col, int row,
                          const dg_grid *grid) {
    CPLXMLNode *node = CPLCreateXMLNode(source, CXT_Element, name);
    add_attribute(node, "xOff", CPLSPrintf("%d", col));
    add_attribute(node, "yOff", CPLSPrintf("%d", row));
    add_attribute(node, "xSize", CPLSPrintf("%d", grid->width));
    add_attribute(node, "ySize", CPLSPrintf("%d", grid->height));
}

static void add_properties(CPLXMLNode *source, const dg_source_info *info) {
    /* They save GDAL from opening every input when the mosaic is opened. */
    CPLXMLNode *node = CPLCreateXMLNode(source, CXT_Element, "SourceProperties");
    add_attribute(node, "RasterXSize", CPLSPrintf("%d", info->grid.width));
    add_attribute(node, "RasterYSize", CPLSPrintf("%d", info->grid.height));
    add_attribute(node, "DataType", info->is_signed_byte ? "Byte" : info->type);
    add_attribute(node, "BlockXSize", CPLSPrintf("%d", info->block_width));
    add_attribute(node, "BlockYSize", CPLSPrintf("%d", info->block_height));
}

static void add_open_options(CPLXMLNode *source, const char *const *open_options) {
    if (!open_options || !open_options[0])
        return;
    CPLXMLNode *node = CPLCreateXMLNode(source, CXT_Element, "OpenOptions");
    for (int i = 0; open_options[i]; i++) {
        char *key = NULL;
        const char *value = CPLParseNameValue(open_options[i], &key);
        if (key && value)
            add_attribute(CPLCreateXMLElementAndValue(node, "OOI", value), "key", key);
        CPLFree(key);
    }
}

static void add_tile(CPLXMLNode *band, const dg_catalog *c, const dg_tile *t) {
    const dg_source_info *info = &t->info;
    const bool is_masked = info->mask != DG_MASK_NONE;
    const bool is_simple =
        !info->has_nodata && !is_masked && c->same_scale && !info->is_signed_byte;
    CPLXMLNode *source =
        CPLCreateXMLNode(band, CXT_Element, is_simple ? "SimpleSource" : "ComplexSource");
    CPLXMLNode *file = CPLCreateXMLElementAndValue(source, "SourceFilename", t->path);
    add_attribute(file, "relativeToVRT", "0");
    add_open_options(source, c->options.open_options);
    CPLCreateXMLElementAndValue(source, "SourceBand", CPLSPrintf("%d", c->options.band));
    add_properties(source, info);
    add_rectangle(source, "SrcRect", 0, 0, &info->grid);
    add_rectangle(source, "DstRect", t->window.col, t->window.row, &info->grid);
    if (info->has_nodata)
        add_number(source, "NODATA",
                   info->is_signed_byte && info->nodata < 0 ? info->nodata + 256 : info->nodata);
    if (info->is_signed_byte)
        CPLCreateXMLElementAndValue(source, "LUT", "0:0,127:127,128:-128,255:-1");
    if (is_masked)
        CPLCreateXMLElementAndValue(source, "UseMaskBand", "true");
    if (!c->same_scale) {
        add_number(source, "ScaleOffset", info->offset);
        add_number(source, "ScaleRatio", info->scale);
    }
}

static const dg_tile *first_on_grid(const dg_catalog *c) {
    const dg_tile *t = c->tiles;
    while (!t->on_grid)
        t++;
    return t;
}

static void add_band(CPLXMLNode *root, const dg_catalog *c, const size_t *tiles, size_t count) {
    const dg_source_info *first = &first_on_grid(c)->info;
    CPLXMLNode *band = CPLCreateXMLNode(root, CXT_Element, "VRTRasterBand");
    add_attribute(band, "dataType", c->needs_double ? "Float64" : "Float32");
    add_attribute(band, "band", "1");
    CPLCreateXMLElementAndValue(band, "NoDataValue", "nan");
    CPLCreateXMLElementAndValue(band, "UnitType", first->unit);
    if (c->same_scale && first->has_scale) {
        add_number(band, "Offset", first->offset);
        add_number(band, "Scale", first->scale);
    }
    for (size_t i = 0; i < count; i++)
        add_tile(band, c, &c->tiles[tiles[i]]);
}

char *dg_vrt_write(const dg_catalog *catalog, const size_t *tiles, size_t count) {
    const dg_grid *grid = &catalog->grid;
    const double *g = grid->geotransform;
    CPLXMLNode *root = CPLCreateXMLNode(NULL, CXT_Element, "VRTDataset");
    add_attribute(root, "rasterXSize", CPLSPrintf("%d", grid->width));
    add_attribute(root, "rasterYSize", CPLSPrintf("%d", grid->height));
    CPLCreateXMLElementAndValue(
        root, "GeoTransform",
        CPLSPrintf("%.17g, %.17g, %.17g, %.17g, %.17g, %.17g", g[0], g[1], g[2], g[3], g[4], g[5]));
    add_band(root, catalog, tiles, count);
    char *text = CPLSerializeXMLTree(root);
    CPLDestroyXMLNode(root);
    return text;
}
