/* The command line, read into plain fields. */
#ifndef DG_ARGUMENTS_H
#define DG_ARGUMENTS_H

#include "message.h"
#include "option.h"

#include <demgrad/batch.h>
#include <demgrad/preview.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_SIGNAL = 128 };

typedef enum dg_progress_form {
    DG_PROGRESS_AUTO,
    DG_PROGRESS_BAR,
    DG_PROGRESS_GDAL,
    DG_PROGRESS_JSON,
    DG_PROGRESS_NONE
} dg_progress_form;

/* How a terminal shows a picture. */
typedef enum dg_terminal {
    DG_TERMINAL_AUTO,
    DG_TERMINAL_BLOCKS, /* half blocks of text */
    DG_TERMINAL_SIXEL,
    DG_TERMINAL_KITTY,
} dg_terminal;

typedef struct dg_command_row dg_command_row;

typedef struct dg_arguments {
    dg_command command;
    const char *name;  /* as the user typed it, of several that are one command */
    char **translated; /* words in place of other programs' */
    demgrad_raster_options raster;
    demgrad_batch_options batch;     /* its `raster` is set from the above when it is used */
    demgrad_preview_options preview; /* likewise */
    bool is_terminal;                /* a preview goes to the terminal */
    dg_terminal terminal;
    bool verify;
    char **inputs;       /* the array is these arguments', its names are not */
    char **named_inputs; /* by options */
    size_t input_count;
    char **also_read, **also_written; /* what the raster options of these names point at */
    const char *output;
    const char *report;
    bool report_exists;  /* before the work */
    const char *picture; /* drawn with the run */
    bool json, quiet, help;
    dg_progress_form progress;
    dg_message_form errors;
} dg_arguments;

/* All options of a command at their defaults. */
void dg_arguments_init(const dg_command_row *row, dg_arguments *arguments);

/* Reads what follows argv[0], the command's name. On wrong usage says so on stderr and returns
 * EXIT_USAGE; 0 else. `--config` takes effect at once. The arguments are to be freed either way. */
int dg_arguments_read(int argc, char **argv, const dg_command_row *row, dg_arguments *arguments);
void dg_arguments_free(dg_arguments *arguments);

/* Whether a run ends with a line of text: who takes lines of JSON alone gets no other. */
bool dg_arguments_want_end(const dg_arguments *arguments);

/* The exit code of a failure. */
int dg_arguments_exit_code(demgrad_status status);

#endif
