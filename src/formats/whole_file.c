#include "whole_file.h"

#include "gdal_driver.h"
#include "left_out.h"
#include "memory.h"
#include "netcdf_header.h"
#include "raw_pixels.h"
#include "side_header.h"
#include "text_format.h"
#include "text_grid.h"
#include "text_header.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Numbers at a place of a header, in one order of bytes or the other. */
static uint32_t number_at(const unsigned char *at, int bytes, bool is_big) {
    uint32_t number = 0;
    for (int i = 0; i < bytes; i++)
        number = number << 8 | at[is_big ? i : bytes - 1 - i];
    return number;
}

/* PCRaster's CSF 2: the order of bytes is told by how the number 1 is stored, a cell's size by the last
 * two bits of its type, and the pixels begin at byte 256. */
static int64_t pcraster_bytes(const unsigned char *head, VSILFILE *file) {
    (void)file;
    const bool is_big = number_at(head + 46, 4, true) == 1;
    const int64_t rows = number_at(head + 100, 4, is_big);
    const int64_t columns = number_at(head + 104, 4, is_big);
    return 256 + rows * columns * (1 << (number_at(head + 66, 2, is_big) & 3));
}

/* PCIDSK: bytes 16 to 31 of the header are the file's size in blocks of 512, as text. */
static int64_t pcidsk_bytes(const unsigned char *head, VSILFILE *file) {
    (void)file;
    char blocks[17] = "";
    memcpy(blocks, head + 16, sizeof blocks - 1);
    return 512 * strtoll(blocks, NULL, 10);
}

static int64_t netcdf_bytes(const unsigned char *head, VSILFILE *file) {
    (void)head;
    return dg_netcdf_bytes(file);
}

/* How such files begin, and how many bytes they have at least. */
static const struct kind {
    const char *begin;
    int64_t (*bytes)(const unsigned char *head, VSILFILE *file);
} KINDS[] = {
    {"RUU CROSS SYSTEM MAP FORMAT", pcraster_bytes},
    {"PCIDSK  ", pcidsk_bytes},
    {"CDF\001", netcdf_bytes},
    {"CDF\002", netcdf_bytes},
    {"CDF\005", netcdf_bytes},
};

static int64_t size_of(VSILFILE *file) {
    return VSIFSeekL(file, 0, SEEK_END) == 0 ? (int64_t)VSIFTellL(file) : 0;
}

/* Other texts may begin so too. */
static const dg_text_format *format_of_file(const char *path, const char *head) {
    const dg_text_format *format = dg_text_format_of_head(head);
    const char *const drivers[] = {format ? dg_text_format_driver(format) : NULL, NULL};
    return format && GDALIdentifyDriverEx(path, GDAL_OF_RASTER, drivers, NULL) ? format : NULL;
}

demgrad_status dg_check_whole(const char *path, const unsigned char head[DG_HEAD_BYTES],
                              VSILFILE *file, demgrad_error *error) {
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (memcmp(head, KINDS[i].begin, strlen(KINDS[i].begin)) == 0)
            return dg_check_bytes(path, size_of(file), KINDS[i].bytes(head, file), error);
    }
    const dg_text_format *format = format_of_file(path, (const char *)head);
    return format ? dg_check_text_format(format, path, file, error)
                  : dg_check_text_grid(path, (const char *)head, file, error);
}

static int64_t number_of(const CPLXMLNode *node, const char *name, int64_t otherwise) {
    const char *text = CPLGetXMLValue((CPLXMLNode *)node, name, NULL);
    return text ? strtoll(text, NULL, 10) : otherwise;
}

static demgrad_status check_file(const char *path, int64_t needed, demgrad_error *error) {
    VSIStatBufL found;
    if (VSIStatL(path, &found) != 0)
        return DEMGRAD_OK; /* GDAL says so */
    return dg_check_bytes(path, (int64_t)found.st_size, needed, error);
}

