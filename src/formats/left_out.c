#include "left_out.h"

#include "fail.h"
#include "gdal_driver.h"
#include "gdal_errors.h"
#include "json_text.h"
#include "memory.h"
#include "text_header.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 256 };

/* A word of a file's, and where it stands: `where` is the ending of a file's name, a domain of metadata, or the
 * object that it is of. */
typedef struct place {
    const char *driver;
    void (*read)(GDALDatasetH dataset, const struct place *place, char text[TEXT_SIZE]);
    const char *where, *key;
    void (*take)(const char *text, dg_left_out *left);
} place;

static void read_lines(GDALDatasetH dataset, const place *p, char text[TEXT_SIZE]) {
    char *path = dg_text_header_of(dataset, p->where);
    if (path)
        dg_text_header_find(path, p->key, text, TEXT_SIZE);
    free(path);
}

static void read_metadata(GDALDatasetH dataset, const place *p, char text[TEXT_SIZE]) {
    const char *found = GDALGetMetadataItem(dataset, p->key, p->where);
    CPLStrlcpy(text, found ? found : "", TEXT_SIZE);
}

/* The label, in the domain json: and the driver's name. */
static void read_label(GDALDatasetH dataset, const place *p, char text[TEXT_SIZE]) {
    char *domain = dg_format(NULL, "json:%s", p->driver);
    char **label = domain ? GDALGetMetadata(dataset, domain) : NULL;
    if (label && *label)
        dg_json_text_find(*label, p->where, p->key, text, TEXT_SIZE);
    free(domain);
}

/* Bytes of the header, from one on; "": there are fewer. */
static void read_bytes(GDALDatasetH dataset, int from, void *bytes, size_t count) {
    VSILFILE *file = VSIFOpenL(GDALGetDescription(dataset), "rb");
    memset(bytes, 0, count);
    if (!file)
        return;
    if (VSIFSeekL(file, (vsi_l_offset)from, SEEK_SET) != 0 ||
        VSIFReadL(bytes, 1, count, file) != count)
        memset(bytes, 0, count);
    VSIFCloseL(file);
}

/* Northwood's name of the unit of its heights. */
static void read_northwood(GDALDatasetH dataset, const place *p, char text[TEXT_SIZE]) {
    (void)p;
    enum { FROM = 93, COUNT = 32 };
    read_bytes(dataset, FROM, text, COUNT);
    text[COUNT] = '\0';
}

/* Metres per unit. 0 means 1, and what GDAL knows a unit for it tells as that. */
static void read_bt(GDALDatasetH dataset, const place *p, char text[TEXT_SIZE]) {
    (void)p;
    enum { FROM = 62 };
    float scale;
    if (*GDALGetRasterUnitType(GDALGetRasterBand(dataset, 1)))
        return;
    read_bytes(dataset, FROM, &scale, sizeof scale);
    CPL_LSBPTR32(&scale);
    CPLsnprintf(text, TEXT_SIZE, "%.9g", (double)scale);
}

/* Without the brackets and quotation marks that may be round it. */
static void take_unit(const char *text, dg_left_out *left) {
    static const char ROUND[] = "{}\"' ";
    text += strspn(text, ROUND);
    CPLStrlcpy(left->unit, text, sizeof left->unit);
    left->unit[strcspn(left->unit, "}\"'")] = '\0';
}

/* ArcInfo's: a word, or how many of its units are a metre. */
static void take_z_units(const char *text, dg_left_out *left) {
    static const struct {
        double per_metre, slack;
        const char *unit;
    } UNITS[] = {{0.001, 0, "km"}, {1, 0, "m"},     {10, 0, "dm"},
                 {100, 0, "cm"},   {1000, 0, "mm"}, {1 / 0.3048, 1e-4, "ft"}};
    char *end;
    const double per_metre = CPLStrtod(text, &end);
    const char *unit = EQUAL(text, "NO") ? "" : text;
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS && !*end; i++) {
        if (fabs(per_metre - UNITS[i].per_metre) <= UNITS[i].slack)
            unit = UNITS[i].unit;
    }
    take_unit(unit, left);
}

static void take_scale(const char *text, dg_left_out *left) {
    const double scale = CPLAtof(text);
    left->scale = scale != 0 && isfinite(scale) ? scale : 1;
}

