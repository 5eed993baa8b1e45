/* What a library that was built without cairo answers. */
#include "fail.h"

#include <demgrad/preview.h>

demgrad_status demgrad_preview(const char *const *inputs, size_t count, const char *output,
                               const demgrad_preview_options *options, demgrad_error *error) {
    (void)inputs;
    (void)count;
    (void)options;
    return dg_fail(error, DEMGRAD_UNSUPPORTED,
                   "%s: this demgrad was built without cairo and draws no pictures",
                   output ? output : "this picture");
}

demgrad_status demgrad_preview_check(const char *output, const demgrad_preview_options *options,
                                     demgrad_error *error) {
    return demgrad_preview(NULL, 0, output, options, error);
}

demgrad_status demgrad_preview_pixels(const char *const *inputs, size_t count,
                                      const demgrad_preview_options *options,
                                      unsigned char **pixels, int *width, int *height,
                                      demgrad_error *error) {
    (void)pixels;
    (void)width;
    (void)height;
    return demgrad_preview(inputs, count, "this picture", options, error);
}

void demgrad_preview_free(unsigned char *pixels) {
    (void)pixels;
}
