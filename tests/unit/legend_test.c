/* What the words around a map say, and that none lies over another: they are taken down as they are drawn. */
#include "furniture.h"
#include "memory_raster.h"
#include "rounding.h"
#include "unit.h"

#include <demgrad/preview.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LE    "\342\211\244 "
#define GE    "\342\211\245 "
#define MINUS "\342\210\222"

static const dg_ink INK = {1, 0, 0.5};

static struct label {
    char text[64];
    double x, y, width;
} labels[64];
static int count;
static double at_x, at_y;

static __typeof__(cairo_move_to) *real_move_to;
static __typeof__(cairo_show_text) *real_show_text;

static void move_to(cairo_t *cr, double x, double y) {
    at_x = x;
    at_y = y;
    real_move_to(cr, x, y);
}

static void show_text(cairo_t *cr, const char *text) {
    cairo_text_extents_t extents;
    dg_cairo.text_extents(cr, text, &extents);
    ck_assert_int_lt(count, 64);
    labels[count] = (struct label){.x = at_x, .y = at_y, .width = extents.x_advance};
    snprintf(labels[count++].text, sizeof labels->text, "%s", text);
    real_show_text(cr, text);
}

static cairo_surface_t *paper;
static cairo_t *cr;

static void setup(void) {
    demgrad_error error;
    GDALAllRegister();
    ASSERT_OK(dg_cairo_open(&error));
    real_move_to = dg_cairo.move_to;
    real_show_text = dg_cairo.show_text;
    dg_cairo.move_to = move_to;
    dg_cairo.show_text = show_text;
    paper = dg_cairo.image_surface_create(CAIRO_FORMAT_ARGB32, 8, 8);
    cr = dg_cairo.create(paper);
}

static void teardown(void) {
    dg_cairo.destroy(cr);
    dg_cairo.surface_destroy(paper);
    dg_cairo.move_to = real_move_to;
    dg_cairo.show_text = real_show_text;
}

static const struct label *find(const char *text) {
    for (int i = 0; i < count; i++) {
        if (strcmp(labels[i].text, text) == 0)
            return &labels[i];
    }
    return NULL;
}

/* Letters may be this much higher than the base line, and wider than they say. */
static const double HIGH = 9, SLACK = 1.5;

static void check_apart(dg_box box) {
    for (int i = 0; i < count; i++) {
        const struct label *a = &labels[i];
        ck_assert_msg(a->x >= box.x - SLACK && a->x + a->width <= box.x + box.width + SLACK &&
                          a->y - HIGH >= box.y && a->y <= box.y + box.height,
                      "\"%s\" leaves its box of %g", a->text, box.width);
        for (int j = 0; j < i; j++) {
            const struct label *b = &labels[j];
            const bool is_beside =
                a->x + a->width <= b->x + SLACK || b->x + b->width <= a->x + SLACK;
            ck_assert_msg(is_beside || fabs(a->y - b->y) >= HIGH, "\"%s\" is over \"%s\" in %g",
                          a->text, b->text, box.width);
        }
    }
}

static const dg_swatches HOLES = {1, {{"no data", {0}}}};
static const dg_swatches CLASSES = {
    5, {{"none", {0}}, {"one-sided", {0}}, {"full stencil", {0}}, {"flat", {0}}, {"no data", {0}}}};

static dg_legend legend_of(dg_legend_kind kind, double low, double high, const char *unit,
                           const dg_swatches *swatches) {
    dg_legend legend = {.kind = kind, .caption = "error of slope, m/m", .unit = unit};
    demgrad_error error;
    ASSERT_OK(dg_ramp_find("heat", &legend.ramp, &error));
    dg_ramp_set_range(&legend.ramp, low, high);
    legend.swatches = *swatches;
    return legend;
}

static void draw(const dg_legend *legend, double width) {
    count = 0;
    const dg_box box = {16, 500, width,
                        dg_legend_height(cr, legend->kind, &legend->swatches, width)};
    dg_draw_legend(cr, box, legend, INK);
    check_apart(box);
}

