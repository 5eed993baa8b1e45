#include "arguments.h"

#include "command_table.h"
#include "foreign.h"
#include "names.h"
#include "option_read.h"
#include "option_table.h"
#include "raster_options.h"
#include "refuse.h"
#include "report.h"
#include "setup.h"
#include "suggest.h"

#include <assert.h>
#include <cpl_conv.h>
#include <cpl_string.h>
#include <float.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_OPTIONS = 128, MOST_NAMES = 4 * MOST_OPTIONS };

/* getopt's tables of the command's options; a long option's value is its index from 256 on. */
typedef struct tables {
    struct option longs[MOST_NAMES + 1];
    char shorts[2 * MOST_OPTIONS + 2];
    bool is_given[MOST_OPTIONS];
    char **aliases; /* each by itself */
} tables;

static void add_aliases(const dg_option *o, int has_argument, int code, tables *t, int *n) {
    char **words = CSLTokenizeString2(o->alias ? o->alias : "", " ", 0);
    for (int i = 0; words[i]; i++) {
        t->aliases = CSLAddString(t->aliases, words[i]);
        t->longs[(*n)++] =
            (struct option){t->aliases[CSLCount(t->aliases) - 1], has_argument, NULL, code};
    }
    CSLDestroy(words);
}

static void make_tables(dg_arguments *a, tables *t) {
    const dg_option *o;
    void *options;
    int n = 0, letters = 0;
    t->shorts[letters++] = ':';
    for (size_t i = 0; (o = dg_option_at(i, a, &options)); i++) {
        assert(i < MOST_OPTIONS && n < MOST_NAMES - 8);
        if (!(o->commands & (int)a->command))
            continue;
        const int has_argument = o->value ? required_argument : no_argument;
        t->longs[n++] = (struct option){o->name, has_argument, NULL, 256 + (int)i};
        add_aliases(o, has_argument, 256 + (int)i, t, &n);
        if (o->letter) {
            t->shorts[letters++] = o->letter;
            if (o->value)
                t->shorts[letters++] = ':';
        }
    }
}

