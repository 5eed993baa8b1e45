#include "raw_pixels.h"

#include "gdal_driver.h"
#include "memory.h"
#include "path.h"
#include "short_reads.h"
#include "text_header.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 64 };

const char *const dg_raw_drivers[] = {
    "ACE2", "BYN",    "CPG",     "CTable2", "DOQ1",   "DOQ2",     "EHdr",  "EIR",   "ENVI",
    "ERS",  "FAST",   "GenBin",  "GSC",     "GTX",    "ISCE",     "ISIS2", "ISIS3", "LAN",
    "LCP",  "LOSLAS", "MFF",     "MFF2",    "NDF",    "NOAA_B",   "NTv2",  "PAux",  "PDS",
    "PDS4", "PNM",    "ROI_PAC", "RRASTER", "SNODAS", "Terragen", "VICAR", NULL};

demgrad_status dg_check_bytes(const char *path, int64_t size, int64_t needed,
                              demgrad_error *error) {
    if (size >= needed)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: is cut short: it has %lld bytes, and its header tells of %lld; get it "
                   "anew",
                   path, (long long)size, (long long)needed);
}

static int64_t size_of(GDALDatasetH dataset) {
    VSIStatBufL found;
    return VSIStatL(GDALGetDescription(dataset), &found) == 0 ? (int64_t)found.st_size : 0;
}

static int64_t count_values(GDALDatasetH dataset) {
    return (int64_t)GDALGetRasterXSize(dataset) * GDALGetRasterYSize(dataset) *
           GDALGetRasterCount(dataset);
}

/* What the header that ends so has for a key. False: there is no such header, or it cannot be read. */
static bool read_header(GDALDatasetH dataset, const char *header, const char *key,
                        char text[TEXT_SIZE]) {
    VSIStatBufL found;
    char *path = dg_text_header_of(dataset, header);
    const bool is_there = path && VSIStatL(path, &found) == 0;
    if (is_there)
        dg_text_header_find(path, key, text, TEXT_SIZE);
    free(path);
    return is_there;
}

static demgrad_status fail_guess(GDALDatasetH dataset, const char *way_out, demgrad_error *error) {
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: is cut short: GDAL takes the type of its pixels from its size, and no "
                   "type comes to %lld bytes; get it anew%s",
                   GDALGetDescription(dataset), (long long)size_of(dataset), way_out);
}

/* Without NBITS. A .flt has four bytes a pixel; of others GDAL divides the size by the number of pixels. */
static demgrad_status check_ehdr(GDALDatasetH dataset, demgrad_error *error) {
    char bits[TEXT_SIZE], skipped[TEXT_SIZE];
    if (!read_header(dataset, ".hdr", "NBITS", bits) || *bits || size_of(dataset) == 0)
        return DEMGRAD_OK;
    read_header(dataset, ".hdr", "SKIPBYTES", skipped);
    const int64_t size = size_of(dataset) - strtoll(skipped, NULL, 10),
                  values = count_values(dataset);
    if (dg_ends_with(GDALGetDescription(dataset), ".flt"))
        return size < 4 * values ? fail_guess(dataset, "", error) : DEMGRAD_OK;
    return size % values != 0 ? fail_guess(dataset, ", or give its header an NBITS", error)
                              : DEMGRAD_OK;
}

/* Values of 4 or 8 bytes after a header of 40. */
static demgrad_status check_gtx(GDALDatasetH dataset, demgrad_error *error) {
    const int64_t values = count_values(dataset), size = size_of(dataset) - 40;
    return size > 4 * values && size < 8 * values ? fail_guess(dataset, "", error) : DEMGRAD_OK;
}

/* Of rows of half bytes the driver reads what is there. */
static demgrad_status check_lan(GDALDatasetH dataset, demgrad_error *error) {
    enum { HEADER = 128, PACKED_AT = 6 };
    unsigned char head[PACKED_AT + 2] = "";
    VSILFILE *file = VSIFOpenL(GDALGetDescription(dataset), "rb");
    if (!file)
        return DEMGRAD_OK;
    VSIFReadL(head, 1, sizeof head, file);
    VSIFCloseL(file);
    const int64_t rows = (int64_t)GDALGetRasterYSize(dataset) * GDALGetRasterCount(dataset);
    const int64_t needed = HEADER + rows * ((GDALGetRasterXSize(dataset) + 1) / 2);
    const bool has_half_bytes = head[PACKED_AT] + head[PACKED_AT + 1] == 1;
    return has_half_bytes
               ? dg_check_bytes(GDALGetDescription(dataset), size_of(dataset), needed, error)
               : DEMGRAD_OK;
}

/* The driver finds its folder through no file system of GDAL's, and calls itself by a file that is not there. */
static demgrad_status check_mff2(GDALDatasetH dataset, demgrad_error *error) {
    char *folder = dg_path_folder(GDALGetDescription(dataset));
    char *path = folder ? dg_path_join(folder, "image_data") : NULL;
    VSIStatBufL found;
    const GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(dataset, 1));
    demgrad_status status = path ? DEMGRAD_OK : dg_fail_memory(error, "a file's name");
    if (path && VSIStatL(path, &found) == 0)
        status = dg_check_bytes(path, (int64_t)found.st_size,
                                count_values(dataset) * GDALGetDataTypeSizeBytes(type), error);
    free(path);
    free(folder);
    return status;
}

/* What else has to be looked at: drivers that take the type from the size, or read in a way of their own. */
static const struct more {
    const char *driver;
    demgrad_status (*check)(GDALDatasetH dataset, demgrad_error *error);
} MORE[] = {{"EHdr", check_ehdr}, {"GTX", check_gtx}, {"LAN", check_lan}, {"MFF2", check_mff2}};

/* Whose pixels are in another format's file, such as JPEG 2000. */
static const struct packed {
    const char *driver, *header, *key, *value;
} PACKED[] = {{"ENVI", ".hdr", "file compression", "1"},
              {"ERS", ".ers", "DataSetType", "Translated"},
              {"PDS", "", "ENCODING_TYPE", ""}};

/* Whether the driver reads compressed bytes itself, in pieces that may be larger than what is left of them. */
static bool is_packed(GDALDatasetH dataset) {
    char text[TEXT_SIZE];
    bool is = dg_ends_with(GDALGetDescription(dataset), ".gz");
    for (size_t i = 0; i < sizeof PACKED / sizeof *PACKED && !is; i++) {
        const struct packed *p = &PACKED[i];
        is = dg_has_driver(dataset, p->driver) && read_header(dataset, p->header, p->key, text) &&
             *text && STARTS_WITH_CI(text, p->value);
    }
    return is;
}

static demgrad_status check_size(GDALDatasetH dataset, demgrad_error *error) {
    bool fall_short = false;
    const demgrad_status status =
        is_packed(dataset) ? DEMGRAD_OK : dg_reads_fall_short(dataset, &fall_short, error);
    if (!fall_short)
        return status;
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: is cut short: its pixels end before its last row; get it anew",
                   GDALGetDescription(dataset));
}

demgrad_status dg_check_raw_pixels(GDALDatasetH dataset, demgrad_error *error) {
    const char *driver = dg_driver_name(dataset);
    demgrad_status status = DEMGRAD_OK;
    if (CSLFindString((CSLConstList)dg_raw_drivers, driver) < 0)
        return DEMGRAD_OK;
    for (size_t i = 0; i < sizeof MORE / sizeof *MORE && !status; i++) {
        if (EQUAL(driver, MORE[i].driver))
            status = MORE[i].check(dataset, error);
    }
    return status ? status : check_size(dataset, error);
}
