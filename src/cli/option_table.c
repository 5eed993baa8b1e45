#include "option_table.h"

#include "command_table.h"
#include "numbers.h"
#include "part.h"
#include "raster_options.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static const char *set_tile(void *arguments, const char *value) {
    dg_arguments *a = arguments;
    int size[2];
    if (!dg_integers_read(value, 'x', 1, INT_MAX, size))
        return "it must be WxH in pixels, such as 2048x2048";
    a->batch.tile_width = size[0];
    a->batch.tile_height = size[1];
    return NULL;
}

static const char *set_part(void *arguments, const char *value) {
    dg_arguments *a = arguments;
    return dg_part_read(value, &a->batch.part_index, &a->batch.part_count);
}

static const char *set_size(void *arguments, const char *value) {
    dg_arguments *a = arguments;
    static const char wrong[] = "it must be WIDTHxHEIGHT or WIDTH in pixels";
    char **parts = CSLTokenizeString2(value, "x", CSLT_ALLOWEMPTYTOKENS);
    const int count = CSLCount(parts);
    bool is_right =
        (count == 1 || count == 2) && dg_integer_read(parts[0], 1, INT_MAX, &a->preview.width);
    is_right =
        is_right && (count == 1 || dg_integer_read(parts[1], 1, INT_MAX, &a->preview.height));
    CSLDestroy(parts);
    return is_right ? NULL : wrong;
}

static const char *set_range(void *arguments, const char *value) {
    dg_arguments *a = arguments;
    char **parts = CSLTokenizeString2(value, ",", CSLT_ALLOWEMPTYTOKENS);
    const bool is_right = CSLCount(parts) == 2 && dg_number_read(parts[0], &a->preview.low) &&
                          dg_number_read(parts[1], &a->preview.high) &&
                          a->preview.low < a->preview.high;
    CSLDestroy(parts);
    return is_right ? NULL : "it must be LOW,HIGH, the lower one first";
}

static const char *set_terminal(void *arguments, const char *value) {
    dg_arguments *a = arguments;
    static const char *const names[] = {"auto", "blocks", "sixel", "kitty", NULL};
    const int found = CSLFindString((CSLConstList)names, value);
    a->is_terminal = true;
    a->terminal = (dg_terminal)(found >= 0 ? found : 0);
    return found >= 0 ? NULL : "it must be auto, blocks, sixel or kitty";
}

static const char *set_config(void *arguments, const char *value) {
    (void)arguments;
    char *key = NULL;
    const char *setting = CPLParseNameValue(value, &key);
    if (key && setting)
        CPLSetConfigOption(key, setting);
    const bool is_right = key && setting;
    CPLFree(key);
    return is_right ? NULL : "it must be KEY=VALUE";
}

/* So that the line of a run, with --verify, says what became of it. */
static const char *idle_prune(const void *arguments) {
    const dg_arguments *a = arguments;
    return a->verify ? "as --verify removes nothing" : NULL;
}

static const char *const STYLES[] = {"relief",  "slope", "aspect", "components",
                                     "quality", "error", NULL};
static const char *const ERROR_FORMS[] = {"text", "json", NULL};
static const char *const PROGRESS_FORMS[] = {"auto", "bar", "gdal", "json", "none", NULL};

#define FIELD(name)    offsetof(dg_arguments, name)
#define CALL(function) DG_OPTION_CALL, 0, .call = function