demgrad_status dg_check_whole_raw(const CPLXMLNode *vrt, const CPLXMLNode *band, const char *path,
                                  demgrad_error *error) {
    const GDALDataType type =
        GDALGetDataTypeByName(CPLGetXMLValue((CPLXMLNode *)band, "dataType", "Byte"));
    const int64_t width = number_of(vrt, "rasterXSize", 0),
                  height = number_of(vrt, "rasterYSize", 0);
    const int64_t size = GDALGetDataTypeSizeBytes(type);
    const int64_t pixel = number_of(band, "PixelOffset", size);
    const int64_t line = number_of(band, "LineOffset", pixel * width);
    /* Offsets that are negative go back from the first pixel. */
    const int64_t along = pixel > 0 ? pixel * (width - 1) : 0;
    const int64_t down = line > 0 ? line * (height - 1) : 0;
    return check_file(path, number_of(band, "ImageOffset", 0) + along + down + size, error);
}

/* A file of points has no head of its own, and no head is looked at afar and in what is piped in: GDAL reads text from
 * there twice too, by keeping it. In archives the head is looked at besides, when the input's files are walked. */
static demgrad_status check_opened_text(const char *driver, const char *path, VSILFILE *file,
                                        demgrad_error *error) {
    char head[DG_HEAD_BYTES + 1] = "";
    VSIFReadL(head, 1, DG_HEAD_BYTES, file);
    const bool is_looked_at = !STARTS_WITH(path, "/vsi");
    const dg_text_format *format = dg_text_format_of_driver(driver);
    const dg_text_format *of_head = dg_text_format_of_head(head);
    if (EQUAL(driver, "XYZ"))
        return dg_check_text_points(path, file, error);
    if (format && !(is_looked_at && of_head && EQUAL(dg_text_format_driver(of_head), driver)))
        return dg_check_text_format(format, path, file, error);
    return format || is_looked_at ? DEMGRAD_OK : dg_check_text_grid(path, head, file, error);
}

static demgrad_status check_text(GDALDatasetH dataset, demgrad_error *error) {
    const char *driver = dg_driver_name(dataset);
    const char *path = GDALGetDescription(dataset);
    const bool wants = EQUAL(driver, "XYZ") || EQUAL(driver, "AAIGrid") ||
                       EQUAL(driver, "GRASSASCIIGrid") || dg_text_format_of_driver(driver);
    const bool unpacks = dg_ends_with(path, ".gz") && !STARTS_WITH(path, "/vsi");
    char *name = wants ? dg_format(error, "%s%s", unpacks ? "/vsigzip/" : "", path) : NULL;
    VSILFILE *file = name ? VSIFOpenL(name, "rb") : NULL;
    const demgrad_status status = wants && !name ? DEMGRAD_OUT_OF_MEMORY
                                  : file         ? check_opened_text(driver, path, file, error)
                                                 : DEMGRAD_OK;
    if (file)
        VSIFCloseL(file);
    free(name);
    return status;
}

demgrad_status dg_check_whole_dataset(GDALDatasetH dataset, demgrad_error *error) {
    demgrad_status status = check_text(dataset, error);
    if (!status)
        status = dg_check_side_headers(dataset, error);
    if (!status)
        status = dg_left_out_check(dataset, error);
    return status ? status : dg_check_raw_pixels(dataset, error);
}

/* Of which more is looked at than a head tells, beside the raw ones. */
static const char *const DRIVERS[] = {"AAIGrid", "FITS", "GRASSASCIIGrid", "GSAG", "GXF",
                                      "ILWIS",   "ISG",  "JDEM",           "R",    "RST",
                                      "SAGA",    "XYZ",  "ZMap",           NULL};

demgrad_status dg_check_whole_source(const char *path, demgrad_error *error) {
    GDALDriverH driver = GDALIdentifyDriverEx(path, GDAL_OF_RASTER, dg_raw_drivers, NULL);
    if (!driver)
        driver = GDALIdentifyDriverEx(path, GDAL_OF_RASTER, DRIVERS, NULL);
    const char *const drivers[] = {driver ? GDALGetDriverShortName(driver) : "", NULL};
    GDALDatasetH source = driver ? GDALOpenEx(path, GDAL_OF_RASTER, drivers, NULL, NULL) : NULL;
    const demgrad_status status = source ? dg_check_whole_dataset(source, error) : DEMGRAD_OK;
    if (source)
        GDALClose(source);
    return status;
}
