#include "commands.h"
#include "describe.h"
#include "interrupt.h"
#include "message.h"
#include "output_bands.h"
#include "output_window.h"
#include "progress.h"
#include "raster_options.h"
#include "report.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <string.h>

typedef struct gradient_run {
    dg_arguments *arguments;
    dg_progress progress;
    demgrad_raster_report report;
    char **warnings;
} gradient_run;

static void warn(const char *text, void *user) {
    gradient_run *run = user;
    run->warnings = CSLAddString(run->warnings, text);
    if (!run->arguments->quiet)
        dg_message_warning("%s", text);
}

/* The output's number `index`. */
static demgrad_band band_of(const dg_arguments *a, int index) {
    demgrad_band band = {0};
    dg_band_find(dg_output_bands(&a->raster)[index], &band);
    return band;
}

static void report_output(dg_json *json, const gradient_run *run) {
    dg_json_open(json, "output", '{');
    dg_json_string(json, "path", run->arguments->output);
    dg_json_integer(json, "width", run->report.input.output_window[2]);
    dg_json_integer(json, "height", run->report.input.output_window[3]);
    dg_json_open(json, "bands", '[');
    for (int i = 0; i < run->report.band_count; i++) {
        const demgrad_band_statistics *band = &run->report.bands[i];
        dg_json_open(json, NULL, '{');
        dg_json_string(json, "name", band_of(run->arguments, i).description);
        dg_json_number(json, "min", band->min);
        dg_json_number(json, "max", band->max);
        dg_json_number(json, "mean", band->mean);
        dg_json_number(json, "deviation", band->deviation);
        dg_json_integer(json, "valid", band->valid);
        dg_json_close(json, '}');
    }
    dg_json_close(json, ']');
    dg_json_close(json, '}');
}

static void report_input(dg_json *json, const gradient_run *run) {
    dg_json_open(json, "inputs", '[');
    for (size_t i = 0; i < run->arguments->input_count; i++)
        dg_json_string(json, NULL, run->arguments->inputs[i]);
    dg_json_close(json, ']');
    dg_json_open(json, "assumed", '{');
    dg_describe_json(json, &run->report.input);
    dg_json_close(json, '}');
}

static void report_all(dg_json *json, const void *user) {
    const gradient_run *run = user;
    report_input(json, run);
    dg_report_options(json, &run->arguments->raster);
    report_output(json, run);
    dg_json_string(json, "kernel", run->report.kernel);
    dg_json_seconds(json, "elapsed_s", dg_progress_elapsed(&run->progress));
}

/* Whether the output holds what a picture is made of; else it is of the inputs once more. */
static bool draws_output(const dg_arguments *a) {
    const char *const *bands = dg_output_bands(&a->raster);
    bool has_x = false, has_y = false;
    for (int i = 0; bands[i]; i++) {
        has_x |= strcmp(bands[i], "dzdx") == 0;
        has_y |= strcmp(bands[i], "dzdy") == 0;
    }
    return has_x && has_y;
}

static int check_picture(dg_arguments *a) {
    if (!a->picture || !dg_output_window_is_given(&a->raster) || draws_output(a))
        return dg_picture_check(a);
    dg_message_error(
        "%s: a part's picture is drawn of its output, which then needs both dzdx and dzdy "
        "(--bands); nothing was done",
        a->picture);
    return EXIT_FAILED;
}

static int draw_picture(dg_arguments *a) {
    if (draws_output(a))
        return dg_picture_draw(a, &a->output, 1);
    return dg_picture_draw(a, (const char *const *)a->inputs, a->input_count);
}

/* "dz/dx -0.5 to 0.25 m/m" */
static int write_band(const gradient_run *run, int index, char *text, size_t size) {
    const demgrad_band_statistics *figures = &run->report.bands[index];
    const demgrad_band band = band_of(run->arguments, index);
    if (figures->valid == 0)
        return snprintf(text, size, "%s has no valid pixel", band.description);
    return snprintf(text, size, "%s %.4g to %.4g%s%s", band.description, figures->min, figures->max,
                    *band.unit ? " " : "", band.unit);
}

/* The one line that a run ends with. */
static void tell_end(const gradient_run *run) {
    const int *window = run->report.input.output_window;
    char bands[DEMGRAD_MESSAGE_SIZE / 2] = "", time[DG_TIME_SIZE];
    for (int i = 0; i < run->report.band_count; i++) {
        const size_t length = strlen(bands);
        if (length + 3 < sizeof bands) {
            strcat(bands, i > 0 ? ", " : "");
            write_band(run, i, bands + strlen(bands), sizeof bands - strlen(bands));
        }
    }
    dg_progress_time(&run->progress, time);
    dg_message_tell("%s: %d x %d pixels; %s; %s", run->arguments->output, window[2], window[3],
                    bands, time);
}

static int finish(gradient_run *run, demgrad_status status, const demgrad_error *error) {
    dg_progress_end(&run->progress);
    if (status && dg_interrupt_signal())
        return dg_interrupt_end();
    if (status) {
        dg_message_error("%s", error->message);
        return dg_arguments_exit_code(status);
    }
    const int drawn = draw_picture(run->arguments);
    const int reported = dg_report_write(run->arguments, report_all, run, run->warnings);
    if (dg_arguments_want_end(run->arguments))
        tell_end(run);
    return drawn ? drawn : reported;
}

int dg_command_gradient(dg_arguments *a) {
    gradient_run run = {.arguments = a};
    const int refused = check_picture(a);
    if (refused || !dg_report_is_possible(a))
        return refused ? refused : EXIT_FAILED;
    a->raster.cpu = CPLGetConfigOption("DEMGRAD_CPU", NULL);
    a->raster.warning = warn;
    a->raster.warning_user = &run;
    a->raster.progress = dg_progress_tell;
    a->raster.progress_user = &run.progress;
    dg_progress_start(&run.progress, a->progress, a->quiet || dg_report_is_stdout(a));
    demgrad_error error;
    const bool is_told = a->report || dg_arguments_want_end(a);
    const demgrad_status status =
        demgrad_raster_gradient((const char *const *)a->inputs, a->input_count, a->output,
                                &a->raster, is_told ? &run.report : NULL, &error);
    const int exit_code = finish(&run, status, &error);
    CSLDestroy(run.warnings);
    return exit_code;
}