/* Scale, offset and perhaps the name of what they make. */
static void take_transform(const char *text, dg_left_out *left) {
    static const char BETWEEN[] = ", \t";
    char *end, *last;
    CPLStrtod(text, &end);
    const char *second = end + strspn(end, BETWEEN);
    const double offset = CPLStrtod(second, &last);
    if (end == text || last == second)
        return;
    take_scale(text, left);
    left->offset = offset;
    take_unit(last + strspn(last, BETWEEN), left);
}

/* GDAL itself transforms what is packed. */
static void take_packing(const char *text, dg_left_out *left) {
    if (atoi(text) == 0)
        return;
    left->scale = 1;
    left->offset = 0;
}

static const place PLACES[] = {
    {"AAIGrid", read_lines, ".prj", "Zunits", take_z_units},
    {"AIG", read_lines, "prj.adf", "Zunits", take_z_units},
    {"EHdr", read_lines, ".prj", "Zunits", take_z_units},
    {"BT", read_bt, "", "", take_scale},
    {"ENVI", read_metadata, "ENVI", "data_units", take_unit},
    {"FITS", read_metadata, "", "BUNIT", take_unit},
    {"GXF", read_lines, "", "#TRANSFORM", take_transform},
    {"GXF", read_lines, "", "#GTYPE", take_packing},
    {"ISIS3", read_label, "BandBin", "Unit", take_unit},
    {"ISIS3", read_label, "BandBin", "Units", take_unit},
    {"NWT_GRD", read_northwood, "", "", take_unit},
    {"PDS", read_label, "IMAGE", "UNIT", take_unit},
    {"PDS", read_label, "QUBE", "CORE_UNIT", take_unit},
    {"PDS", read_label, "SPECTRAL_QUBE", "CORE_UNIT", take_unit},
    {"ROI_PAC", read_metadata, "ROI_PAC", "Z_UNIT", take_unit},
    {"SAGA", read_lines, ".sgrd", "UNIT", take_unit},
    {"SAGA", read_lines, ".sgrd", "Z_FACTOR", take_scale},
};

static bool read_place(GDALDatasetH dataset, const place *p, char text[TEXT_SIZE]) {
    *text = '\0';
    if (!dg_has_driver(dataset, p->driver))
        return false;
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    p->read(dataset, p, text);
    dg_gdal_errors_end(&ignored);
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        text[--length] = '\0';
    const size_t blank = strspn(text, " \t");
    memmove(text, text + blank, length - blank + 1);
    return *text != '\0';
}

dg_left_out dg_left_out_find(GDALDatasetH dataset) {
    dg_left_out left = {.scale = 1};
    char text[TEXT_SIZE];
    for (size_t i = 0; dataset && i < sizeof PLACES / sizeof *PLACES; i++) {
        if (read_place(dataset, &PLACES[i], text))
            PLACES[i].take(text, &left);
    }
    return left;
}

static const place SAGA_OFFSET = {"SAGA", read_lines, ".sgrd", "DATAFILE_OFFSET", NULL};

static demgrad_status check_offset(const char *path, const char *text, demgrad_error *error) {
    const double offset = CPLAtof(text);
    if (offset == 0)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: its pixels begin %.0f bytes into its file (%s), and GDAL would read them "
                   "from its very beginning; cut those bytes off (tail -c +%.0f), and write 0",
                   path, offset, SAGA_OFFSET.key, offset + 1);
}

bool dg_left_out_is_applied(GDALDatasetH dataset) {
    return dg_has_driver(dataset, "FITS");
}

/* What is applied to whole numbers is rounded. */
static demgrad_status check_fits(GDALDatasetH dataset, demgrad_error *error) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    if (!band || !dg_left_out_is_applied(dataset) ||
        GDALDataTypeIsFloating(GDALGetRasterDataType(band)) ||
        (GDALGetRasterScale(band, NULL) == 1 && GDALGetRasterOffset(band, NULL) == 0))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: its whole numbers have a scale (BSCALE, BZERO), and GDAL rounds what it "
                   "makes of them; write them as they are meant, as floats",
                   GDALGetDescription(dataset));
}

demgrad_status dg_left_out_check(GDALDatasetH dataset, demgrad_error *error) {
    char text[TEXT_SIZE];
    const demgrad_status status = check_fits(dataset, error);
    if (status)
        return status;
    read_place(dataset, &SAGA_OFFSET, text);
    return check_offset(GDALGetDescription(dataset), text, error);
}
