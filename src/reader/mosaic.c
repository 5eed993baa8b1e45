/* Several inputs as one: a VRT in memory, so that GDAL opens, reads and overlays them. */
#include "source.h"

#include "gdal_errors.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <string.h>

/* How far, in pixels, an input may lie off the common grid: the rounding of geotransforms that were
 * written in decimals. */
static const double OFF_GRID = 0.01;

typedef struct tile {
    const char *path;
    dg_source_info info;
    int col, row; /* of the mosaic */
} tile;

typedef struct mosaic {
    tile *tiles;
    size_t count;
    dg_grid grid;
    bool same_scale; /* all inputs share scale and offset */
    const dg_source_options *options;
} mosaic;

static demgrad_status open_tile(const char *path, const dg_source_options *options,
                                const dg_messages *messages, tile *t, demgrad_error *error) {
    GDALDatasetH dataset;
    t->path = path;
    demgrad_status status = dg_open_dataset(path, path, (char **)options->drivers,
                                            (char **)options->open_options, &dataset, error);
    if (status)
        return status;
    status = dg_describe_dataset(dataset, path, options, messages, &t->info, error);
    GDALClose(dataset);
    return status;
}

static bool same_crs(const char *a, const char *b) {
    if (!a || !b)
        return a == b;
    if (strcmp(a, b) == 0)
        return true;
    OGRSpatialReferenceH crs_a = OSRNewSpatialReference(a), crs_b = OSRNewSpatialReference(b);
    const bool same = crs_a && crs_b && OSRIsSame(crs_a, crs_b);
    OSRDestroySpatialReference(crs_a);
    OSRDestroySpatialReference(crs_b);
    return same;
}

/* Where b's first pixel lies on a's grid, in pixels. */
static void offset_on_grid(const double *a, const double *b, double *col, double *row) {
    const double det = a[1] * a[5] - a[2] * a[4];
    const double x = b[0] - a[0], y = b[3] - a[3];
    *col = (a[5] * x - a[2] * y) / det;
    *row = (a[1] * y - a[4] * x) / det;
}

/* Whether the pixels of b drift off a's grid by less than OFF_GRID over b's size. */
static bool same_pixels(const dg_grid *a, const dg_grid *b) {
    const double *g = a->geotransform, *h = b->geotransform;
    const double size =
        hypot(g[1], g[4]) < hypot(g[2], g[5]) ? hypot(g[1], g[4]) : hypot(g[2], g[5]);
    const double drift =
        hypot(h[1] - g[1], h[4] - g[4]) * b->width + hypot(h[2] - g[2], h[5] - g[5]) * b->height;
    return drift <= OFF_GRID * size;
}

static demgrad_status check_tile(const tile *first, tile *t, double *col, double *row,
                                 demgrad_error *error) {
    if (!first->info.grid.has_geotransform || !t->info.grid.has_geotransform)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: has no geotransform, so it has no place in a mosaic",
                       first->info.grid.has_geotransform ? t->path : first->path);
    if (!same_crs(first->info.crs, t->info.crs))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: its CRS is not that of %s; reproject one of them (gdalwarp -t_srs)",
                       t->path, first->path);
    if (strcmp(first->info.unit, t->info.unit) != 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: its values are in \"%s\", those of %s in \"%s\"; convert one of them",
                       t->path, t->info.unit, first->path, first->info.unit);
    offset_on_grid(first->info.grid.geotransform, t->info.grid.geotransform, col, row);
    if (!same_pixels(&first->info.grid, &t->info.grid) || fabs(*col - round(*col)) > OFF_GRID ||
        fabs(*row - round(*row)) > OFF_GRID)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: its pixels are not on the grid of %s; resample one of them "
                       "(gdalwarp -tr -tap)",
                       t->path, first->path);
    return DEMGRAD_OK;
}

/* Places all tiles on one grid whose first pixel is (0, 0). */
static demgrad_status place_tiles(mosaic *m, demgrad_error *error) {
    double first_col = 0, first_row = 0, end_col = 0, end_row = 0;
    for (size_t i = 0; i < m->count; i++) {
        tile *t = &m->tiles[i];
        double col = 0, row = 0;
        const demgrad_status status = check_tile(&m->tiles[0], t, &col, &row, error);
        if (status)
            return status;
        if (fabs(col) > 1e9 || fabs(row) > 1e9)
            return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s: is too far from %s for one mosaic",
                           t->path, m->tiles[0].path);
        t->col = (int)round(col);
        t->row = (int)round(row);
        first_col = fmin(first_col, t->col);
        first_row = fmin(first_row, t->row);
        end_col = fmax(end_col, t->col + t->info.grid.width);
        end_row = fmax(end_row, t->row + t->info.grid.height);
    }
    if (end_col - first_col > 2e9 || end_row - first_row > 2e9)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: the mosaic of all inputs would be too large", m->tiles[0].path);
    for (size_t i = 0; i < m->count; i++) {
        m->tiles[i].col -= (int)first_col;
        m->tiles[i].row -= (int)first_row;
    }
    const double *g = m->tiles[0].info.grid.geotransform;
    m->grid = m->tiles[0].info.grid;
    m->grid.width = (int)(end_col - first_col);
    m->grid.height = (int)(end_row - first_row);
    m->grid.geotransform[0] = g[0] + first_col * g[1] + first_row * g[2];
    m->grid.geotransform[3] = g[3] + first_col * g[4] + first_row * g[5];
    return DEMGRAD_OK;
}

