/* Outputs of one CRS have the same keys for it, and learn of each other by them. */
#include "geo_keys.h"
#include "memory_raster.h"
#include "unit.h"
#include "writer.h"

#include <cpl_conv.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIZE = 20 };

static char *folder;
static dg_seen *seen;

static void setup(void) {
    folder = folder_create();
    seen = dg_seen_new();
    ck_assert_ptr_nonnull(seen);
}

static void teardown(void) {
    dg_seen_free(seen);
    folder_remove(folder);
}

static void in_folder(const char *name, char path[512]) {
    snprintf(path, 512, "%s/%s", folder, name);
}

/* The keys of an output that is made with this CRS, of text for OSRSetFromUserInput, or with none: NULL. */
static bool make(const char *name, const char *format, const char *text, dg_hash *keys) {
    static const dg_output_band band = {"dz/dx", "m/m"};
    static float z[SIZE * SIZE];
    const dg_window all = {0, 0, SIZE, SIZE};
    const dg_block block = {z, DG_FLOAT, SIZE, SIZE * SIZE, all};
    char path[512], *wkt = NULL;
    OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
    dg_writer *writer;
    demgrad_error error;
    if (text) {
        ck_assert_int_eq(OSRSetFromUserInput(crs, text), OGRERR_NONE);
        ck_assert_int_eq(OSRExportToWktEx(crs, &wkt, (const char *[]){"FORMAT=WKT2_2018", NULL}),
                         OGRERR_NONE);
    }
    in_folder(name, path);
    const dg_output output = {.target = {.path = path},
                              .format = format,
                              .grid = {SIZE, SIZE, {5e5, 10, 0, 5e6, 0, -10}, true},
                              .crs = wkt,
                              .nodata = (double)NAN,
                              .bands = &band,
                              .band_count = 1,
                              .threads = 1,
                              .seen_crs = seen};
    ASSERT_OK(dg_writer_create(&output, &writer, &error));
    ASSERT_OK(dg_writer_write(writer, &block, &error));
    ASSERT_OK(dg_writer_finish(writer, NULL, NULL, &error));
    *keys = dg_hash_new();
    dg_hash_text(keys, wkt);
    CPLFree(wkt);
    OSRDestroySpatialReference(crs);
    return dg_geo_keys_add(path, keys);
}

static bool is_same(dg_hash a, dg_hash b) {
    return a.a == b.a && a.b == b.b;
}

START_TEST(one_crs_has_one_set_of_keys) {
    dg_hash one, same, other, none;
    ck_assert(make("one.tif", NULL, "EPSG:32632", &one));
    ck_assert(dg_seen_has(seen, one));
    ck_assert(make("same.tif", NULL, "EPSG:32632", &same));
    ck_assert(is_same(one, same));
    ck_assert(make("other.tif", NULL, "EPSG:32633", &other));
    ck_assert(!is_same(one, other));
    ck_assert(dg_seen_has(seen, other));
    ck_assert(!make("none.tif", NULL, NULL, &none));
    ck_assert(!make("none.img", "ENVI", "EPSG:32632", &none));
}
END_TEST

/* Its numbers and texts lie outside the directory of keys. */
START_TEST(keys_have_numbers_and_texts) {
    dg_hash one, other, named;
    ck_assert(make("one.tif", NULL, "+proj=tmerc +lon_0=9.5 +ellps=GRS80", &one));
    ck_assert(make("other.tif", NULL, "+proj=tmerc +lon_0=9.75 +ellps=GRS80", &other));
    ck_assert(!is_same(one, other));
    char path[512];
    dg_hash keys = dg_hash_new(), other_keys = dg_hash_new();
    in_folder("one.tif", path);
    ck_assert(dg_geo_keys_add(path, &keys));
    in_folder("other.tif", path);
    ck_assert(dg_geo_keys_add(path, &other_keys));
    ck_assert(!is_same(keys, other_keys));
    ck_assert(make("named.tif", NULL,
                   "LOCAL_CS[\"site 7\",UNIT[\"metre\",1],AXIS[\"x\",EAST],AXIS[\"y\",NORTH]]",
                   &named));
}
END_TEST

/* Of a CRS that GeoTIFF has no words for nothing is learnt: the next output tells again. */
START_TEST(lost_crs_are_not_learnt) {
    dg_hash keys;
    make("pole.tif", NULL,
         "+proj=ob_tran +o_proj=longlat +o_lon_p=-162 +o_lat_p=39.25 +lon_0=180 "
         "+to_meter=0.0174532925199433",
         &keys);
    ck_assert(!dg_seen_has(seen, keys));
}
END_TEST

START_TEST(few_hashes_are_kept) {
    for (uint64_t i = 0; i < 1000; i++)
        dg_seen_add(seen, (dg_hash){i, i + 1});
    ck_assert(dg_seen_has(seen, (dg_hash){999, 1000}));
    ck_assert(dg_seen_has(seen, (dg_hash){950, 951}));
    ck_assert(!dg_seen_has(seen, (dg_hash){999, 999}));
    ck_assert(!dg_seen_has(seen, (dg_hash){0, 1}));
    dg_seen_add(NULL, (dg_hash){1, 2});
    ck_assert(!dg_seen_has(NULL, (dg_hash){1, 2}));
}
END_TEST

int main(void) {
    GDALAllRegister();
    Suite *suite = suite_create("geo keys");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    const TTest *const tests[] = {one_crs_has_one_set_of_keys, keys_have_numbers_and_texts,
                                  lost_crs_are_not_learnt, few_hashes_are_kept, NULL};
    for (int i = 0; tests[i]; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    return unit_run(suite);
}
