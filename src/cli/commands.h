/* The commands; each returns the exit status. */
#ifndef DG_COMMANDS_H
#define DG_COMMANDS_H

#include "arguments.h"

int dg_command_gradient(dg_arguments *arguments);
int dg_command_batch(dg_arguments *arguments);
int dg_command_preview(dg_arguments *arguments);
int dg_command_info(dg_arguments *arguments);

/* Pictures that another command draws with its run: whether arguments->picture can be written, says on
 * stderr why not; and draws it, gives the exit code, and says what went wrong. Both do nothing where none
 * is wanted. */
bool dg_picture_is_possible(dg_arguments *arguments);
int dg_picture_draw(dg_arguments *arguments, const char *const *inputs, size_t count);

#endif
