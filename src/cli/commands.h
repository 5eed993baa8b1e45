/* The commands; each returns the exit status. */
#ifndef DG_COMMANDS_H
#define DG_COMMANDS_H

#include "arguments.h"

int dg_command_gradient(dg_arguments *arguments);
int dg_command_batch(dg_arguments *arguments);
int dg_command_preview(dg_arguments *arguments);
int dg_command_info(dg_arguments *arguments);

#endif
