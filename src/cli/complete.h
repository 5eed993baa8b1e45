/* What may follow on a command line: for the shells' completions. */
#ifndef DG_COMPLETE_H
#define DG_COMPLETE_H

/* Prints, one a line, what the last of `words` may become: they are those after "demgrad". A line of "@files"
 * or "@folders" stands for such names. */
void dg_complete(int count, char **words);

#endif
