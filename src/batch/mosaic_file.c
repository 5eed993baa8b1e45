/* GDALBuildVRT knows north-up rasters alone, and opens each: here their windows are known. */
#include "mosaic_file.h"

#include "marks.h"
#include "opened.h"
#include "path.h"

#include <cpl_vsi.h>
#include <errno.h>
#include <gdal.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What each part of a band has in common. */
typedef struct source {
    GDALDataType type;
    int block_width, block_height;
    int band; /* 1-based */
    bool has_nodata;
    double nodata;
} source;

static source source_of(GDALDatasetH dataset, int band) {
    GDALRasterBandH b = GDALGetRasterBand(dataset, band);
    source s = {.type = GDALGetRasterDataType(b), .band = band};
    int has_nodata;
    GDALGetBlockSize(b, &s.block_width, &s.block_height);
    s.nodata = GDALGetRasterNoDataValue(b, &has_nodata);
    s.has_nodata = has_nodata;
    return s;
}

/* Gives the VRT what the first part says of itself. A fingerprint says that it is a batch's too. */
static void describe_like(GDALDatasetH vrt, GDALDatasetH like, const dg_grid *grid) {
    if (grid->has_geotransform)
        GDALSetGeoTransform(vrt, (double *)grid->geotransform);
    if (GDALGetSpatialRef(like))
        GDALSetSpatialRef(vrt, GDALGetSpatialRef(like));
    GDALSetMetadata(vrt, GDALGetMetadata(like, NULL), NULL);
    GDALSetMetadataItem(vrt, DG_FINGERPRINT_KEY, "mosaic", NULL);
    GDALSetMetadataItem(vrt, DG_ORIGIN_KEY, NULL, NULL);
    for (int i = 1; i <= GDALGetRasterCount(like); i++) {
        const source s = source_of(like, i);
        GDALAddBand(vrt, s.type, NULL);
        GDALRasterBandH from = GDALGetRasterBand(like, i), to = GDALGetRasterBand(vrt, i);
        if (!to)
            return;
        GDALSetDescription(to, GDALGetDescription(from));
        GDALSetRasterUnitType(to, GDALGetRasterUnitType(from));
        GDALSetRasterColorInterpretation(to, GDALGetRasterColorInterpretation(from));
        if (s.has_nodata)
            GDALSetRasterNoDataValue(to, s.nodata);
    }
}

/* The text of a VRT without parts, to be freed; NULL: GDAL has said why. */
static char *make_frame(GDALDatasetH like, const dg_grid *grid) {
    GDALDriverH driver = GDALGetDriverByName("VRT");
    GDALDatasetH vrt =
        driver ? GDALCreate(driver, "", grid->width, grid->height, 0, GDT_Byte, NULL) : NULL;
    if (!vrt)
        return NULL;
    describe_like(vrt, like, grid);
    char **xml = GDALGetMetadata(vrt, "xml:VRT");
    char *text = xml && xml[0] ? strdup(xml[0]) : NULL;
    GDALClose(vrt);
    return text;
}

static void write_name(VSILFILE *file, const char *name) {
    for (const char *c = name; *c; c++) {
        if (strchr("&<>\"", *c))
            VSIFPrintfL(file, "&#%d;", *c);
        else
            VSIFWriteL(c, 1, 1, file);
    }
}

static void write_part(VSILFILE *file, const source *s, const dg_mosaic_part *part) {
    const dg_window w = part->window;
    const char *kind = s->has_nodata ? "ComplexSource" : "SimpleSource";
    VSIFPrintfL(file, "    <%s>\n      <SourceFilename relativeToVRT=\"1\">", kind);
    write_name(file, dg_path_name(part->path));
    VSIFPrintfL(file,
                "</SourceFilename>\n      <SourceBand>%d</SourceBand>\n"
                "      <SourceProperties RasterXSize=\"%d\" RasterYSize=\"%d\" DataType=\"%s\" "
                "BlockXSize=\"%d\" BlockYSize=\"%d\" />\n",
                s->band, w.width, w.height, GDALGetDataTypeName(s->type), s->block_width,
                s->block_height);
    VSIFPrintfL(file,
                "      <SrcRect xOff=\"0\" yOff=\"0\" xSize=\"%d\" ySize=\"%d\" />\n"
                "      <DstRect xOff=\"%d\" yOff=\"%d\" xSize=\"%d\" ySize=\"%d\" />\n",
                w.width, w.height, w.col, w.row, w.width, w.height);
    if (s->has_nodata && isnan(s->nodata))
        VSIFPrintfL(file, "      <NODATA>nan</NODATA>\n");
    else if (s->has_nodata)
        VSIFPrintfL(file, "      <NODATA>%.17g</NODATA>\n", s->nodata);
    VSIFPrintfL(file, "    </%s>\n", kind);
}