/* Those that are not in the table of rasters' options. Fields are those of dg_arguments. */
static const dg_option OPTIONS[] = {
    {"input", 'i', NULL, "FILE", DG_ALL, DG_GROUP_INPUT,
     "an input, as those without an option; may be repeated", NULL, DG_OPTION_TEXTS,
     FIELD(named_inputs), .step = 0, .is_for_lines = true},
    {"output", 'o', NULL, "FILE", DG_GRADIENT | DG_PREVIEW, DG_GROUP_OUTPUT,
     "the output, in place of the last name", "", DG_OPTION_TEXT, FIELD(output), .step = 0,
     .is_for_lines = true},
    {"report", 0, NULL, "FILE", DG_WRITING, DG_GROUP_OUTPUT,
     "what was assumed and found, as JSON (-: stdout)", "", DG_OPTION_TEXT, FIELD(report),
     .step = 0, .is_common = true, .is_for_lines = true},
    {"preview", 0, NULL, "FILE", DG_WRITING, DG_GROUP_OUTPUT,
     "draw a picture of the output too: .png, .svg, .pdf, .jpg", "", DG_OPTION_TEXT, FIELD(picture),
     .step = 0, .is_for_lines = true},
    {"json", 0, NULL, NULL, DG_INFO, DG_GROUP_OUTPUT, "answer as JSON", NULL, DG_OPTION_FLAG,
     FIELD(json), .step = 0, .is_common = true, .is_for_lines = true},
    {"output-dir", 'o', "output", "DIR", DG_BATCH, DG_GROUP_BATCH,
     "folder for the outputs; made where missing", "", DG_OPTION_TEXT, FIELD(batch.output_dir),
     .step = 0, .is_common = true, .is_for_lines = true},
    {"include", 0, NULL, "GLOB", DG_BATCH, DG_GROUP_BATCH,
     "just inputs of such a name; may be repeated", NULL, DG_OPTION_TEXTS, FIELD(batch.include),
     .step = 0, .is_common = true},
    {"exclude", 0, NULL, "GLOB", DG_BATCH, DG_GROUP_BATCH,
     "leave out inputs of such a name; with a slash: of such a path; may be repeated", NULL,
     DG_OPTION_TEXTS, FIELD(batch.exclude), .step = 0},
    {"recursive", 0, NULL, NULL, DG_BATCH, DG_GROUP_BATCH, "search the folders in a folder too",
     NULL, DG_OPTION_FLAG, FIELD(batch.is_recursive), .step = 0},
    {"tile", 0, NULL, "WxH", DG_BATCH, DG_GROUP_BATCH,
     "cut inputs into outputs of this size in pixels", "", CALL(set_tile), .is_common = true},
    {"overlap", 0, NULL, "N", DG_BATCH, DG_GROUP_BATCH,
     "pixels by which such outputs overlap on each side", NULL, DG_OPTION_INTEGER,
     FIELD(batch.overlap), .most = INT_MAX, .must_be = "a number of pixels"},
    {"strict", 0, NULL, NULL, DG_BATCH, DG_GROUP_BATCH,
     "an input off the grid that most share is an error before any work", NULL, DG_OPTION_FLAG,
     FIELD(batch.is_strict), .step = 0},
    {"part", 0, NULL, "I/N", DG_BATCH, DG_GROUP_BATCH,
     "the I-th of N shares, from 0; auto: an array job's", "", CALL(set_part), .is_common = true,
     .is_for_lines = true},
    {"verify", 0, NULL, NULL, DG_BATCH, DG_GROUP_BATCH,
     "just check that all is there, write gradient.vrt", NULL, DG_OPTION_FLAG, FIELD(verify),
     .step = 0, .is_common = true, .is_for_lines = true},
    {"prune", 0, NULL, NULL, DG_BATCH, DG_GROUP_BATCH,
     "remove outputs of earlier batches in DIR whose inputs are gone", NULL, DG_OPTION_FLAG,
     FIELD(batch.prune), .step = 0, .idle = idle_prune},
    {"style", 0, NULL, "NAME", DG_PREVIEW, DG_GROUP_PICTURE, "what the picture shows", NULL,
     DG_OPTION_CHOICE, FIELD(preview.style), .choices = STYLES, .is_common = true},
    {"size", 0, NULL, "WxH|W", DG_PREVIEW, DG_GROUP_PICTURE, "of the picture in pixels",
     "as the map needs", CALL(set_size), .is_common = true},
    {"scale", 0, NULL, "F", DG_PREVIEW, DG_GROUP_PICTURE, "pixels of the file for each of these",
     NULL, DG_OPTION_NUMBER, FIELD(preview.density), .least = 0.1, .most = 10,
     .must_be = "a number from 0.1 to 10"},
    {"range", 0, NULL, "LOW,HIGH", DG_PREVIEW, DG_GROUP_PICTURE,
     "values at the ends of the colours", "found", CALL(set_range), .is_common = true},
    {"ramp", 0, NULL, "NAME|FILE", DG_PREVIEW, DG_GROUP_PICTURE,
     "colours: heat, tint, ice, grey, balance, compass, error, quality, or a file of gdaldem "
     "color-relief's form",
     "the style's own", DG_OPTION_TEXT, FIELD(preview.ramp), .step = 0},
    {"title", 0, NULL, "TEXT", DG_PREVIEW, DG_GROUP_PICTURE, "in place of the input's name", "",
     DG_OPTION_TEXT, FIELD(preview.title), .may_be_empty = true, .is_common = true},
    {"terminal", 0, NULL, "HOW", DG_PREVIEW, DG_GROUP_PICTURE,
     "show the map in the terminal, and write no file: auto, blocks, sixel, kitty", "",
     CALL(set_terminal), .is_for_lines = true},
    {"dark", 0, NULL, NULL, DG_PREVIEW, DG_GROUP_PICTURE, "a dark page", NULL, DG_OPTION_FLAG,
     FIELD(preview.is_dark), .step = 0},
    {"bare", 0, NULL, NULL, DG_PREVIEW, DG_GROUP_PICTURE, "the map alone, with a world file", NULL,
     DG_OPTION_FLAG, FIELD(preview.is_bare), .step = 0, .is_common = true},
    {"progress", 0, NULL, "FORM", DG_COMPUTING, DG_GROUP_RUN,
     "how progress is told; auto: a bar on a terminal, else as GDAL's tools do", NULL,
     DG_OPTION_CHOICE, FIELD(progress), .choices = PROGRESS_FORMS, .is_for_lines = true},
    {"errors", 0, NULL, "FORM", DG_ALL, DG_GROUP_RUN,
     "how errors and warnings are told on stderr; json: an object a line", NULL, DG_OPTION_CHOICE,
     FIELD(errors), .choices = ERROR_FORMS, .is_for_lines = true},
    {"quiet", 'q', NULL, NULL, DG_ALL, DG_GROUP_RUN, "no progress and no warnings", NULL,
     DG_OPTION_FLAG, FIELD(quiet), .step = 0, .is_common = true, .is_for_lines = true},
    {"config", 0, NULL, "K=V", DG_ALL, DG_GROUP_RUN, "GDAL configuration option; may be repeated",
     "", CALL(set_config), .is_for_lines = true},
    {"help", 'h', NULL, NULL, DG_ALL, DG_GROUP_RUN, "show this help", NULL, DG_OPTION_FLAG,
     FIELD(help), .step = 0, .is_common = true, .is_for_lines = true},
};

