/* Wrong usage. */
#ifndef DG_REFUSE_H
#define DG_REFUSE_H

#include "arguments.h"

/* One line of what is wrong with a word; the exit code of wrong usage. */
int dg_refuse(const dg_arguments *arguments, const char *what, const char *why);

#endif
