/* The command `demgrad`. */
#include "commands.h"
#include "interrupt.h"
#include "message.h"
#include "streams.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_usage(FILE *file) {
    fprintf(file, "usage: demgrad gradient [options] INPUT... OUTPUT\n"
                  "       demgrad batch [options] --output-dir DIR INPUT...\n"
                  "       demgrad info [options] INPUT...\n"
                  "       demgrad preview [options] INPUT... OUT.png\n"
                  "       demgrad --version\n\n"
                  "The gradient of elevation rasters, in metres of rise per metre on the ground.\n"
                  "demgrad COMMAND --help lists the options.\n");
}

/* What GDAL says outside the calls that collect it would only hide the line that matters. */
static void CPL_STDCALL drop_message(CPLErr level, CPLErrorNum number, const char *text) {
    if (level == CE_Debug)
        CPLDefaultErrorHandler(level, number, text);
}

static void start_gdal(const dg_arguments *arguments) {
    CPLSetErrorHandler(drop_message);
    /* Among thousands of tiles, listing the folder for each one's sidecars costs more than reading
     * it; GDAL then asks for the names that it would look for. */
    if (!CPLGetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", NULL))
        CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "TRUE");
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

static int run_command(int argc, char **argv, dg_command command) {
    dg_arguments arguments;
    dg_interrupt_tell_command(command);
    int exit_code = dg_arguments_read(argc, argv, command, &arguments);
    if (!exit_code && arguments.help) {
        dg_arguments_help(command);
    } else if (!exit_code) {
        start_gdal(&arguments);
        exit_code = command == DG_INFO      ? dg_command_info(&arguments)
                    : command == DG_PREVIEW ? dg_command_preview(&arguments)
                    : command == DG_BATCH   ? dg_command_batch(&arguments)
                                            : dg_command_gradient(&arguments);
    }
    dg_arguments_free(&arguments);
    return exit_code;
}

static int run(int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "gradient") == 0)
        return run_command(argc - 1, argv + 1, DG_GRADIENT);
    if (strcmp(word, "batch") == 0)
        return run_command(argc - 1, argv + 1, DG_BATCH);
    if (strcmp(word, "preview") == 0)
        return run_command(argc - 1, argv + 1, DG_PREVIEW);
    if (strcmp(word, "info") == 0)
        return run_command(argc - 1, argv + 1, DG_INFO);
    if (strcmp(word, "--version") == 0) {
        printf("demgrad %s, GDAL %s\n", demgrad_version(), GDALVersionInfo("RELEASE_NAME"));
        return EXIT_DONE;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    if (*word)
        dg_message_error("%s: is no command; the commands are gradient, batch, info and preview",
                         word);
    else
        print_usage(stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv) {
    if (!dg_streams_open())
        return EXIT_FAILED;
    dg_interrupt_watch();
    return leave(dg_streams_finish(run(argc, argv)));
}
