/* The options of the command line: those of the runs, and its own. */
#ifndef DG_OPTION_TABLE_H
#define DG_OPTION_TABLE_H

#include "arguments.h"
#include "option.h"

/* Each option of the command in the order of the help, from index 0; NULL beyond the last. *options is the
 * struct that its field is in. */
const dg_option *dg_option_at(size_t index, dg_arguments *arguments, void **options);

/* The option's default as people read it, in a command: "" where it has none, or it is a flag. */
void dg_option_usual(const dg_option *option, const void *options, const dg_command_row *row,
                     char *text, size_t size);

/* "also --NAME, --NAME": the option's other names, to be freed with CPLFree; NULL: it has none. */
char *dg_option_also(const dg_option *option);

#endif
