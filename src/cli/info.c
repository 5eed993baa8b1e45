#include "commands.h"
#include "describe.h"
#include "message.h"

static void warn(const char *text, void *user) {
    (void)user;
    dg_message_warning("%s", text);
}

static int fail(const dg_arguments *a, const demgrad_error *error) {
    dg_message_error("%s", error->message);
    if (a->json) {
        dg_json json = {.file = stdout};
        dg_json_open(&json, NULL, '{');
        dg_json_string(&json, "error", error->message);
        dg_json_close(&json, '}');
    }
    return EXIT_FAILED;
}

int dg_command_info(dg_arguments *a) {
    if (!a->quiet)
        a->raster.warning = warn;
    demgrad_raster_info info;
    demgrad_error error;
    if (demgrad_raster_describe((const char *const *)a->inputs, a->input_count, &a->raster, &info,
                                &error))
        return fail(a, &error);
    if (a->json) {
        dg_json json = {.file = stdout};
        dg_describe_json(&json, NULL, &info);
    } else {
        dg_describe_text(&info);
    }
    return EXIT_DONE;
}
