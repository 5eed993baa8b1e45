#include "arguments.h"
#include "option_table.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdio.h>
#include <string.h>

static const char *const GROUPS[DG_GROUP_COUNT] = {
    [DG_GROUP_INPUT] = "input", [DG_GROUP_MEANING] = "what the numbers mean",
    [DG_GROUP_BANDS] = "bands", [DG_GROUP_OUTPUT] = "output",
    [DG_GROUP_BATCH] = "batch", [DG_GROUP_PICTURE] = "picture",
    [DG_GROUP_RUN] = "the run"};

/* Where the help of an option begins, and where its lines end. */
enum { INDENT = 33, WIDTH = 96 };

/* Prints words, with breaks where lines would be too long. */
static void print_wrapped(const char *text) {
    int column = INDENT;
    while (*text) {
        const int length = (int)strcspn(text, " ");
        if (column > INDENT && column + 1 + length > WIDTH) {
            printf("\n%*s", INDENT, "");
            column = INDENT;
        }
        column += printf("%s%.*s", column > INDENT ? " " : "", length, text);
        text += length + (text[length] == ' ');
    }
    putchar('\n');
}

/* What the option is for, its choices, and its default in brackets. */
static char *describe(const dg_option *o, const void *options) {
    char *text = CPLStrdup(o->help), usual[256] = "";
    for (size_t i = 0; dg_option_choice(o, i); i++) {
        char *longer =
            CPLStrdup(CPLSPrintf("%s%s %s", text, i > 0 ? "," : ":", dg_option_choice(o, i)));
        CPLFree(text);
        text = longer;
    }
    if (o->usual)
        snprintf(usual, sizeof usual, "%s", o->usual);
    else if (o->value)
        dg_option_text(o, options, usual, sizeof usual);
    char *whole = CPLStrdup(*usual ? CPLSPrintf("%s (%s)", text, usual) : text);
    CPLFree(text);
    return whole;
}

static void print_option(const dg_option *o, const void *options) {
    char names[64], *text = describe(o, options);
    snprintf(names, sizeof names, "%s%c%s--%s%s%s", o->letter ? "-" : "  ",
             o->letter ? o->letter : ' ', o->letter ? ", " : " ", o->name, o->value ? " " : "",
             o->value ? o->value : "");
    printf("  %-*s ", INDENT - 3, names);
    print_wrapped(text);
    CPLFree(text);
}

static void print_group(dg_option_group group, dg_arguments *a) {
    const dg_option *o;
    void *options;
    bool is_first = true;
    for (size_t i = 0; (o = dg_option_at(i, a, &options)); i++) {
        if (o->group != group || !(o->commands & (int)a->command))
            continue;
        if (is_first)
            printf("\n%s:\n", GROUPS[group]);
        is_first = false;
        print_option(o, options);
    }
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
    dg_arguments usual;
    dg_arguments_init(command, &usual);
    printf("%s\nOptions, with their defaults in brackets.\n", introduction(command));
    for (int group = 0; group < DG_GROUP_COUNT; group++)
        print_group((dg_option_group)group, &usual);
    if (command != DG_INFO)
        printf("\nexit status: 0 done, 1 failed, 2 wrong usage, 128+n ended by signal n\n");
}
