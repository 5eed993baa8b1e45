#include "commands.h"
#include "describe.h"
#include "message.h"

#include <cpl_string.h>
#include <string.h>

/* What is told of an input, or of several that are one mosaic. */
typedef struct answer {
    bool is_known;
    demgrad_raster_info info;
    demgrad_error error;
    char **warnings;
} answer;

static void keep_warning(const char *text, void *user) {
    answer *told = user;
    told->warnings = CSLAddString(told->warnings, text);
}

static answer ask(const dg_arguments *a, char **inputs, size_t count) {
    answer told = {0};
    demgrad_raster_options options = a->raster;
    options.warning = keep_warning;
    options.warning_user = &told;
    told.is_known = demgrad_raster_describe((const char *const *)inputs, count, &options,
                                            &told.info, &told.error) == DEMGRAD_OK;
    return told;
}

static void print_messages(const dg_arguments *a, const answer *told) {
    for (int i = 0; !a->quiet && told->warnings && told->warnings[i]; i++)
        dg_message_warning("%s", told->warnings[i]);
    if (!told->is_known)
        dg_message_error("%s", told->error.message);
}

static void write_json(dg_json *json, const char *file, const answer *told) {
    dg_json_open(json, NULL, '{');
    if (file)
        dg_json_string(json, "file", file);
    if (told->is_known)
        dg_describe_json(json, &told->info);
    else
        dg_json_string(json, "error", told->error.message);
    dg_json_close(json, '}');
}

/* One raster or mosaic. */
static int tell_one(const dg_arguments *a, const answer *told) {
    dg_json json = {.file = stdout};
    print_messages(a, told);
    if (a->json)
        write_json(&json, NULL, told);
    else if (told->is_known)
        dg_describe_text(&told->info);
    return told->is_known ? EXIT_DONE : EXIT_FAILED;
}

/* Each of several rasters that are no mosaic, for the reason `why_not`. */
static int tell_each(const dg_arguments *a, const char *why_not) {
    int exit_code = EXIT_DONE;
    dg_json json = {.file = stdout};
    if (a->json)
        dg_json_open(&json, NULL, '[');
    else
        dg_message_answer("one mosaic:     no: %s", why_not);
    for (size_t i = 0; i < a->input_count; i++) {
        const answer told = ask(a, &a->inputs[i], 1);
        if (a->json) {
            write_json(&json, a->inputs[i], &told);
        } else {
            putchar('\n');
            dg_message_answer("file:           %s", a->inputs[i]);
        }
        print_messages(a, &told);
        if (!a->json && told.is_known)
            dg_describe_text(&told.info);
        exit_code = told.is_known ? exit_code : EXIT_FAILED;
        CSLDestroy(told.warnings);
    }
    if (a->json)
        dg_json_close(&json, ']');
    return exit_code;
}

/* What the options ask for is wrong for all of them, and told once. */
static bool is_of_options(const dg_arguments *a, const answer *told) {
    answer first = ask(a, a->inputs, 1);
    const bool same = !first.is_known && strcmp(first.error.message, told->error.message) == 0 &&
                      strncmp(first.error.message, a->inputs[0], strlen(a->inputs[0])) != 0;
    CSLDestroy(first.warnings);
    return same;
}

int dg_command_info(dg_arguments *a) {
    const answer told = ask(a, a->inputs, a->input_count);
    const int exit_code = told.is_known || a->input_count == 1 || is_of_options(a, &told)
                              ? tell_one(a, &told)
                              : tell_each(a, told.error.message);
    CSLDestroy(told.warnings);
    return exit_code;
}
