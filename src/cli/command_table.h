/* The commands: a row each. Their help, the description for other programs and the completions read it. */
#ifndef DG_COMMAND_TABLE_H
#define DG_COMMAND_TABLE_H

#include "arguments.h"

enum { DG_EXAMPLES = 3 };

struct dg_command_row {
    const char *name;
    dg_command command;
    const char *usage;   /* what follows the name; lines for other ways of using it */
    const char *summary; /* one line */
    const char *about;   /* what it does, in full */
    const char *examples[DG_EXAMPLES];
    int (*run)(dg_arguments *arguments);
    const char *bands; /* that it writes unless --bands says otherwise; NULL: the usual ones */
    const char *first; /* options that the help begins with, with a space around each */
};

/* The row number `index`; NULL beyond the last. */
const dg_command_row *dg_command_at(size_t index);

const dg_command_row *dg_command_row_of(dg_command command);

/* NULL where there is no such command. */
const dg_command_row *dg_command_find(const char *name);

/* Prints the command's help: with all its options, or the first ones, on a screen. */
void dg_help_command(const dg_command_row *row, bool has_all);

#endif
