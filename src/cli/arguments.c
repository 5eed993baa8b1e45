#include "arguments.h"

#include "message.h"
#include "option_table.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char *command_name(dg_command command) {
    return command == DG_INFO      ? "info"
           : command == DG_BATCH   ? "batch"
           : command == DG_PREVIEW ? "preview"
                                   : "gradient";
}

/* getopt's tables of the command's options; a long option's value is its index from 256 on. */
static void make_tables(dg_command command, struct option *longs, char *shorts) {
    int n = 0;
    *shorts++ = ':';
    for (int i = 0; i < dg_option_count; i++) {
        const dg_option *o = &dg_options[i];
        if (!(o->commands & (int)command))
            continue;
        const int has_argument = o->argument ? required_argument : no_argument;
        longs[n++] = (struct option){o->name, has_argument, NULL, 256 + i};
        if (o->letter) {
            *shorts++ = o->letter;
            if (o->argument)
                *shorts++ = ':';
        }
    }
    longs[n] = (struct option){0};
    *shorts = '\0';
}

static const dg_option *find_option(int code) {
    if (code >= 256)
        return &dg_options[code - 256];
    for (int i = 0; i < dg_option_count; i++) {
        if (dg_options[i].letter == code)
            return &dg_options[i];
    }
    return NULL;
}

static int wrong_usage(dg_command command, const char *what, const char *why) {
    dg_message_error("%s: %s; see demgrad %s --help", what, why, command_name(command));
    return EXIT_USAGE;
}

static int read_options(int argc, char **argv, dg_arguments *a) {
    struct option *longs = CPLCalloc((size_t)dg_option_count + 1, sizeof *longs);
    char *shorts = CPLCalloc((size_t)dg_option_count + 1, 2);
    make_tables(a->command, longs, shorts);
    opterr = 0;
    optind = 1;
    int exit_code = 0;
    for (int code; !exit_code && (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (code == '?') {
            const char letter[] = {'-', (char)optopt, '\0'};
            const bool is_letter = optopt > 0 && optopt < 256;
            exit_code = wrong_usage(a->command, is_letter ? letter : argv[optind - 1],
                                    "is no option of this command");
        } else if (code == ':') {
            exit_code = wrong_usage(a->command, argv[optind - 1], "needs a value");
        } else {
            const dg_option *o = find_option(code);
            const char *wrong = o->set(a, optarg);
            if (wrong)
                exit_code = wrong_usage(
                    a->command, CPLSPrintf("--%s %s", o->name, optarg ? optarg : ""), wrong);
        }
    }
    CPLFree(longs);
    CPLFree(shorts);
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

int dg_arguments_read(int argc, char **argv, dg_command command, dg_arguments *arguments) {
    dg_arguments *a = arguments;
    *a = (dg_arguments){.command = command};
    demgrad_raster_options_init(&a->raster);
    demgrad_batch_options_init(&a->batch);
    demgrad_preview_options_init(&a->preview);
    int exit_code = read_options(argc, argv, a);
    if (!exit_code && !a->help)
        exit_code = read_names(argc - optind, argv + optind, a);
    a->raster.open_options = (const char *const *)a->open_options;
    a->raster.creation_options = (const char *const *)a->creation_options;
    a->raster.input_drivers = (const char *const *)a->drivers;
    a->raster.bands = (const char *const *)a->bands;
    a->batch.include = (const char *const *)a->include;
    a->batch.exclude = (const char *const *)a->exclude;
    return exit_code;
}

void dg_arguments_free(dg_arguments *arguments) {
    CSLDestroy(arguments->open_options);
    CSLDestroy(arguments->creation_options);
    CSLDestroy(arguments->drivers);
    CSLDestroy(arguments->bands);
    CSLDestroy(arguments->include);
    CSLDestroy(arguments->exclude);
    CPLFree(arguments->x_coords);
    CPLFree(arguments->y_coords);
}

static void print_option(const dg_option *o) {
    char names[64];
    snprintf(names, sizeof names, "%s%c%s--%s%s%s", o->letter ? "-" : "  ",
             o->letter ? o->letter : ' ', o->letter ? ", " : " ", o->name, o->argument ? " " : "",
             o->argument ? o->argument : "");
    printf("  %-30s %s\n", names, o->help);
}

static const char *introduction(dg_command command) {
    if (command == DG_INFO)
        return "usage: demgrad info [options] INPUT...\n\n"
               "Says what a run of demgrad gradient would assume of its input.\n";
    if (command == DG_PREVIEW)
        return "usage: demgrad preview [options] INPUT... OUT.png|.svg|.pdf|.jpg\n"
               "       demgrad preview --terminal auto [options] INPUT...\n\n"
               "Draws a picture of a DEM, of several that are one mosaic, of a gradient that "
               "demgrad\n"
               "wrote, or of a batch's folder.\n";
    if (command == DG_BATCH)
        return "usage: demgrad batch [options] --output-dir DIR INPUT...\n\n"
               "Writes the gradient of each input to DIR/NAME_gradient.tif, without seams between\n"
               "them. An input is a raster, a folder, @LIST (a text file of names), or a tile "
               "index.\n"
               "Outputs that are there and up to date are kept.\n";
    return "usage: demgrad gradient [options] INPUT... OUTPUT\n\n"
           "Writes dz/dx and dz/dy of elevation rasters, in metres of rise per metre travelled\n"
           "on the ground. Several inputs on one grid are one mosaic, later ones on top.\n";
}

void dg_arguments_help(dg_command command) {
    printf("%s\noptions (defaults in brackets):\n", introduction(command));
    for (int i = 0; i < dg_option_count; i++) {
        if (dg_options[i].help && (dg_options[i].commands & (int)command))
            print_option(&dg_options[i]);
    }
    if (command != DG_INFO)
        printf("\nexit status: 0 done, 1 failed, 2 wrong usage, 128+n ended by signal n\n");
}
