#include "usage_json.h"

#include "command_table.h"
#include "json.h"
#include "option_table.h"

#include <math.h>
#include <string.h>

static const char *const KINDS[] = {
    [DG_OPTION_FLAG] = "flag",      [DG_OPTION_INTEGER] = "integer",
    [DG_OPTION_NUMBER] = "number",  [DG_OPTION_TEXT] = "text",
    [DG_OPTION_UNIT] = "text",      [DG_OPTION_CHOICE] = "choice",
    [DG_OPTION_NAME] = "choice",    [DG_OPTION_NAMES] = "list",
    [DG_OPTION_TEXTS] = "text",     [DG_OPTION_SETTINGS] = "setting",
    [DG_OPTION_THREADS] = "text",   [DG_OPTION_MEMORY] = "text",
    [DG_OPTION_DISTANCES] = "text", [DG_OPTION_COORDINATES] = "file",
    [DG_OPTION_NUMBERS] = "text",   [DG_OPTION_WINDOW] = "text",
    [DG_OPTION_BOX] = "text",       [DG_OPTION_CALL] = "text",
};

static void describe_commands(dg_json *j, int commands) {
    const dg_command_row *row;
    dg_json_open(j, "commands", '[');
    for (size_t i = 0; (row = dg_command_at(i)); i++) {
        if (commands & (int)row->command)
            dg_json_string(j, NULL, row->name);
    }
    dg_json_close(j, ']');
}

static void describe_choices(dg_json *j, const dg_option *o) {
    if (!dg_option_choice(o, 0))
        return;
    dg_json_open(j, "choices", '[');
    for (size_t i = 0; dg_option_choice(o, i); i++)
        dg_json_string(j, NULL, dg_option_choice(o, i));
    dg_json_close(j, ']');
}

/* Numbers without a limit have none here either. */
static void describe_range(dg_json *j, const dg_option *o) {
    if (o->kind != DG_OPTION_INTEGER && o->kind != DG_OPTION_NUMBER)
        return;
    const double limit = o->kind == DG_OPTION_INTEGER ? 2147483647.0 : 1e300;
    dg_json_number(j, "min", fabs(o->least) < limit && !isnan(o->most) ? o->least : (double)NAN);
    dg_json_number(j, "max", fabs(o->most) < limit ? o->most : (double)NAN);
}

/* The default as it would be given; null where giving none is something else than giving any. */
static void describe_default(dg_json *j, const dg_option *o, const void *options) {
    char text[256] = "";
    const bool is_usual_a_value = dg_option_is_list(o) || dg_option_choice(o, 0);
    if (o->usual && is_usual_a_value)
        snprintf(text, sizeof text, "%s", o->usual);
    else if (!o->usual && o->value)
        dg_option_text(o, options, text, sizeof text);
    dg_json_string(j, "default", *text ? text : NULL);
}

static void describe_option(dg_json *j, const dg_option *o, const void *options) {
    const char letter[] = {o->letter, '\0'};
    dg_json_open(j, NULL, '{');
    dg_json_string(j, "name", o->name);
    dg_json_string(j, "letter", o->letter ? letter : NULL);
    describe_commands(j, o->commands);
    dg_json_string(j, "group", dg_option_group_name(o->group));
    dg_json_bool(j, "is_common", o->is_common);
    dg_json_bool(j, "is_for_lines", o->is_for_lines);
    dg_json_string(j, "kind", KINDS[o->kind]);
    dg_json_string(j, "argument", o->value);
    dg_json_bool(j, "is_repeatable", o->kind == DG_OPTION_TEXTS || o->kind == DG_OPTION_SETTINGS);
    describe_choices(j, o);
    describe_range(j, o);
    describe_default(j, o, options);
    dg_json_string(j, "help", o->help);
    dg_json_close(j, '}');
}

static void describe_options(dg_json *j) {
    dg_arguments usual;
    const dg_option *o;
    void *options;
    dg_arguments_init(dg_command_row_of(DG_GRADIENT), &usual);
    dg_json_open(j, "options", '[');
    for (size_t i = 0; (o = dg_option_at(i, &usual, &options)); i++)
        describe_option(j, o, options);
    dg_json_close(j, ']');
}

static void describe_command_rows(dg_json *j) {
    const dg_command_row *row;
    dg_json_open(j, "commands", '[');
    for (size_t i = 0; (row = dg_command_at(i)); i++) {
        dg_json_open(j, NULL, '{');
        dg_json_string(j, "name", row->name);
        dg_json_string(j, "usage", row->usage);
        dg_json_string(j, "summary", row->summary);
        dg_json_string(j, "about", row->about);
        dg_json_open(j, "examples", '[');
        for (int example = 0; example < DG_EXAMPLES; example++)
            dg_json_string(j, NULL, row->examples[example]);
        dg_json_close(j, ']');
        dg_json_close(j, '}');
    }
    dg_json_close(j, ']');
}

static void describe_bands(dg_json *j) {
    demgrad_band band;
    dg_json_open(j, "bands", '[');
    for (size_t i = 0; demgrad_band_at(i, &band); i++) {
        dg_json_open(j, NULL, '{');
        dg_json_string(j, "name", band.name);
        dg_json_string(j, "description", band.description);
        dg_json_string(j, "unit", band.unit);
        dg_json_number(j, "min", band.min);
        dg_json_number(j, "max", band.max);
        dg_json_close(j, '}');
    }
    dg_json_close(j, ']');
}

static void describe_methods(dg_json *j) {
    demgrad_method method;
    dg_json_open(j, "methods", '[');
    for (size_t i = 0; demgrad_method_at(i, &method); i++) {
        dg_json_open(j, NULL, '{');
        dg_json_string(j, "name", method.name);
        dg_json_string(j, "help", method.help);
        dg_json_bool(j, "has_window", method.has_window);
        dg_json_close(j, '}');
    }
    dg_json_close(j, ']');
}

static void describe_ramps(dg_json *j) {
    demgrad_ramp ramp;
    dg_json_open(j, "ramps", '[');
    for (size_t i = 0; demgrad_ramp_at(i, &ramp); i++) {
        dg_json_open(j, NULL, '{');
        dg_json_string(j, "name", ramp.name);
        dg_json_open(j, "colours", '[');
        for (int c = 0; c < DEMGRAD_RAMP_COLOURS; c++)
            dg_json_string(j, NULL, ramp.colours[c]);
        dg_json_close(j, ']');
        dg_json_close(j, '}');
    }
    dg_json_close(j, ']');
}

void dg_usage_json(void) {
    dg_json json = {.file = stdout};
    dg_json_open(&json, NULL, '{');
    dg_json_string(&json, "program", "demgrad");
    dg_json_string(&json, "version", demgrad_version());
    describe_command_rows(&json);
    describe_options(&json);
    describe_bands(&json);
    describe_methods(&json);
    describe_ramps(&json);
    dg_json_close(&json, '}');
}
