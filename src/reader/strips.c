#include "strips.h"

enum { BYTES_AT_ONCE = 1 << 23 };

bool dg_strips_suit(GDALDatasetH dataset) {
    dg_strips *strips = dg_strips_open(dataset);
    dg_strips_close(strips);
    return strips != NULL;
}

int dg_strips_at_once(GDALDatasetH dataset) {
    const int rows = BYTES_AT_ONCE / (int)sizeof(double) / GDALGetRasterXSize(dataset);
    return rows > 1 ? rows : 1;
}

#ifdef DG_HAVE_LIBTIFF

#include "mapped.h"
#include "mask.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_virtualmem.h>
#include <cpl_vsi.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <tiffio.h>

/* libtiff decodes from the file mapped into memory; where it cannot be mapped, libtiff reads a strip's
 * packed bytes as a whole. What another program cuts off meanwhile is told after each row. */
struct dg_strips {
    VSILFILE *file;
    CPLVirtualMem *map; /* of the whole file; NULL where it cannot be mapped */
    int descriptor;     /* of the file that is mapped */
    TIFF *tiff;
    int rows_per_strip;
    size_t row_bytes;
    int next_row; /* which libtiff has next; -1: none */
    int first_row, row_count;
    char *rows; /* `row_count` from `first_row` on */
    size_t size;
};

static tmsize_t read_file(thandle_t user, void *to, tmsize_t size) {
    return (tmsize_t)VSIFReadL(to, 1, (size_t)size, ((dg_strips *)user)->file);
}

static tmsize_t write_nothing(thandle_t user, void *from, tmsize_t size) {
    (void)user;
    (void)from;
    (void)size;
    return 0;
}

static toff_t seek_file(thandle_t user, toff_t offset, int whence) {
    dg_strips *s = user;
    return VSIFSeekL(s->file, offset, whence) == 0 ? VSIFTellL(s->file) : (toff_t)-1;
}

static int leave_open(thandle_t user) {
    (void)user;
    return 0;
}

static toff_t find_size(thandle_t user) {
    const toff_t at = VSIFTellL(((dg_strips *)user)->file), size = seek_file(user, 0, SEEK_END);
    seek_file(user, at, SEEK_SET);
    return size;
}

static int map_file(thandle_t user, void **base, toff_t *size) {
    dg_strips *s = user;
    *size = find_size(user);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    s->map = CPLVirtualMemFileMapNew(s->file, 0, *size, VIRTUALMEM_READONLY, NULL, NULL);
    CPLPopErrorHandler();
    if (!s->map)
        return 0;
    s->descriptor = (int)(intptr_t)VSIFGetNativeFileDescriptorL(s->file);
    *base = CPLVirtualMemGetAddr(s->map);
    dg_mapped_begin(*base, *size);
    return 1;
}

static void leave_mapped(thandle_t user, void *base, toff_t size) {
    (void)user;
    (void)base;
    (void)size;
}

static int tell_error(TIFF *tiff, void *user, const char *module, const char *format,
                      va_list arguments) {
    (void)tiff;
    (void)user;
    (void)module; /* the file, or a function of libtiff's */
    CPLErrorV(CE_Failure, CPLE_AppDefined, format, arguments);
    return 1;
}

/* GeoTIFF's tags are new to libtiff. */
static int drop_warning(TIFF *tiff, void *user, const char *module, const char *format,
                        va_list arguments) {
    (void)tiff;
    (void)user;
    (void)module;
    (void)format;
    (void)arguments;
    return 1;
}

static TIFF *open_tiff(const char *path, dg_strips *s) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
    TIFFOpenOptionsSetErrorHandlerExtR(options, tell_error, NULL);
    TIFFOpenOptionsSetWarningHandlerExtR(options, drop_warning, NULL);
    TIFF *tiff = TIFFClientOpenExt(path, "r", s, read_file, write_nothing, seek_file, leave_open,
                                   find_size, map_file, leave_mapped, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

static bool decodes_row_by_row(TIFF *tiff) {
    uint16_t codec = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &codec);
    return (codec == COMPRESSION_ADOBE_DEFLATE || codec == COMPRESSION_DEFLATE ||
            codec == COMPRESSION_LZMA || codec == COMPRESSION_LZW ||
            codec == COMPRESSION_PACKBITS || codec == COMPRESSION_ZSTD) &&
           TIFFIsCODECConfigured(codec);
}

/* A strip of no bytes is all nodata to GDAL, and an error to libtiff. */
static bool has_all_strips(TIFF *tiff) {
    for (uint32_t i = 0; i < TIFFNumberOfStrips(tiff); i++) {
        if (TIFFGetStrileByteCount(tiff, i) == 0)
            return false;
    }
    return true;
}

