/* The command `demgrad`. */
#include "built_from.h"
#include "command_table.h"
#include "complete.h"
#include "foreign.h"
#include "interrupt.h"
#include "json.h"
#include "man.h"
#include "message.h"
#include "report.h"
#include "streams.h"
#include "suggest.h"
#include "usage_json.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal.h>
#include <getopt.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#ifdef DG_HAVE_LIBTIFF
#include <tiffio.h>
#endif
#include <unistd.h>

static void print_usage(FILE *file) {
    const dg_command_row *row;
    fprintf(file,
            "usage: demgrad COMMAND [options] ...\n\n"
            "The gradient of elevation rasters, in metres of rise per metre on the ground.\n\n");
    for (size_t i = 0; (row = dg_command_at(i)); i++)
        fprintf(file, "  %-10s %s\n", row->name, row->summary);
    fprintf(file,
            "\nexamples:\n"
            "  demgrad gradient dem.tif gradient.tif\n"
            "  demgrad slope --bands slope-degrees dem.tif slope.tif\n"
            "  demgrad batch --output-dir gradients tiles/\n"
            "\ndemgrad help COMMAND has its options, demgrad help all those of every command.\n"
            "demgrad --version tells what it is; demgrad --json-usage is for programs.\n");
}

/* What GDAL says outside the calls that collect it would only hide the line that matters. */
static void CPL_STDCALL drop_message(CPLErr level, CPLErrorNum number, const char *text) {
    if (level == CE_Debug)
        CPLDefaultErrorHandler(level, number, text);
}

/* From GDAL 3.7 on, libtiff prints what goes wrong when GDAL flushes its buffers. */
static void quiet_libtiff(void) {
#ifdef DG_HAVE_LIBTIFF
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
#endif
}

/* The C library gives each thread a heap of its own, and what is freed there stays with it: that of eight threads
 * with blocks of 16 MB comes to 100 MB that --memory does not know of. Two can be reckoned with, and threads that
 * take and free small pieces, as GDAL and PROJ do, wait for one another at a single one: a batch of small tiles
 * took twice as long. To be called before there are threads. */
static void share_heaps(void) {
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 2);
#endif
}

static void start_gdal(const dg_arguments *arguments) {
    share_heaps();
    CPLSetErrorHandler(drop_message);
    quiet_libtiff();
    /* Among thousands of tiles, listing the folder for each one's sidecars costs more than reading
     * it; GDAL then asks for the names that it would look for. */
    if (!CPLGetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", NULL))
        CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "TRUE");
    /* The library does so before, and says what is wrong; GDAL parses XML for it with each output. */
    CPLSetConfigOption("GDAL_VALIDATE_CREATION_OPTIONS", "NO");
    GDALAllRegister();
    const int64_t memory = arguments->raster.memory;
    if (!CPLGetConfigOption("GDAL_CACHEMAX", NULL))
        GDALSetCacheMax64(memory / DEMGRAD_CACHE_SHARE);
}

/* Ends the process at once where it may: all files are closed, and what GDAL and its libraries would
 * still tidy up takes 3 ms, a twentieth of what a small raster does. Leak checkers need the long way. */
static int leave(int exit_code) {
    dg_interrupt_leave();
#ifdef __SANITIZE_ADDRESS__
    GDALDestroyDriverManager();
    return exit_code;
#else
    fflush(NULL);
    _exit(exit_code);
#endif
}

static int run_command(int argc, char **argv, const dg_command_row *row) {
    dg_arguments arguments;
    dg_interrupt_tell_command(row->command);
    int exit_code = dg_arguments_read(argc, argv, row, &arguments);
    if (!exit_code && arguments.help) {
        dg_help_command(row, optind < argc && strcmp(argv[optind], "all") == 0);
    } else if (!exit_code) {
        start_gdal(&arguments);
        exit_code = row->run(&arguments);
    }
    if (exit_code && (arguments.json || dg_report_is_stdout(&arguments)))
        dg_json_fail(dg_message_last_error());
    dg_arguments_free(&arguments);
    return exit_code;
}

/* Commands, and then what else may come first. */
static const char *first_word(size_t index, void *user) {
    static const char *const others[] = {"help", "--help", "--version", "--json-usage", NULL};
    size_t commands = 0;
    (void)user;
    while (dg_command_at(commands))
        commands++;
    return index < commands ? dg_command_at(index)->name : others[index - commands];
}

static int fail_for_command(const char *word) {
    const char *meant = dg_suggest(word, first_word, NULL);
    struct stat found;
    const bool is_there = stat(word, &found) == 0;
    if (is_there && S_ISDIR(found.st_mode))
        dg_message_error(
            "%s: is a folder, and a command comes first: demgrad batch --output-dir DIR %s", word,
            word);
    else if (is_there)
        dg_message_error("%s: is a file, and a command comes first: demgrad gradient %s OUTPUT",
                         word, word);
    else if (meant)
        dg_message_error("%s: is no command; did you mean %s?", word, meant);
    else if (dg_foreign_command(word))
        dg_message_error("%s: %s", word, dg_foreign_command(word));
    else
        dg_message_error("%s: is no command; demgrad --help lists them", word);
    return EXIT_USAGE;
}

/* All commands with all options. */
static void show_all(void) {
    const dg_command_row *row;
    print_usage(stdout);
    for (size_t i = 0; (row = dg_command_at(i)); i++) {
        printf("\n\n");
        dg_help_command(row, true);
    }
}

/* demgrad help [--man] [COMMAND [all] | all | help] */
static int show_help(int argc, char **argv) {
    const bool is_man = argc > 1 && strcmp(argv[1], "--man") == 0;
    if (is_man) {
        dg_man_page(argc > 2 ? dg_command_find(argv[2]) : NULL);
        return EXIT_DONE;
    }
    if (argc < 2 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "all") == 0) {
        show_all();
        return EXIT_DONE;
    }
    const dg_command_row *row = dg_command_find(argv[1]);
    if (!row)
        return fail_for_command(argv[1]);
    const bool has_all = argc > 2 && strcmp(argv[2], "all") == 0;
    if (argc > 2 && !has_all) {
        dg_message_error("%s: is not all, the only word that can follow here: demgrad help %s all",
                         argv[2], row->name);
        return EXIT_USAGE;
    }
    dg_help_command(row, has_all);
    return EXIT_DONE;
}

static int show_version(void) {
    printf("demgrad %s, GDAL %s, PROJ %s, built from %s\n", demgrad_version(),
           GDALVersionInfo("RELEASE_NAME"), demgrad_proj_version(), BUILT_FROM);
    return EXIT_DONE;
}

static int run(int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : "";
    const dg_command_row *row = dg_command_find(word);
    if (row)
        return run_command(argc - 1, argv + 1, row);
    if (strcmp(word, "help") == 0)
        return show_help(argc - 1, argv + 1);
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0 || strcmp(word, "version") == 0)
        return show_version();
    if (strcmp(word, "--json-usage") == 0) {
        dg_usage_json();
        return EXIT_DONE;
    }
    if (strcmp(word, "__complete") == 0) {
        dg_complete(argc - 2, argv + 2);
        return EXIT_DONE;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return show_help(argc - 1, argv + 1);
    if (*word)
        return fail_for_command(word);
    print_usage(stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv) {
    if (!dg_streams_open())
        return EXIT_FAILED;
    dg_interrupt_watch();
    return leave(dg_streams_finish(run(argc, argv)));
}