static const size_t OPTION_COUNT = sizeof OPTIONS / sizeof *OPTIONS;

const dg_option *dg_option_at(size_t index, dg_arguments *arguments, void **options) {
    if (index < dg_raster_option_count) {
        *options = &arguments->raster;
        return &dg_raster_options[index];
    }
    *options = arguments;
    index -= dg_raster_option_count;
    return index < OPTION_COUNT ? &OPTIONS[index] : NULL;
}

void dg_option_usual(const dg_option *o, const void *options, const dg_command_row *row, char *text,
                     size_t size) {
    const bool is_of_row = row->bands && strcmp(o->name, "bands") == 0;
    const char *usual = is_of_row ? row->bands : o->usual;
    *text = '\0';
    if (usual)
        snprintf(text, size, "%s", usual);
    else if (o->value)
        dg_option_text(o, options, text, size);
}

char *dg_option_also(const dg_option *o) {
    char **names = CSLTokenizeString2(o->alias ? o->alias : "", " ", 0);
    char *also = NULL;
    for (int i = 0; names[i]; i++) {
        char *longer =
            CPLStrdup(CPLSPrintf("%s --%s", i > 0 ? CPLSPrintf("%s,", also) : "also", names[i]));
        CPLFree(also);
        also = longer;
    }
    CSLDestroy(names);
    return also;
}
