#include "man.h"

#include "option_table.h"

#include <cpl_conv.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Text as mdoc takes it: hyphens as they are typed, no escapes, no requests. */
static void print_text(const char *text) {
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            fputs("\\e", stdout);
        else if (*c == '-')
            fputs("\\-", stdout);
        else if ((*c == '.' || *c == '\'') && c == text)
            printf("\\&%c", *c);
        else
            putchar(*c);
    }
}

/* An argument of a macro. Each word by itself, as some of them are names of macros. */
static void print_words(const char *text) {
    for (const char *c = text; *c;) {
        const int length = (int)strcspn(c, " ");
        char word[128];
        snprintf(word, sizeof word, "%.*s", length, c);
        fputs(" ", stdout);
        if (strlen(word) <= 2 || strchr(".,:;()[]?!|", *word))
            fputs("\\&", stdout);
        print_text(word);
        c += length;
        c += strspn(c, " ");
    }
}

/* Words in lines of a page's source: short ones, and each sentence on lines of its own. */
static void print_paragraph(const char *text) {
    enum { WIDTH = 72 };
    int column = 0;
    while (*text) {
        char word[128];
        const int length = (int)strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", length, text);
        if (column > 0 && column + 1 + length > WIDTH) {
            putchar('\n');
            column = 0;
        }
        if (column > 0)
            putchar(' ');
        print_text(word);
        column += length + 1;
        text += length;
        text += strspn(text, " ");
        if (length > 0 && word[strlen(word) - 1] == '.' && *text) {
            putchar('\n');
            column = 0;
        }
    }
    putchar('\n');
}

/* A help text as a sentence. */
static void print_sentence(const char *text) {
    char sentence[1024];
    snprintf(sentence, sizeof sentence, "%c%s.", toupper((unsigned char)*text), text + 1);
    print_paragraph(sentence);
}

static void print_choices(const dg_option *o) {
    char text[512] = "";
    size_t length = 0;
    for (size_t i = 0; dg_option_choice(o, i) && length < sizeof text; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                   i == 0 ? "one of " : ", ", dg_option_choice(o, i));
        if (o->about && length < sizeof text)
            length += (size_t)snprintf(text + length, sizeof text - length, " (%s)", o->about(i));
    }
    if (*text)
        print_sentence(text);
}

static void print_default(const dg_option *o, const void *options, const dg_command_row *row) {
    char usual[256], text[300];
    dg_option_usual(o, options, row, usual, sizeof usual);
    snprintf(text, sizeof text, "the default is %s", usual);
    if (*usual)
        print_sentence(text);
}

static void print_option(const dg_option *o, const void *options, const dg_command_row *row) {
    fputs(".It", stdout);
    if (o->letter)
        printf(" Fl %c ,", o->letter);
    printf(" Fl \\-%s", o->name);
    if (o->value) {
        fputs(" Ar", stdout);
        print_words(o->value);
    }
    putchar('\n');
    print_sentence(o->help);
    print_choices(o);
    print_default(o, options, row);
    char *also = dg_option_also(o);
    if (also)
        print_sentence(also);
    CPLFree(also);
}

static void print_group(dg_option_group group, const dg_command_row *row, dg_arguments *a) {
    const dg_option *o;
    void *options;
    bool is_open = false;
    for (size_t i = 0; (o = dg_option_at(i, a, &options)); i++) {
        if (o->group != group || !(o->commands & (int)a->command))
            continue;
        if (!is_open) {
            fputs(".Ss", stdout);
            char name[64];
            snprintf(name, sizeof name, "%s", dg_option_group_name(group));
            *name = (char)toupper((unsigned char)*name);
            print_words(name);
            puts("\n.Bl -tag -width Ds");
        }
        is_open = true;
        print_option(o, options, row);
    }
    if (is_open)
        puts(".El");
}

