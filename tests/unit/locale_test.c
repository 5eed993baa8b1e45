/* In programs whose locale has commas for points, all comes out the same. */
#include "memory.h"
#include "memory_raster.h"
#include "text.h"
#include "unit.h"

#include <demgrad/demgrad.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A locale of its own, for which nothing need be installed but the C library's tool. */
static const char COMMAS[] = "LC_NUMERIC\n"
                             "decimal_point \",\"\n"
                             "thousands_sep \"\"\n"
                             "grouping -1\n"
                             "END LC_NUMERIC\n";

static const char ASCII[] = "<code_set_name> ASCII\n"
                            "<comment_char> %\n"
                            "<escape_char> /\n"
                            "CHARMAP\n"
                            "<U0000>..<U007F> /x00 NULL\n"
                            "END CHARMAP\n";

static char folder[] = "/tmp/demgrad-locale-XXXXXX";
static demgrad_error error;

static char *in_folder(const char *name) {
    return dg_format(NULL, "%s/%s", folder, name);
}

static bool put(const char *name, const char *text) {
    char *path = in_folder(name);
    FILE *file = fopen(path, "w");
    const bool is_written = file && fputs(text, file) >= 0;
    free(path);
    return file && fclose(file) == 0 && is_written;
}

static bool make_locale(void) {
    char *command = dg_format(NULL,
                              "localedef -c --no-archive -f %s/ascii -i %s/commas %s/xx "
                              ">%s/said 2>&1",
                              folder, folder, folder, folder);
    /* Its code tells of warnings, of which there are many. */
    const bool is_run = put("ascii", ASCII) && put("commas", COMMAS) && system(command) >= 0;
    free(command);
    return is_run && setenv("LOCPATH", folder, 1) == 0 && setlocale(LC_NUMERIC, "xx") &&
           strcmp(localeconv()->decimal_point, ",") == 0;
}

static void use_commas(bool has_commas) {
    ck_assert_ptr_nonnull(setlocale(LC_NUMERIC, has_commas ? "xx" : "C"));
}

START_TEST(numbers_have_points) {
    char text[32];
    use_commas(true);
    dg_text_number(text, sizeof text, -1.5e-300, 1, false);
    ck_assert_str_eq(text, "-1.5e-300");
}
END_TEST

/* Both ellipsoids' axes have fractions. */
START_TEST(the_ground_is_the_same) {
    static const char *const crs[] = {"EPSG:32632", "EPSG:31468"};
    static const double transform[6] = {4.4e6, 10, 0, 5e6, 0, -10};
    char *input = in_folder("in.tif");
    for (int i = 0; i < 2; i++) {
        char *outputs[2];
        memory_raster_make(&(memory_raster){.path = input,
                                            .width = 30,
                                            .height = 20,
                                            .type = GDT_Float32,
                                            .transform = transform,
                                            .crs = crs[i],
                                            .alpha = -1});
        for (int j = 0; j < 2; j++) {
            demgrad_raster_options o;
            demgrad_raster_options_init(&o);
            o.type = DEMGRAD_FLOAT64;
            o.overwrite = true;
            outputs[j] = in_folder(j ? "commas.tif" : "points.tif");
            use_commas(j == 1);
            ASSERT_OK(demgrad_raster_gradient((const char *const *)&input, 1, outputs[j], &o, NULL,
                                              &error));
        }
        ck_assert(memory_file_equal(outputs[0], outputs[1]));
        free(outputs[0]);
        free(outputs[1]);
    }
    free(input);
}
END_TEST

START_TEST(a_batch_knows_its_outputs_again) {
    static const double transform[6] = {5e5, 10.5, 0, 5e6, 0, -10.5};
    char *input = in_folder("in.tif"), *out = in_folder("out");
    demgrad_batch_options o;
    demgrad_batch_result result;
    memory_raster_make(&(memory_raster){.path = input,
                                        .width = 30,
                                        .height = 20,
                                        .type = GDT_Float32,
                                        .transform = transform,
                                        .crs = "EPSG:32632",
                                        .alpha = -1});
    demgrad_batch_options_init(&o);
    o.output_dir = out;
    for (int i = 0; i < 2; i++) {
        use_commas(i == 1);
        ASSERT_OK(demgrad_batch_run((const char *const *)&input, 1, &o, &result, &error));
        ck_assert_uint_eq(i == 1 ? result.kept : result.done, 1);
    }
    free(out);
    free(input);
}
END_TEST

static int run(void) {
    Suite *suite = suite_create("locale");
    TCase *commas = tcase_create("commas");
    tcase_add_test(commas, numbers_have_points);
    tcase_add_test(commas, the_ground_is_the_same);
    tcase_add_test(commas, a_batch_knows_its_outputs_again);
    suite_add_tcase(suite, commas);
    return unit_run(suite);
}

int main(void) {
    int code = 77;
    GDALAllRegister();
    if (mkdtemp(folder) && make_locale())
        code = run();
    else
        printf("locale-test: skipped, as localedef makes no locale with commas here\n");
    char *command = dg_format(NULL, "rm -rf %s", folder);
    const bool is_removed = system(command) == 0;
    free(command);
    return is_removed ? code : 1;
}
