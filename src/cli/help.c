#include "arguments.h"
#include "command_table.h"
#include "option_table.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdio.h>
#include <string.h>

/* Where the help of an option begins, and where its lines end. */
enum { INDENT = 28, WIDTH = 79 };

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

/* `usual` is the default, where it is another one than the option's own. */
static char *describe_with(const dg_option *o, const void *options, const char *usual) {
    dg_option own = *o;
    own.usual = usual ? usual : o->usual;
    return describe(&own, options);
}

static void print_option(const dg_option *o, const void *options, const char *usual) {
    char names[64], *text = describe_with(o, options, usual);
    snprintf(names, sizeof names, "%s%c%s--%s%s%s", o->letter ? "-" : "  ",
             o->letter ? o->letter : ' ', o->letter ? ", " : " ", o->name, o->value ? " " : "",
             o->value ? o->value : "");
    if (strlen(names) > INDENT - 3)
        printf("  %s\n%*s", names, INDENT, "");
    else
        printf("  %-*s ", INDENT - 3, names);
    print_wrapped(text, INDENT);
    CPLFree(text);
}

static bool is_common(const dg_option *o, const dg_command_row *row) {
    return o->is_common || (row->common && strstr(row->common, CPLSPrintf(" %s ", o->name)));
}

/* The group's options: all, or the common ones. */
static void print_group(dg_option_group group, const dg_command_row *row, dg_arguments *a,
                        bool has_all) {
    const dg_option *o;
    void *options;
    bool is_first = true;
    for (size_t i = 0; (o = dg_option_at(i, a, &options)); i++) {
        if (o->group != group || !(o->commands & (int)a->command) ||
            !(has_all || is_common(o, row)))
            continue;
        if (is_first)
            printf("\n%s:\n", dg_option_group_name(group));
        is_first = false;
        print_option(o, options, strcmp(o->name, "bands") == 0 ? row->bands : NULL);
    }
}

static void print_usage(const dg_command_row *row) {
    const char *line = row->usage;
    for (bool is_first = true; *line; is_first = false) {
        const int length = (int)strcspn(line, "\n");
        printf("%s demgrad %s %.*s\n", is_first ? "usage:" : "      ", row->name, length, line);
        line += length + (line[length] == '\n');
    }
    putchar('\n');
    print_wrapped(row->about, 0);
}

void dg_help_command(const dg_command_row *row, bool has_all) {
    dg_arguments usual;
    dg_arguments_init(row->command, &usual);
    print_usage(row);
    printf("\nexamples:\n");
    for (int i = 0; i < DG_EXAMPLES; i++)
        printf("  %s\n", row->examples[i]);
    for (int group = 0; group < DG_GROUP_COUNT; group++)
        print_group((dg_option_group)group, row, &usual, has_all);
    if (!has_all)
        printf("\ndemgrad help %s all lists the other options too.\n", row->name);
    else if (row->command != DG_INFO)
        printf("\nexit status: 0 done, 1 failed, 2 wrong usage, 128+n ended by signal n\n");
}