/* The index of the option that getopt found. */
static size_t find_option(int code, dg_arguments *a) {
    const dg_option *o;
    void *options;
    size_t index = code >= 256 ? (size_t)code - 256 : 0;
    while (code < 256 && (o = dg_option_at(index, a, &options)) &&
           !(o->letter == code && (o->commands & (int)a->command)))
        index++;
    return index;
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

/* The same, or the one that is meant where the value is a single one. */
static size_t find_meant(size_t index, const char *value, dg_arguments *a) {
    void *options;
    const char *of_one = dg_option_at(index, a, &options)->of_one;
    if (!of_one || strchr(value, ','))
        return index;
    const dg_option *o;
    for (index = 0; (o = dg_option_at(index, a, &options)) && strcmp(o->name, of_one) != 0;)
        index++;
    assert(o);
    return index;
}

static int read_option(int code, const char *value, tables *t, dg_arguments *a) {
    const size_t index = find_meant(find_option(code, a), value, a);
    void *options;
    const dg_option *o = dg_option_at(index, a, &options);
    const char *excluded = find_excluded(o, t, a);
    const char *wrong = excluded ? CPLSPrintf("--%s is given too; leave one out", excluded)
                                 : dg_option_read(o, options, value);
    t->is_given[index] = true;
    if (o->kind == DG_OPTION_COORDINATES)
        a->also_read = CSLAddString(a->also_read, value);
    const char *given = !value ? "" : *value ? value : "''";
    return wrong ? dg_refuse(a, CPLSPrintf("--%s %s", o->name, given), wrong) : 0;
}

static const char *long_name(size_t index, void *longs) {
    return ((const struct option *)longs)[index].name;
}

/* What is wrong with a word that getopt does not know: it is the beginning of several options, or of
 * none. */
static int fail_for_option(const char *word, const tables *t, const dg_arguments *a) {
    const char *name = word + strspn(word, "-");
    const int length = (int)strcspn(name, "=");
    char *stem = CPLStrdup(CPLSPrintf("%.*s", length, name)), *fits = CPLStrdup("");
    int count = 0;
    for (int i = 0; t->longs[i].name; i++) {
        if (length == 0 || strncmp(t->longs[i].name, stem, (size_t)length) != 0)
            continue;
        char *more =
            CPLStrdup(CPLSPrintf("%s%s--%s", fits, count++ > 0 ? ", " : "", t->longs[i].name));
        CPLFree(fits);
        fits = more;
    }
    const char *meant = dg_suggest(stem, long_name, (void *)t->longs);
    const char *why = "is no option of this command";
    if (count > 1)
        why = CPLSPrintf("fits %s", fits);
    else if (meant)
        why = CPLSPrintf("is no option of this command; did you mean --%s?", meant);
    const int exit_code = dg_refuse(a, word, why);
    CPLFree(stem);
    CPLFree(fits);
    return exit_code;
}

/* Whether the word before is an option whose value this one is. */
static bool is_value(const char *before, const tables *t) {
    if (strncmp(before, "--", 2) == 0) {
        for (int i = 0; t->longs[i].name; i++) {
            if (strcmp(t->longs[i].name, before + 2) == 0)
                return t->longs[i].has_arg == required_argument;
        }
        return false;
    }
    for (int i = 1; *before == '-' && before[i]; i++) {
        const char *letter = strchr(t->shorts, before[i]);
        if (letter && letter[1] == ':')
            return !before[i + 1]; /* else the value is the rest of the word */
    }
    return false;
}

/* Of a letter in a word of several, which a long option with one hyphen may be. */
static int fail_for_letter(int letter, char **argv, const tables *t, const dg_arguments *a) {
    const char *before = argv[optind - 1];
    const bool is_last =
        before[0] == '-' && before[1] != '-' && before[strlen(before) - 1] == letter;
    const char *word = is_last ? before : argv[optind];
    const char *meant = strlen(word) > 2 ? dg_suggest(word + 1, long_name, (void *)t->longs) : NULL;
    const char *why = "is no option of this command";
    return dg_refuse(a, word, meant ? CPLSPrintf("%s; did you mean --%s?", why, meant) : why);
}

/* Whether the word is a long option of the command, or the beginning of one. */
static bool is_own(const char *word, const tables *t) {
    const size_t length = strcspn(word, "=");
    bool is_found = false;
    for (int i = 0; length > 2 && strncmp(word, "--", 2) == 0 && t->longs[i].name; i++)
        is_found |= strncmp(t->longs[i].name, word + 2, length - 2) == 0;
    return is_found;
}

/* Two hyphens where there is one before a long name; and -f=VALUE as -fVALUE. NULL: it is neither. */
static char *spell(const char *word, const tables *t) {
    const size_t length = strcspn(word + (*word != '\0'), "=");
    if (word[0] != '-' || word[1] == '-' || length == 0)
        return NULL;
    if (length == 1) {
        const char *letter = strchr(t->shorts, word[1]);
        const bool has_value = word[2] == '=' && word[3] && letter && letter[1] == ':';
        return has_value ? CPLStrdup(CPLSPrintf("-%c%s", word[1], word + 3)) : NULL;
    }
    for (int i = 0; t->longs[i].name; i++) {
        if (strlen(t->longs[i].name) == length && strncmp(t->longs[i].name, word + 1, length) == 0)
            return CPLStrdup(CPLSPrintf("-%s", word));
    }
    return NULL;
}

/* Puts demgrad's words in the place of other programs'. */
static int translate(int argc, char **argv, const tables *t, dg_arguments *a) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *instead;
        if ((i > 1 && is_value(argv[i - 1], t)) || is_own(argv[i], t))
            continue;
        char *word = spell(argv[i], t);
        instead = NULL;
        if (!word)
            word = dg_foreign_word(argv[i], &instead);
        if (instead)
            return dg_refuse(a, argv[i], instead);
        if (word) {
            a->translated = CSLAddString(a->translated, word);
            CPLFree(word);
            argv[i] = a->translated[CSLCount(a->translated) - 1];
        }
    }
    return 0;
}

/* getopt says in optopt which option has no value. */
static int fail_for_value(const char *word, dg_arguments *a) {
    void *options;
    const char *demand = dg_option_demand(dg_option_at(find_option(optopt, a), a, &options));
    return dg_refuse(a, word, CPLSPrintf("needs a value%s%s", *demand ? ": " : "", demand));
}

/* Where errors go, and in which form, holds for what is wrong with any word, also an earlier one. */
static void look_ahead(int argc, char **argv, const tables *t, dg_arguments *a) {
    static const char *const names[] = {"errors", "json", "report"};
    char **words = CPLCalloc((size_t)argc + 1, sizeof *words); /* getopt moves them about */
    memcpy(words, argv, (size_t)argc * sizeof *words);
    optind = 0;
    for (int code; (code = getopt_long(argc, words, t->shorts, t->longs, NULL)) != -1;) {
        void *options;
        const dg_option *o =
            code == '?' || code == ':' ? NULL : dg_option_at(find_option(code, a), a, &options);
        for (size_t i = 0; o && i < sizeof names / sizeof *names; i++) {
            if (strcmp(o->name, names[i]) == 0)
                dg_option_read(o, options, optarg);
        }
    }
    dg_message_set_form(a->errors);
    CPLFree(words);
}