/* Today's, or the one that a build is given so that its files are the same on every day. */
static void print_date(void) {
    const char *given = getenv("SOURCE_DATE_EPOCH");
    const time_t seconds = given ? (time_t)strtoll(given, NULL, 10) : time(NULL);
    struct tm day = {.tm_mday = 1};
    char month[32];
    gmtime_r(&seconds, &day);
    strftime(month, sizeof month, "%B", &day);
    printf(".Dd %s %d, %d\n", month, day.tm_mday, day.tm_year + 1900);
}

static void print_head(const char *page, const char *summary) {
    print_date();
    fputs(".Dt ", stdout);
    for (const char *c = page; *c; c++)
        putchar(toupper((unsigned char)*c));
    printf(" 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd ", page);
    print_paragraph(summary);
}

static void print_synopsis(const dg_command_row *row) {
    puts(".Sh SYNOPSIS");
    for (const char *line = row->usage; *line;) {
        char usage[256];
        const int length = (int)strcspn(line, "\n");
        snprintf(usage, sizeof usage, "%.*s", length, line);
        printf(".Nm demgrad Cm %s\n", row->name);
        print_paragraph(usage);
        line += length + (line[length] == '\n');
        if (*line)
            puts(".br");
    }
}

static void print_examples(const dg_command_row *row) {
    puts(".Sh EXAMPLES\n.Bd -literal");
    for (int i = 0; i < DG_EXAMPLES; i++)
        print_paragraph(row->examples[i]);
    puts(".Ed");
}

static void print_end(void) {
    puts(".Sh EXIT STATUS\n0 done, 1 failed, 2 wrong usage, 128+n ended by signal n.\n"
         "Errors and warnings are lines on stderr;\nan error names the file and the way out.");
}

/* The command whose name comes next in the alphabet; NULL: none. */
static const dg_command_row *next_by_name(const char *name) {
    const dg_command_row *row, *next = NULL;
    for (size_t i = 0; (row = dg_command_at(i)); i++) {
        if (strcmp(row->name, name) > 0 && (!next || strcmp(row->name, next->name) < 0))
            next = row;
    }
    return next;
}

/* The other pages: `own` is a command's row, or NULL for the program. */
static void print_see_also(const dg_command_row *own) {
    const char *between = "";
    puts(".Sh SEE ALSO");
    if (own) {
        fputs(".Xr demgrad 1", stdout);
        between = " ,\n";
    }
    for (const dg_command_row *row = next_by_name(""); row; row = next_by_name(row->name)) {
        if (row == own)
            continue;
        printf("%s.Xr demgrad\\-%s 1", between, row->name);
        between = " ,\n";
    }
    puts(own ? "" : " ,\n.Xr gdal 1 ,\n.Xr gdaldem 1");
}

static void print_command(const dg_command_row *row) {
    char page[64];
    dg_arguments usual;
    dg_arguments_init(row, &usual);
    snprintf(page, sizeof page, "demgrad-%s", row->name);
    print_head(page, row->summary);
    print_synopsis(row);
    puts(".Sh DESCRIPTION");
    print_paragraph(row->about);
    for (int group = 0; group < DG_GROUP_COUNT; group++)
        print_group((dg_option_group)group, row, &usual);
    print_end();
    print_examples(row);
    print_see_also(row);
}

static void print_program(void) {
    const dg_command_row *row;
    print_head("demgrad", "the gradient of elevation rasters");
    puts(".Sh SYNOPSIS\n.Nm demgrad\n.Ar command\n.Op Ar options\n.Ar ...\n.Sh DESCRIPTION\n"
         "dz/dx and dz/dy of elevation rasters, in metres of rise per metre travelled on the "
         "ground, "
         "and what\ncomes of them.\nThe commands are\n.Bl -tag -width preview");
    for (size_t i = 0; (row = dg_command_at(i)); i++) {
        printf(".It Cm %s\n", row->name);
        print_paragraph(row->summary);
    }
    puts(".El");
    print_end();
    print_see_also(NULL);
}

void dg_man_page(const dg_command_row *row) {
    if (row)
        print_command(row);
    else
        print_program();
}
