/* The commands; each returns the exit status. */
#ifndef DG_COMMANDS_H
#define DG_COMMANDS_H

#include "arguments.h"

int dg_command_gradient(dg_arguments *arguments);
int dg_command_batch(dg_arguments *arguments);
int dg_command_preview(dg_arguments *arguments);
int dg_command_info(dg_arguments *arguments);

/* Pictures that another command draws with its run: looks whether arguments->picture can be written; and
 * draws it. Both give the exit code, say what is wrong, and do nothing where no picture is wanted. */
int dg_picture_check(dg_arguments *arguments);
int dg_picture_draw(dg_arguments *arguments, const char *const *inputs, size_t count);

#endif