/* Writes the frame, with all parts at the end of each band. */
static bool write_vrt(VSILFILE *file, const char *frame, GDALDatasetH like,
                      const dg_mosaic_part *parts, size_t count) {
    static const char END[] = "  </VRTRasterBand>";
    bool is_whole = true;
    for (int band = 1; band <= GDALGetRasterCount(like) && is_whole; band++) {
        const char *end = strstr(frame, END);
        const source s = source_of(like, band);
        is_whole =
            end && VSIFWriteL(frame, 1, (size_t)(end - frame), file) == (size_t)(end - frame);
        for (size_t i = 0; i < count && is_whole; i++)
            write_part(file, &s, &parts[i]);
        is_whole = is_whole && VSIFWriteL(END, 1, sizeof END - 1, file) == sizeof END - 1;
        frame = is_whole ? end + sizeof END - 1 : frame;
    }
    return is_whole && VSIFWriteL(frame, 1, strlen(frame), file) == strlen(frame);
}

/* Whether what was written opens, and has a place for the last part: the disk may be full. */
static bool reads_again(const char *path, const dg_grid *grid, int bands) {
    GDALDatasetH vrt = GDALOpenEx(path, GDAL_OF_RASTER, NULL, NULL, NULL);
    const bool reads = vrt && GDALGetRasterCount(vrt) == bands &&
                       GDALGetRasterXSize(vrt) == grid->width &&
                       GDALGetRasterYSize(vrt) == grid->height;
    if (vrt)
        GDALClose(vrt);
    return reads;
}

static bool write_to(const char *path, const char *frame, GDALDatasetH like, const dg_grid *grid,
                     const dg_mosaic_part *parts, size_t count) {
    VSILFILE *file = VSIFOpenL(path, "wb");
    bool is_whole = file && write_vrt(file, frame, like, parts, count);
    if (file)
        is_whole &= VSIFCloseL(file) == 0;
    return is_whole && reads_again(path, grid, GDALGetRasterCount(like));
}

/* `name` is what messages call it. */
static demgrad_status write_like_first(const char *name, const char *path, const dg_grid *grid,
                                       const dg_mosaic_part *parts, size_t count,
                                       demgrad_error *error) {
    dg_opened first;
    dg_opened_raster(&first, parts[0].path);
    GDALDatasetH like = first.dataset;
    char *frame = like ? make_frame(like, grid) : NULL;
    const bool is_short = like && !frame && !first.errors.failed;
    errno = 0;
    const bool is_written = frame && write_to(path, frame, like, grid, parts, count);
    const char *reason = errno ? strerror(errno) : "GDAL gives no reason";
    free(frame);
    dg_opened_end(&first);
    if (is_written)
        return DEMGRAD_OK;
    if (is_short || first.errors.no_memory)
        return dg_fail_memory(error, name);
    return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be written: %s", name,
                   dg_gdal_errors_text(&first.errors, reason));
}

demgrad_status dg_mosaic_write(const dg_target *target, const dg_grid *grid,
                               const dg_mosaic_part *parts, size_t count, demgrad_error *error) {
    dg_publication *publication;
    demgrad_status status = dg_publish_begin(target, &publication, error);
    if (status)
        return status;
    status = write_like_first(target->path, dg_publication_temporary(publication), grid, parts,
                              count, error);
    if (!status)
        return dg_publish(publication, error);
    status = dg_publish_explain(publication, status, error);
    dg_publish_discard(publication);
    return status;
}
