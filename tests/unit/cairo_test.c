/* cairo is opened with the first picture; where it is not there, or is another one, that is said. */
#include "cairo_calls.h"
#include "unit.h"

#include <demgrad/preview.h>
#include <dlfcn.h>
#include <string.h>

/* The linker sends the library's calls here. */
static bool has_library = true;
static const char *missing = "";

void *__real_dlopen(const char *name, int flags);
void *__wrap_dlopen(const char *name, int flags);
void *__wrap_dlopen(const char *name, int flags) {
    return __real_dlopen(has_library ? name : "libcairo-that-nobody-has.so", flags);
}

void *__real_dlsym(void *library, const char *name);
void *__wrap_dlsym(void *library, const char *name);
void *__wrap_dlsym(void *library, const char *name) {
    return __real_dlsym(library, strcmp(name, missing) == 0 ? "cairo_nothing" : name);
}

static demgrad_status check_picture(demgrad_error *error) {
    demgrad_preview_options o;
    demgrad_preview_options_init(&o);
    return demgrad_preview_check("picture-of-a-test.png", &o, error);
}

/* Each in a process of its own. */
START_TEST(pictures_want_cairo) {
    demgrad_error error;
    has_library = false;
    for (int i = 0; i < 2; i++) {
        ASSERT_STATUS(check_picture(&error), DEMGRAD_UNSUPPORTED);
        ck_assert_ptr_nonnull(strstr(error.message, "libcairo-that-nobody-has.so"));
    }
    unsigned char *pixels;
    int width, height;
    const char *const inputs[] = {"no-input.tif"};
    demgrad_preview_options o;
    demgrad_preview_options_init(&o);
    ASSERT_STATUS(demgrad_preview_pixels(inputs, 1, &o, &pixels, &width, &height, &error),
                  DEMGRAD_UNSUPPORTED);
}
END_TEST

START_TEST(all_calls_are_wanted) {
    demgrad_error error;
    missing = "cairo_translate";
    ASSERT_STATUS(check_picture(&error), DEMGRAD_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(error.message, "cairo_nothing"));
}
END_TEST

START_TEST(calls_are_cairos) {
    demgrad_error error;
    ASSERT_OK(check_picture(&error));
    ASSERT_OK(dg_cairo_open(&error));
    cairo_surface_t *surface = dg_cairo.image_surface_create(CAIRO_FORMAT_ARGB32, 7, 5);
    ck_assert_int_eq(dg_cairo.image_surface_get_width(surface), 7);
    ck_assert_int_eq(dg_cairo.image_surface_get_height(surface), 5);
    dg_cairo.surface_destroy(surface);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cairo");
    const TTest *const tests[] = {pictures_want_cairo, all_calls_are_wanted, calls_are_cairos,
                                  NULL};
    unit_add(suite, "cairo", tests);
    return unit_run(suite);
}
