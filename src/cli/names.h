/* The names on a command line: inputs and output. */
#ifndef DG_NAMES_H
#define DG_NAMES_H

#include "arguments.h"

/* Takes what is left beside the options. Returns 0 or the exit code. */
int dg_names_read(int count, char **names, dg_arguments *arguments);

/* Tells the library what it cannot know: which files are read here, and which are written when it is done. */
void dg_names_list(dg_arguments *arguments);

#endif
