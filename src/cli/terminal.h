/* Pictures in a terminal. */
#ifndef DG_TERMINAL_H
#define DG_TERMINAL_H

#include "arguments.h"

#include <stdio.h>

/* The way of showing pictures that the terminal at stdout says it knows, where `wanted` leaves it open. */
dg_terminal dg_terminal_choose(dg_terminal wanted);

/* The pixels that fit on its screen, two lines of text aside. */
void dg_terminal_size(dg_terminal terminal, int *width, int *height);

/* Shows an array [height][width][4] of red, green, blue and alpha. False where it cannot be written. */
bool dg_terminal_show(dg_terminal terminal, const unsigned char *pixels, int width, int height,
                      FILE *file);

#endif
