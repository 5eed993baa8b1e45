/* Manual pages, in mdoc. */
#ifndef DG_MAN_H
#define DG_MAN_H

#include "command_table.h"

/* Prints the page of a command to stdout; NULL: that of demgrad itself. */
void dg_man_page(const dg_command_row *row);

#endif