static void check_ends(double low, double high, const char *unit, const char *low_text,
                       const char *high_text) {
    for (int beyond = 0; beyond < 4; beyond++) {
        for (int width = 40; width < 1200; width += width < 320 ? 4 : 90) {
            dg_legend legend = legend_of(DG_LEGEND_RAMP, low, high, unit, &HOLES);
            legend.has_lower = beyond & 1;
            legend.has_higher = beyond & 2;
            draw(&legend, width);
            if (width < 200)
                continue;
            char text[64];
            snprintf(text, sizeof text, "%s%s", beyond & 1 ? LE : "", low_text);
            ck_assert_msg(find(text) != NULL, "no \"%s\" in %d", text, width);
            snprintf(text, sizeof text, "%s%s", beyond & 2 ? GE : "", high_text);
            ck_assert_msg(find(text) != NULL, "no \"%s\" in %d", text, width);
            ck_assert(find("no data") != NULL);
        }
    }
}

START_TEST(ends_of_a_ramp_are_labelled) {
    check_ends(-0.5, 0.5, "", MINUS "0.5", "0.5");
    check_ends(0, 45, "\302\260", "0\302\260", "45\302\260");
    check_ends(0.038, 0.095, "", "0.038", "0.095");
    check_ends(-1e-7, 1e6, "", MINUS "1e-07", "1e+06");
    const dg_legend wide = legend_of(DG_LEGEND_RAMP, 0, 45, "\302\260", &HOLES);
    draw(&wide, 900);
    ck_assert(find("10\302\260") != NULL && find("40\302\260") != NULL);
}
END_TEST

START_TEST(swatches_keep_apart) {
    for (int width = 40; width < 700; width += 5) {
        const dg_legend classes = legend_of(DG_LEGEND_CLASSES, 0, 2, "", &CLASSES);
        draw(&classes, width);
        ck_assert_msg(width < 110 || count == CLASSES.count, "%d labels in %d", count, width);
        dg_legend compass = legend_of(DG_LEGEND_COMPASS, 0, 360, "", &HOLES);
        compass.swatches.items[compass.swatches.count++] = (dg_swatch){"flat", {1, 1, 1, 255}};
        draw(&compass, width);
        ck_assert(width < 160 || (find("flat") && find("no data")));
    }
}
END_TEST

static void check_bar(double width, double unit_m, const char *where, const char *text) {
    const dg_box box = {16, 500, width, 34};
    count = 0;
    dg_draw_scale_bar(cr, box, unit_m, where, INK);
    check_apart(box);
    ck_assert_int_ge(count, 1);
    if (text) {
        ck_assert_msg(find(text) != NULL, "%s and not %s", labels[0].text, text);
        ck_assert_ptr_nonnull(find("0"));
        ck_assert_double_lt(find("0")->x, box.x + 1);
    }
}

START_TEST(a_scale_bars_length_is_at_its_end) {
    /* 500 m are 250 of 400; the words' middle lies there. */
    check_bar(400, 2, "", "500 m");
    ASSERT_NEAR(find("500 m")->x + find("500 m")->width / 2, 16 + 250, 1);
    check_bar(300, 50000, "at the equator", "10000 km at the equator");
    for (int width = 40; width < 600; width += 7) {
        for (double unit_m = 0.001; unit_m < 1e5; unit_m *= 3) {
            check_bar(width, unit_m, "", NULL);
            check_bar(width, unit_m, "at 46.5\302\260 N", NULL);
        }
    }
}
END_TEST

static void check_range(double least, double most, double wanted_low, double wanted_high) {
    double low, high;
    dg_round_range(least, most, &low, &high);
    ASSERT_NEAR(low, wanted_low, 1e-9);
    ASSERT_NEAR(high, wanted_high, 1e-9);
}