/* Whether the file's rows are GDAL's, value for value. */
static bool matches(TIFF *tiff, GDALDatasetH dataset) {
    const int bits = GDALGetDataTypeSizeBits(GDALGetRasterDataType(GDALGetRasterBand(dataset, 1)));
    const int columns = GDALGetRasterXSize(dataset);
    uint32_t width = 0, height = 0;
    uint16_t samples = 0, sample_bits = 0;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &sample_bits);
    return !TIFFIsTiled(tiff) && (int)width == columns &&
           (int)height == GDALGetRasterYSize(dataset) && samples == 1 && sample_bits == bits &&
           TIFFScanlineSize64(tiff) == (uint64_t)columns * (uint64_t)(bits / 8);
}

dg_strips *dg_strips_open(GDALDatasetH dataset) {
    const char *path = GDALGetDescription(dataset);
    VSILFILE *file = dg_is_plain_gtiff(dataset) ? VSIFOpenL(path, "rb") : NULL;
    if (!file)
        return NULL;
    dg_strips *s = calloc(1, sizeof *s);
    if (!s) {
        VSIFCloseL(file);
        return NULL;
    }
    s->file = file;
    s->next_row = -1;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    s->tiff = open_tiff(path, s);
    const bool suits = s->tiff && decodes_row_by_row(s->tiff) && matches(s->tiff, dataset) &&
                       has_all_strips(s->tiff);
    CPLPopErrorHandler();
    if ((s->map && dg_mapped_end()) || !suits) {
        dg_strips_close(s);
        return NULL;
    }
    uint32_t rows_per_strip = 0;
    TIFFGetFieldDefaulted(s->tiff, TIFFTAG_ROWSPERSTRIP, &rows_per_strip);
    const uint32_t height = (uint32_t)GDALGetRasterYSize(dataset);
    s->rows_per_strip = (int)(rows_per_strip < height ? rows_per_strip : height);
    s->row_bytes = (size_t)TIFFScanlineSize64(s->tiff);
    return s;
}

void dg_strips_close(dg_strips *s) {
    if (!s)
        return;
    if (s->tiff)
        TIFFClose(s->tiff);
    CPLVirtualMemFree(s->map);
    VSIFCloseL(s->file);
    free(s->rows);
    free(s);
}

static bool make_room(dg_strips *s, size_t size) {
    if (size <= s->size)
        return true;
    free(s->rows);
    s->rows = malloc(size);
    s->size = s->rows ? size : 0;
    if (!s->rows)
        CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for rows");
    return s->rows != NULL;
}

/* Packed bytes that were decoded need not stay in memory. */
static void let_go(dg_strips *s) {
#ifdef __linux__
    if (s->map)
        madvise(CPLVirtualMemGetAddr(s->map), CPLVirtualMemGetSize(s->map), MADV_DONTNEED);
#else
    (void)s;
#endif
}

/* What lies between the file's end and that of its last page reads as zeros. */
static bool is_cut(const dg_strips *s) {
    struct stat now;
    const bool is_missing = dg_mapped_end();
    return is_missing || fstat(s->descriptor, &now) != 0 ||
           (uintmax_t)now.st_size < CPLVirtualMemGetSize(s->map);
}

static bool read_row(dg_strips *s, int row, char *to) {
    if (s->map)
        dg_mapped_begin(CPLVirtualMemGetAddr(s->map), CPLVirtualMemGetSize(s->map));
    const bool is_read = TIFFReadScanline(s->tiff, to, (uint32_t)row, 0) == 1;
    if (!s->map || !is_cut(s))
        return is_read;
    CPLErrorReset(); /* what libtiff makes of it */
    CPLError(CE_Failure, CPLE_FileIO, "the file became shorter while it was read");
    return false;
}

/* Within a strip libtiff goes from row to row, or back to the first. */
static bool decode(dg_strips *s, int row, int count) {
    const int strip = row / s->rows_per_strip * s->rows_per_strip;
    if (s->next_row > row || s->next_row < strip)
        s->next_row = strip;
    for (; s->next_row < row + count; s->next_row++) {
        const int index = s->next_row > row ? s->next_row - row : 0;
        if (!read_row(s, s->next_row, s->rows + (size_t)index * s->row_bytes))
            return false;
    }
    return true;
}

const void *dg_strips_rows(dg_strips *s, int row, int count) {
    if (row < s->first_row || row + count > s->first_row + s->row_count) {
        s->first_row = row;
        s->row_count = 0;
        if (!make_room(s, (size_t)count * s->row_bytes))
            return NULL;
        const bool is_read = decode(s, row, count);
        let_go(s);
        if (!is_read) {
            s->next_row = -1;
            return NULL;
        }
        s->row_count = count;
    }
    return s->rows + (size_t)(row - s->first_row) * s->row_bytes;
}

#else

dg_strips *dg_strips_open(GDALDatasetH dataset) {
    (void)dataset;
    return NULL;
}

void dg_strips_close(dg_strips *strips) {
    (void)strips;
}

const void *dg_strips_rows(dg_strips *strips, int row, int count) {
    (void)strips;
    (void)row;
    (void)count;
    return NULL;
}

#endif