/* Of options that another one leaves without effect. */
static void warn_of_idle_options(const tables *t, dg_arguments *a) {
    const dg_option *o;
    void *options;
    for (size_t i = 0; (o = dg_option_at(i, a, &options)); i++) {
        const bool may_be = t->is_given[i] && o->idle && (a->command & DG_WRITING) && !a->quiet;
        const char *why = may_be ? o->idle(options) : NULL;
        if (why)
            dg_message_warning("--%s: changes nothing, %s", o->name, why);
    }
}

static int read_options(int argc, char **argv, dg_arguments *a) {
    tables *t = CPLCalloc(1, sizeof *t);
    make_tables(a, t);
    opterr = 0;
    look_ahead(argc, argv, t, a);
    optind = 0;
    int exit_code = translate(argc, argv, t, a);
    for (int code;
         !exit_code && (code = getopt_long(argc, argv, t->shorts, t->longs, NULL)) != -1;) {
        if (code == '?') {
            exit_code = optopt > 0 && optopt < 256 ? fail_for_letter(optopt, argv, t, a)
                                                   : fail_for_option(argv[optind - 1], t, a);
        } else if (code == ':') {
            exit_code = fail_for_value(argv[optind - 1], a);
        } else {
            exit_code = read_option(code, optarg, t, a);
        }
    }
    dg_raster_options_settle(&a->raster);
    if (!exit_code && !a->help)
        warn_of_idle_options(t, a);
    CSLDestroy(t->aliases);
    CPLFree(t);
    return exit_code;
}

/* What the output's type cannot hold would be infinite there. */
static int check_nodata(const dg_arguments *a) {
    const demgrad_raster_options *o = &a->raster;
    if (o->type != DEMGRAD_FLOAT32 || !isfinite(o->nodata) || fabs(o->nodata) <= (double)FLT_MAX)
        return 0;
    return dg_refuse(a, CPLSPrintf("--nodata %g", o->nodata),
                     "Float32 cannot hold it; take another value, or --ot Float64");
}

/* What no input could make right is wrong usage too. */
static int check_together(const dg_arguments *a) {
    demgrad_error problem;
    if (!dg_setup_check(&a->raster, &problem))
        return 0;
    dg_message_error("%s; see demgrad help %s", problem.message, a->name);
    return EXIT_USAGE;
}

void dg_arguments_init(const dg_command_row *row, dg_arguments *arguments) {
    *arguments = (dg_arguments){.command = row->command, .name = row->name};
    demgrad_raster_options_init(&arguments->raster);
    demgrad_batch_options_init(&arguments->batch);
    demgrad_preview_options_init(&arguments->preview);
}

int dg_arguments_read(int argc, char **argv, const dg_command_row *row, dg_arguments *arguments) {
    dg_arguments *a = arguments;
    dg_arguments_init(row, a);
    if (row->bands)
        dg_option_read(dg_raster_option("bands"), &a->raster, row->bands);
    int exit_code = read_options(argc, argv, a);
    if (!exit_code && !a->help)
        exit_code = dg_names_read(argc - optind, argv + optind, a);
    if (!exit_code && !a->help)
        exit_code = check_nodata(a);
    if (!exit_code && !a->help)
        exit_code = check_together(a);
    dg_names_list(a);
    return exit_code;
}

void dg_arguments_free(dg_arguments *arguments) {
    const dg_option *o;
    void *options;
    for (size_t i = 0; (o = dg_option_at(i, arguments, &options)); i++)
        dg_option_free(o, options);
    CSLDestroy(arguments->translated);
    CSLDestroy(arguments->also_read);
    CSLDestroy(arguments->also_written);
    CPLFree(arguments->inputs);
}

bool dg_arguments_want_end(const dg_arguments *a) {
    return !a->quiet && (a->progress != DG_PROGRESS_JSON || dg_message_is_json());
}

int dg_arguments_exit_code(demgrad_status status) {
    return status == DEMGRAD_INVALID_OPTION ? EXIT_USAGE : EXIT_FAILED;
}
