#include "commands.h"
#include "describe.h"
#include "message.h"

static void warn(const char *text, void *user) {
    (void)user;
    dg_message_warning("%s", text);
}

int dg_command_info(dg_arguments *a) {
    if (!a->quiet)
        a->raster.warning = warn;
    demgrad_raster_info info;
    demgrad_error error;
    if (demgrad_raster_describe((const char *const *)a->inputs, a->input_count, &a->raster, &info,
                                &error)) {
        dg_message_error("%s", error.message);
        return EXIT_FAILED;
    }
    if (a->json) {
        dg_json json = {.file = stdout};
        dg_describe_json(&json, NULL, &info);
    } else {
        dg_describe_text(&info);
    }
    return EXIT_DONE;
}
