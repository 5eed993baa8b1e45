/* A picture's page: nothing overlaps, and nothing leaves it, whatever its shape and its text. */
#include "page.h"
#include "unit.h"

#include <string.h>

static bool is_within(dg_box b, const dg_page *page) {
    return b.x >= 0 && b.y >= 0 && b.x + b.width <= page->width + 1e-9 &&
           b.y + b.height <= page->height + 1e-9;
}

static bool overlap(dg_box a, dg_box b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

static void check_page(const dg_page *page) {
    const dg_box boxes[] = {page->title,    page->maps[0],  page->maps[1],
                            page->names[0], page->names[1], page->arrow,
                            page->legend,   page->note,     page->scale_bar};
    enum { COUNT = sizeof boxes / sizeof *boxes };
    for (int i = 0; i < COUNT; i++) {
        if (boxes[i].width <= 0 || boxes[i].height <= 0)
            continue;
        ck_assert_msg(is_within(boxes[i], page), "box %d leaves the page", i);
        for (int j = i + 1; j < COUNT; j++) {
            if (boxes[j].width > 0 && boxes[j].height > 0)
                ck_assert_msg(!overlap(boxes[i], boxes[j]), "boxes %d and %d overlap", i, j);
        }
    }
}

static const char *const TITLES[] = {
    "", "dem.tif",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "several words, again and again, and again and again several words, and again and again"};

static const double PROPORTIONS[] = {1, 0.003, 300, 0.55, 0.65, 1.4};

START_TEST(boxes_keep_apart) {
    static const int sizes[][2] = {{0, 0}, {300, 0}, {640, 480}, {480, 640}, {2000, 700}};
    demgrad_error error;
    ASSERT_OK(dg_cairo_open(&error));
    cairo_surface_t *ruler = dg_cairo.image_surface_create(CAIRO_FORMAT_ARGB32, 1, 1);
    cairo_t *cr = dg_cairo.create(ruler);
    int made = 0;
    for (int style = 0; style < DEMGRAD_STYLE_END; style++) {
        for (int i = 0; i < 4 * 6 * 5 * 2; i++) {
            const dg_page_content content = {.style = dg_style_describe((demgrad_style)style),
                                             .proportion = PROPORTIONS[i / 4 % 6],
                                             .title = TITLES[i % 4],
                                             .note = TITLES[3 - i % 4],
                                             .has_arrow = i / 120 == 1};
            demgrad_preview_options options;
            demgrad_preview_options_init(&options);
            options.style = (demgrad_style)style;
            options.width = sizes[i / 24 % 5][0];
            options.height = sizes[i / 24 % 5][1];
            dg_page page;
            if (dg_page_make(&content, &options, cr, &page, &error) == DEMGRAD_OK) {
                check_page(&page);
                made++;
            } else {
                ck_assert_msg(options.height > 0 || options.width == 300, "%s", error.message);
            }
        }
    }
    ck_assert_int_gt(made, 1200);
    dg_cairo.destroy(cr);
    dg_cairo.surface_destroy(ruler);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("page");
    const TTest *const tests[] = {boxes_keep_apart, NULL};
    unit_add(suite, "page", tests);
    return unit_run(suite);
}
