#include "arguments.h"

#include "command_table.h"
#include "message.h"
#include "option_read.h"
#include "option_table.h"

#include <assert.h>
#include <cpl_conv.h>
#include <cpl_string.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { MOST_OPTIONS = 128 };

/* getopt's tables of the command's options; a long option's value is its index from 256 on. */
typedef struct tables {
    struct option longs[2 * MOST_OPTIONS + 1];
    char shorts[2 * MOST_OPTIONS + 2];
    bool is_given[MOST_OPTIONS];
} tables;

static void make_tables(dg_arguments *a, tables *t) {
    const dg_option *o;
    void *options;
    int n = 0, letters = 0;
    t->shorts[letters++] = ':';
    for (size_t i = 0; (o = dg_option_at(i, a, &options)); i++) {
        assert(i < MOST_OPTIONS);
        if (!(o->commands & (int)a->command))
            continue;
        const int has_argument = o->value ? required_argument : no_argument;
        t->longs[n++] = (struct option){o->name, has_argument, NULL, 256 + (int)i};
        if (o->alias)
            t->longs[n++] = (struct option){o->alias, has_argument, NULL, 256 + (int)i};
        if (o->letter) {
            t->shorts[letters++] = o->letter;
            if (o->value)
                t->shorts[letters++] = ':';
        }
    }
}

/* The index of the option that getopt found. */
static size_t find_option(int code, dg_arguments *a) {
    void *options;
    size_t index = code >= 256 ? (size_t)code - 256 : 0;
    while (code < 256 && dg_option_at(index, a, &options)->letter != code)
        index++;
    return index;
}

static int wrong_usage(dg_command command, const char *what, const char *why) {
    dg_message_error("%s: %s; see demgrad help %s", what, why, dg_command_row_of(command)->name);
    return EXIT_USAGE;
}

/* The option given before that `o` cannot be given with, or NULL. */
static const char *find_excluded(const dg_option *o, const tables *t, dg_arguments *a) {
    const dg_option *other;
    void *options;
    for (size_t i = 0; (other = dg_option_at(i, a, &options)); i++) {
        if (t->is_given[i] && ((o->excludes && strcmp(o->excludes, other->name) == 0) ||
                               (other->excludes && strcmp(other->excludes, o->name) == 0)))
            return other->name;
    }
    return NULL;
}

static int read_option(int code, const char *value, tables *t, dg_arguments *a) {
    const size_t index = find_option(code, a);
    void *options;
    const dg_option *o = dg_option_at(index, a, &options);
    const char *excluded = find_excluded(o, t, a);
    const char *wrong = excluded ? CPLSPrintf("--%s is given too; leave one out", excluded)
                                 : dg_option_read(o, options, value);
    t->is_given[index] = true;
    return wrong
               ? wrong_usage(a->command, CPLSPrintf("--%s %s", o->name, value ? value : ""), wrong)
               : 0;
}

static int read_options(int argc, char **argv, dg_arguments *a) {
    tables *t = CPLCalloc(1, sizeof *t);
    make_tables(a, t);
    opterr = 0;
    optind = 1;
    int exit_code = 0;
    for (int code;
         !exit_code && (code = getopt_long(argc, argv, t->shorts, t->longs, NULL)) != -1;) {
        if (code == '?') {
            const char letter[] = {'-', (char)optopt, '\0'};
            const bool is_letter = optopt > 0 && optopt < 256;
            exit_code = wrong_usage(a->command, is_letter ? letter : argv[optind - 1],
                                    "is no option of this command");
        } else if (code == ':') {
            exit_code = wrong_usage(a->command, argv[optind - 1], "needs a value");
        } else {
            exit_code = read_option(code, optarg, t, a);
        }
    }
    CPLFree(t);
    return exit_code;
}

static int read_names(int count, char **names, dg_arguments *a) {
    const int outputs =
        a->command == DG_GRADIENT || (a->command == DG_PREVIEW && !a->is_terminal) ? 1 : 0;
    if (count < 1 + outputs)
        return wrong_usage(a->command, count == 0 ? "INPUT" : "OUTPUT", "is missing");
    a->inputs = names;
    a->input_count = (size_t)(count - outputs);
    a->output = outputs ? names[count - 1] : NULL;
    if (a->command == DG_BATCH && !a->batch.output_dir)
        return wrong_usage(a->command, "--output-dir", "is missing");
    if (a->batch.overlap > 0 && a->batch.tile_width == 0)
        return wrong_usage(a->command, "--overlap", "goes with --tile only");
    return 0;
}

void dg_arguments_init(dg_command command, dg_arguments *arguments) {
    *arguments = (dg_arguments){.command = command};
    demgrad_raster_options_init(&arguments->raster);
    demgrad_batch_options_init(&arguments->batch);
    demgrad_preview_options_init(&arguments->preview);
}

int dg_arguments_read(int argc, char **argv, dg_command command, dg_arguments *arguments) {
    dg_arguments *a = arguments;
    dg_arguments_init(command, a);
    int exit_code = read_options(argc, argv, a);
    if (!exit_code && !a->help)
        exit_code = read_names(argc - optind, argv + optind, a);
    if (a->raster.spacing_x > 0 || a->raster.x_coords || a->raster.y_coords)
        a->raster.metric = DEMGRAD_METRIC_SPACING;
    return exit_code;
}

void dg_arguments_free(dg_arguments *arguments) {
    const dg_option *o;
    void *options;
    for (size_t i = 0; (o = dg_option_at(i, arguments, &options)); i++)
        dg_option_free(o, options);
}
