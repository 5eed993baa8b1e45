/* The options: names, help, and what each sets. */
#ifndef DG_OPTION_TABLE_H
#define DG_OPTION_TABLE_H

#include "arguments.h"

typedef struct dg_option {
    const char *name;     /* without "--" */
    char letter;          /* or 0 */
    const char *argument; /* its name in the help; NULL: a flag */
    int commands;         /* set of dg_command */
    const char *help;     /* NULL: another name of the option before */
    /* Returns NULL, or what is wrong with the value ("it must be ..."). */
    const char *(*set)(dg_arguments *arguments, const char *value);
} dg_option;

extern const dg_option dg_options[];
extern const int dg_option_count;

#endif
