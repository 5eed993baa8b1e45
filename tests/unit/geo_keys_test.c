/* What GDAL reads of a TIFF's CRS is in the keys: files with the same ones have the same CRS. */
#include "geo_keys.h"
#include "unit.h"

#include <cpl_error.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#include <stdlib.h>
#include <string.h>

static const char PATH[] = "/vsimem/keys.tif", OTHER[] = "/vsimem/other.tif";

/* By a code, by its parameters, and with heights. */
static const char *const CRSS[] = {
    "EPSG:32632", "+proj=laea +lat_0=52.5 +lon_0=10.25 +x_0=4321000 +ellps=GRS80 +units=m",
    "EPSG:4326+5773"};

static const char *const LAYOUTS[][3] = {{NULL},
                                         {"BIGTIFF=YES", NULL},
                                         {"ENDIANNESS=BIG", NULL},
                                         {"BIGTIFF=YES", "ENDIANNESS=BIG", NULL}};

enum { CRS_COUNT = sizeof CRSS / sizeof *CRSS, LAYOUT_COUNT = sizeof LAYOUTS / sizeof *LAYOUTS };

static OGRSpatialReferenceH make_crs(const char *name) {
    OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
    ck_assert_int_eq(OSRSetFromUserInput(crs, name), OGRERR_NONE);
    return crs;
}

/* A raster; the CRS may be NULL. */
static void put(const char *path, const char *crs_name, const char *const *options, int size) {
    GDALDriverH driver = GDALGetDriverByName("GTiff");
    GDALDatasetH dataset = GDALCreate(driver, path, size, size, 1, GDT_Byte, (char **)options);
    double geotransform[6] = {5e5, size, 0, 5e6, 0, -size};
    ck_assert_ptr_nonnull(dataset);
    GDALSetGeoTransform(dataset, geotransform);
    if (crs_name) {
        OGRSpatialReferenceH crs = make_crs(crs_name);
        GDALSetSpatialRef(dataset, crs);
        OSRDestroySpatialReference(crs);
    }
    GDALClose(dataset);
}

static bool have_same_keys(const char *path, const char *other) {
    dg_geo_keys a = dg_geo_keys_read(path), b = dg_geo_keys_read(other);
    const bool are = dg_geo_keys_are_same(&a, &b);
    dg_geo_keys_free(&a);
    dg_geo_keys_free(&b);
    return are;
}

START_TEST(the_same_crs_has_the_same_keys) {
    const char *const *options = LAYOUTS[_i % LAYOUT_COUNT];
    const int crs = _i / LAYOUT_COUNT;
    put(PATH, CRSS[crs], options, 3);
    for (int i = 0; i < CRS_COUNT; i++) {
        put(OTHER, CRSS[i], options, 5);
        ck_assert_int_eq(have_same_keys(PATH, OTHER), i == crs);
    }
    put(OTHER, NULL, options, 3);
    ck_assert(!have_same_keys(PATH, OTHER) && !have_same_keys(OTHER, PATH));
}
END_TEST

/* As a code of EPSG's is stored. */
START_TEST(keys_hold_the_code) {
    static const unsigned char code[] = {3072 & 0xff, 3072 >> 8,    0,         0, 1,
                                         0,           32632 & 0xff, 32632 >> 8};
    put(PATH, CRSS[0], LAYOUTS[0], 3);
    dg_geo_keys keys = dg_geo_keys_read(PATH);
    ck_assert_ptr_nonnull(keys.bytes);
    ck_assert_ptr_nonnull(memmem(keys.bytes, keys.size, code, sizeof code));
    dg_geo_keys_free(&keys);
}
END_TEST

/* Whether it opens with another CRS, or with none: to GDAL it is the control points' where there are any. */
static bool has_another(const char *path, OGRSpatialReferenceH wanted) {
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    if (!dataset)
        return false;
    const bool has_points = GDALGetGCPCount(dataset) > 0;
    OGRSpatialReferenceH found = GDALGetSpatialRef(dataset);
    static const char *const options[] = {"CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS",
                                          "IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", NULL};
    const bool has = found && OSRIsSameEx(found, wanted, options);
    GDALClose(dataset);
    return !has && !has_points;
}

/* With any byte of the file changed, and with its end cut off there. */
START_TEST(where_the_crs_is_another_the_keys_are) {
    put(PATH, CRSS[_i / LAYOUT_COUNT], LAYOUTS[_i % LAYOUT_COUNT], 3);
    OGRSpatialReferenceH wanted = make_crs(CRSS[_i / LAYOUT_COUNT]);
    ck_assert(!has_another(PATH, wanted));
    vsi_l_offset size;
    const GByte *whole = VSIGetMemFileBuffer(PATH, &size, FALSE);
    GByte *bytes = malloc(size);
    int changed = 0;
    for (vsi_l_offset i = 0; i < 2 * size; i++) {
        const vsi_l_offset at = i / 2, length = i % 2 ? at : size;
        memcpy(bytes, whole, size);
        bytes[at] ^= 0x11;
        VSIFCloseL(VSIFileFromMemBuffer(OTHER, bytes, length, FALSE));
        const bool has = has_another(OTHER, wanted);
        ck_assert_msg(!has || !have_same_keys(PATH, OTHER), "byte %d of %d", (int)at, (int)length);
        changed += has;
        VSIUnlink(OTHER);
    }
    ck_assert_int_gt(changed, 10);
    free(bytes);
    OSRDestroySpatialReference(wanted);
}
END_TEST

START_TEST(what_is_no_tiff_has_no_keys) {
    static const char *const texts[] = {"", "II*", "II*\0\xff\xff\xff\xff and some more of it",
                                        "no TIFF at all, but long enough"};
    for (int i = 0; i < 4; i++) {
        VSILFILE *file = VSIFOpenL(PATH, "wb");
        VSIFWriteL(texts[i], 1, i == 2 ? 30 : strlen(texts[i]), file);
        VSIFCloseL(file);
        dg_geo_keys keys = dg_geo_keys_read(PATH);
        ck_assert_ptr_null(keys.bytes);
    }
    VSIUnlink(PATH);
    dg_geo_keys keys = dg_geo_keys_read(PATH);
    ck_assert(!keys.bytes && !dg_geo_keys_are_same(&keys, &keys));
}
END_TEST

int main(void) {
    GDALAllRegister();
    CPLPushErrorHandler(CPLQuietErrorHandler);
    Suite *suite = suite_create("geo keys");
    TCase *keys = tcase_create("keys");
    tcase_set_timeout(keys, 60);
    tcase_add_loop_test(keys, the_same_crs_has_the_same_keys, 0, CRS_COUNT * LAYOUT_COUNT);
    tcase_add_loop_test(keys, where_the_crs_is_another_the_keys_are, 0, CRS_COUNT * LAYOUT_COUNT);
    tcase_add_test(keys, keys_hold_the_code);
    tcase_add_test(keys, what_is_no_tiff_has_no_keys);
    suite_add_tcase(suite, keys);
    return unit_run(suite);
}
