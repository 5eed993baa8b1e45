#include "names.h"

#include "foreign.h"
#include "message.h"
#include "output_bands.h"
#include "refuse.h"
#include "report.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <string.h>

/* Inputs that options named, and then those without one. */
static void gather_inputs(char **names, int count, dg_arguments *a) {
    const int named = CSLCount(a->named_inputs);
    a->inputs = CPLCalloc((size_t)(named + count) + 1, sizeof *a->inputs);
    for (int i = 0; i < named; i++)
        a->inputs[i] = a->named_inputs[i];
    for (int i = 0; i < count; i++)
        a->inputs[named + i] = names[i];
    a->input_count = (size_t)(named + count);
}

static int check_empty(const dg_arguments *a) {
    static const char why[] = "is an empty name, such as a variable that is not set leaves";
    for (size_t i = 0; i < a->input_count; i++) {
        if (a->inputs[i][a->inputs[i][0] == '@'] == '\0')
            return dg_refuse(a, *a->inputs[i] ? "@" : "an input", why);
    }
    return a->output && !*a->output ? dg_refuse(a, "the output", why) : 0;
}

/* GDAL's name for the standard input, where an input is "-". Outputs cannot go to a stream. */
static int check_streams(dg_arguments *a) {
    static char input[] = "/vsistdin/";
    for (size_t i = 0; i < a->input_count; i++) {
        if (strcmp(a->inputs[i], "-") == 0)
            a->inputs[i] = input;
    }
    if (a->batch.output_dir && strncmp(a->batch.output_dir, "/vsimem", 7) == 0)
        return dg_refuse(a, a->batch.output_dir, "would go with the process; name a local folder");
    if (a->batch.output_dir && strcmp(a->batch.output_dir, "-") == 0)
        return dg_refuse(a, "--output-dir -",
                         "is no folder: outputs are written whole and then named; name a folder "
                         "(./- for this one)");
    if (a->output && strcmp(a->output, "-") == 0)
        return dg_refuse(a, "-",
                         "is no file: an output is written whole and then named; give it a name "
                         "(./- for this one)");
    if (a->output && strncmp(a->output, "/vsimem/", 8) == 0)
        return dg_refuse(a, a->output, "would go with the process; name a local file");
    if (dg_report_is_stdout(a) && a->progress == DG_PROGRESS_GDAL)
        return dg_refuse(a, "--report -", "goes to stdout, as --progress gdal does");
    return 0;
}

void dg_names_list(dg_arguments *a) {
    for (size_t i = 0; i < a->input_count; i++)
        a->also_read = CSLAddString(a->also_read, a->inputs[i] + (a->inputs[i][0] == '@'));
    if (a->report && !dg_report_is_stdout(a))
        a->also_written = CSLAddString(a->also_written, a->report);
    if (a->picture)
        a->also_written = CSLAddString(a->also_written, a->picture);
    a->raster.also_read = (const char *const *)a->also_read;
    a->raster.also_written = (const char *const *)a->also_written;
}

/* A picture is no raster of gradients. */
static int check_output(const dg_arguments *a) {
    static const char *const pictures[] = {"png", "svg", "pdf",  "jpg", "jpeg",
                                           "gif", "bmp", "webp", NULL};
    const char *suffix = CPLGetExtension(a->output);
    if (a->raster.format || CSLFindString((CSLConstList)pictures, suffix) < 0)
        return 0;
    return dg_refuse(a, a->output,
                     CPLSPrintf("is a picture by its suffix; type demgrad preview %s %s, or give "
                                "a raster's name, such as %s",
                                a->inputs[0], CPLResetExtension(a->output, "png"),
                                CPLResetExtension(a->output, "tif")));
}

static int check_inputs(const dg_arguments *a) {
    demgrad_band band;
    for (size_t i = 0; i < a->input_count; i++) {
        const char *why = dg_foreign_name(a->inputs[i], dg_band_find(a->inputs[i], &band));
        if (why)
            return dg_refuse(a, a->inputs[i], why);
    }
    return 0;
}

int dg_names_read(int count, char **names, dg_arguments *a) {
    const bool has_output =
        a->command == DG_GRADIENT || (a->command == DG_PREVIEW && !a->is_terminal);
    const int outputs = has_output && !a->output ? 1 : 0;
    if (CSLCount(a->named_inputs) + count < 1 + outputs || count < outputs)
        return dg_refuse(a, count == 0 ? "INPUT" : "OUTPUT", "is missing");
    if (outputs)
        a->output = names[count - 1];
    gather_inputs(names, count - outputs, a);
    int exit_code = check_empty(a);
    if (!exit_code)
        exit_code = check_streams(a);
    if (!exit_code)
        exit_code = check_inputs(a);
    if (!exit_code && a->command == DG_GRADIENT)
        exit_code = check_output(a);
    if (exit_code)
        return exit_code;
    if (a->command == DG_GRADIENT && *a->inputs[0] == '@')
        return dg_refuse(
            a, a->inputs[0],
            "is a list of inputs, which demgrad batch takes, each to an output of its own");
    if (a->command == DG_BATCH && !a->batch.output_dir)
        return dg_refuse(a, "--output-dir", "is missing");
    if (a->batch.overlap > 0 && a->batch.tile_width == 0)
        return dg_refuse(a, "--overlap", "goes with --tile only");
    return 0;
}