START_TEST(ranges_are_round_and_narrow) {
    check_range(0.038, 0.095, 0.03, 0.1);
    check_range(0.01, 0.095, 0, 0.1);
    check_range(0, 0, 0, 1);
    check_range(20, 20, 20, 22);
    unit_random_start(1);
    for (int i = 0; i < 10000; i++) {
        const double most = pow(10, unit_random_between(-6, 6));
        const double least = most * unit_random_between(0, 1);
        double low, high;
        dg_round_range(least, most, &low, &high);
        /* At each end a quarter of the values' span is the most to spare, or of a tenth of them. */
        const double spare = fmax(most - least, 0.1 * most) / 4 * (1 + 1e-5);
        ck_assert(low <= least * (1 + 1e-5) && high >= most * (1 - 1e-5));
        ck_assert(low == 0 ? least <= 0.25 * most : least - low <= spare);
        ck_assert(high - most <= (low == 0 ? most / 4 : fmax(spare, 0.1 * most)) * (1 + 1e-5));
    }
}
END_TEST

/* A picture's words, of a surface with a flat part, a hole and a cliff. */
static void draw_picture(demgrad_style style) {
    enum { SIDE = 80 };
    static const double transform[6] = {500000, 10, 0, 5000000, 0, -10}, nodata = -1;
    static double z[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
        const int col = i % SIDE, row = i / SIDE;
        z[i] = fmax(col - 40, 0) * 2 + (col > 77 && row > 60 ? 50 : 0);
        if (col < 9 && row < 9)
            z[i] = nodata;
    }
    memory_raster_make(&(memory_raster){.path = "/vsimem/legend.tif",
                                        .width = SIDE,
                                        .height = SIDE,
                                        .type = GDT_Float32,
                                        .values = z,
                                        .nodata = &nodata,
                                        .transform = transform,
                                        .crs = "EPSG:32632",
                                        .alpha = -1});
    const char *inputs[] = {"/vsimem/legend.tif"};
    char folder[] = "/tmp/demgrad-legend-XXXXXX", output[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(output, sizeof output, "%s/out.png", folder);
    demgrad_preview_options o;
    demgrad_preview_options_init(&o);
    o.style = style;
    o.width = 400;
    o.raster.z_error = 1;
    o.raster.metric = DEMGRAD_METRIC_MAP;
    count = 0;
    demgrad_error error;
    ASSERT_OK(demgrad_preview(inputs, 1, output, &o, &error));
    unlink(output);
    rmdir(folder);
    ck_assert_ptr_nonnull(find("legend.tif"));
    ck_assert_ptr_nonnull(find("no data"));
    check_apart((dg_box){0, 0, 400, 2000});
}

START_TEST(a_picture_tells_what_is_in_it) {
    draw_picture(DEMGRAD_STYLE_ASPECT);
    ck_assert(find("flat") != NULL);
    draw_picture(DEMGRAD_STYLE_QUALITY);
    ck_assert(find("one-sided") != NULL && find("flat") == NULL);
    /* But for the cliff's top and south end, less than 2 % of the pixels, it rises by 0.2 at the most. */
    draw_picture(DEMGRAD_STYLE_SLOPE);
    ck_assert(find("0\302\260") != NULL && find(GE "15\302\260") != NULL);
    draw_picture(DEMGRAD_STYLE_RELIEF);
    ck_assert(find(GE "15\302\260") != NULL);
    draw_picture(DEMGRAD_STYLE_COMPONENTS);
    ck_assert(find("dz/dx, rise to east") != NULL && find("dz/dy, rise to north") != NULL);
    ck_assert(find(LE MINUS "0.2") != NULL && find(GE "0.2") != NULL);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("legend");
    TCase *tests = tcase_create("legend");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, ends_of_a_ramp_are_labelled);
    tcase_add_test(tests, swatches_keep_apart);
    tcase_add_test(tests, a_scale_bars_length_is_at_its_end);
    tcase_add_test(tests, ranges_are_round_and_narrow);
    tcase_add_test(tests, a_picture_tells_what_is_in_it);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