static void compare_scales(mosaic *m) {
    m->same_scale = true;
    for (size_t i = 1; i < m->count; i++) {
        m->same_scale &= m->tiles[i].info.scale == m->tiles[0].info.scale &&
                         m->tiles[i].info.offset == m->tiles[0].info.offset;
    }
}

static bool needs_double(const mosaic *m) {
    bool needed = !m->same_scale;
    for (size_t i = 0; i < m->count; i++)
        needed |= m->tiles[i].info.needs_double;
    return needed;
}

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

static void add_tile(CPLXMLNode *band, const mosaic *m, const tile *t) {
    const dg_source_info *info = &t->info;
    const bool is_masked = info->mask != DG_MASK_NONE;
    const bool is_simple =
        !info->has_nodata && !is_masked && m->same_scale && !info->is_signed_byte;
    CPLXMLNode *source =
        CPLCreateXMLNode(band, CXT_Element, is_simple ? "SimpleSource" : "ComplexSource");
    CPLXMLNode *file = CPLCreateXMLElementAndValue(source, "SourceFilename", t->path);
    add_attribute(file, "relativeToVRT", "0");
    add_open_options(source, m->options->open_options);
    CPLCreateXMLElementAndValue(source, "SourceBand", CPLSPrintf("%d", m->options->band));
    add_properties(source, info);
    add_rectangle(source, "SrcRect", 0, 0, &info->grid);
    add_rectangle(source, "DstRect", t->col, t->row, &info->grid);
    if (info->has_nodata)
        add_number(source, "NODATA",
                   info->is_signed_byte && info->nodata < 0 ? info->nodata + 256 : info->nodata);
    if (info->is_signed_byte)
        CPLCreateXMLElementAndValue(source, "LUT", "0:0,127:127,128:-128,255:-1");
    if (is_masked)
        CPLCreateXMLElementAndValue(source, "UseMaskBand", "true");
    if (!m->same_scale) {
        add_number(source, "ScaleOffset", info->offset);
        add_number(source, "ScaleRatio", info->scale);
    }
}

static void add_band(CPLXMLNode *root, const mosaic *m) {
    const dg_source_info *first = &m->tiles[0].info;
    CPLXMLNode *band = CPLCreateXMLNode(root, CXT_Element, "VRTRasterBand");
    add_attribute(band, "dataType", needs_double(m) ? "Float64" : "Float32");
    add_attribute(band, "band", "1");
    CPLCreateXMLElementAndValue(band, "NoDataValue", "nan");
    CPLCreateXMLElementAndValue(band, "UnitType", first->unit);
    if (m->same_scale && first->has_scale) {
        add_number(band, "Offset", first->offset);
        add_number(band, "Scale", first->scale);
    }
    for (size_t i = 0; i < m->count; i++)
        add_tile(band, m, &m->tiles[i]);
}

static char *write_vrt(const mosaic *m) {
    const double *g = m->grid.geotransform;
    CPLXMLNode *root = CPLCreateXMLNode(NULL, CXT_Element, "VRTDataset");
    add_attribute(root, "rasterXSize", CPLSPrintf("%d", m->grid.width));
    add_attribute(root, "rasterYSize", CPLSPrintf("%d", m->grid.height));
    if (m->tiles[0].info.crs)
        CPLCreateXMLElementAndValue(root, "SRS", m->tiles[0].info.crs);
    CPLCreateXMLElementAndValue(
        root, "GeoTransform",
        CPLSPrintf("%.17g, %.17g, %.17g, %.17g, %.17g, %.17g", g[0], g[1], g[2], g[3], g[4], g[5]));
    if (m->tiles[0].info.is_point) {
        CPLXMLNode *metadata = CPLCreateXMLNode(root, CXT_Element, "Metadata");
        add_attribute(CPLCreateXMLElementAndValue(metadata, "MDI", "Point"), "key",
                      "AREA_OR_POINT");
    }
    add_band(root, m);
    char *text = CPLSerializeXMLTree(root);
    CPLDestroyXMLNode(root);
    return text;
}

demgrad_status dg_mosaic_build(const char *const *inputs, size_t count,
                               const dg_source_options *options, const dg_messages *messages,
                               char **vrt, demgrad_error *error) {
    mosaic m = {.tiles = CPLCalloc(count, sizeof(tile)), .count = count, .options = options};
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < count && !status; i++)
        status = open_tile(inputs[i], options, messages, &m.tiles[i], error);
    if (!status)
        status = place_tiles(&m, error);
    if (!status) {
        compare_scales(&m);
        *vrt = write_vrt(&m);
    }
    for (size_t i = 0; i < count; i++)
        CPLFree(m.tiles[i].info.crs);
    CPLFree(m.tiles);
    return status;
}
