#include "arguments.h"
#include "command_table.h"
#include "option_table.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 79 }; /* of the lines */

/* Where an option's names and its help begin. */
typedef struct layout {
    int names, help;
} layout;

static const layout WHOLE = {2, 28};
/* The groups' names stand beside the options: 24 rows. */
static const layout SCREEN = {9, 29};

/* Prints words from column `indent` on, with breaks where lines would be too long. */
static void print_wrapped(const char *text, int indent) {
    int column = indent;
    while (*text) {
        const int length = (int)strcspn(text, " ");
        if (column > indent && column + 1 + length > WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        column += printf("%s%.*s", column > indent ? " " : "", length, text);
        text += length + (text[length] == ' ');
    }
    putchar('\n');
}

/* What the option is for, its choices, and its default in brackets. */
static char *describe(const dg_option *o, const void *options, const dg_command_row *row) {
    char *text = CPLStrdup(o->help), usual[256];
    for (size_t i = 0; dg_option_choice(o, i); i++) {
        char *longer =
            CPLStrdup(CPLSPrintf("%s%s %s", text, i > 0 ? "," : ":", dg_option_choice(o, i)));
        CPLFree(text);
        text = longer;
    }
    dg_option_usual(o, options, row, usual, sizeof usual);
    char *whole = CPLStrdup(*usual ? CPLSPrintf("%s (%s)", text, usual) : text);
    CPLFree(text);
    return whole;
}

/* On the screen a long name stands without its letter, or the letter alone, where both have no room. */
static void name_option(const dg_option *o, const layout *l, char *names, size_t size) {
    const char *value = o->value ? o->value : "", *space = o->value ? " " : "";
    const char letter[] = {'-', o->letter ? o->letter : ' ', '\0'};
    if (l == &WHOLE) {
        snprintf(names, size, "%s%s--%s%s%s", o->letter ? letter : "  ", o->letter ? ", " : "  ",
                 o->name, space, value);
        return;
    }
    const int width = l->help - l->names - 1;
    int length = snprintf(names, size, "%s%s--%s%s%s", o->letter ? letter : "",
                          o->letter ? ", " : "", o->name, space, value);
    if (length > width && o->letter)
        length = snprintf(names, size, "--%s%s%s", o->name, space, value);
    if (length > width && o->letter)
        snprintf(names, size, "%s%s%s", letter, space, value);
}

/* What each choice means, where that is more than its name says. */
static void print_choices(const dg_option *o, int indent) {
    for (size_t i = 0; o->about && dg_option_choice(o, i); i++) {
        printf("%*s", indent, "");
        print_wrapped(CPLSPrintf("%s: %s", dg_option_choice(o, i), o->about(i)), indent);
    }
}

static void print_option(const dg_option *o, const layout *l, const void *options,
                         const dg_command_row *row) {
    char names[64], *text = describe(o, options, row);
    char *also = l == &WHOLE ? dg_option_also(o) : NULL;
    if (also) {
        char *longer = CPLStrdup(CPLSPrintf("%s; %s", text, also));
        CPLFree(text);
        text = longer;
    }
    CPLFree(also);
    const int width = l->help - l->names - 1;
    name_option(o, l, names, sizeof names);
    if ((int)strlen(names) > width)
        printf("%s\n%*s", names, l->help, "");
    else
        printf("%-*s ", width, names);
    print_wrapped(text, l->help);
    if (l == &WHOLE)
        print_choices(o, l->help);
    CPLFree(text);
}

static bool is_first(const dg_option *o, const dg_command_row *row) {
    return strstr(row->first, CPLSPrintf(" %s ", o->name)) != NULL;
}

/* The group's options: all, or the first ones. */
static void print_group(dg_option_group group, const layout *l, const dg_command_row *row,
                        dg_arguments *a) {
    const dg_option *o;
    void *options;
    const char *heading = dg_option_group_name(group);
    for (size_t i = 0; (o = dg_option_at(i, a, &options)); i++) {
        if (o->group != group || !(o->commands & (int)a->command) ||
            (l == &SCREEN && !is_first(o, row)))
            continue;
        if (l == &WHOLE && *heading)
            printf("\n%s:\n", heading);
        printf("%-*s", l->names, l == &SCREEN ? heading : "");
        heading = "";
        print_option(o, l, options, row);
    }
}

static void print_usage(const dg_command_row *row) {
    const char *line = row->usage;
    for (bool is_head = true; *line; is_head = false) {
        const int length = (int)strcspn(line, "\n");
        printf("%s demgrad %s %.*s\n", is_head ? "usage:" : "      ", row->name, length, line);
        line += length + (line[length] == '\n');
    }
}

static void print_options(const layout *l, const dg_command_row *row) {
    dg_arguments usual;
    dg_arguments_init(row, &usual);
    for (int group = 0; group < DG_GROUP_COUNT; group++)
        print_group((dg_option_group)group, l, row, &usual);
}

void dg_help_command(const dg_command_row *row, bool has_all) {
    print_usage(row);
    if (has_all)
        putchar('\n');
    print_wrapped(row->about, 0);
    if (has_all)
        printf("\nexamples:\n");
    for (int i = 0; i < DG_EXAMPLES; i++)
        printf("  %s\n", row->examples[i]);
    if (!has_all)
        putchar('\n');
    print_options(has_all ? &WHOLE : &SCREEN, row);
    if (!has_all)
        printf("demgrad help %s all lists the other options too.\n", row->name);
    else if (row->command != DG_INFO)
        printf("\nexit status: 0 done, 1 failed, 2 wrong usage, 128+n ended by signal n\n");
}
