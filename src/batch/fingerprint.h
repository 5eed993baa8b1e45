/* What an output was made from; private to batch. */
#ifndef DG_FINGERPRINT_H
#define DG_FINGERPRINT_H

#include "marks.h"
#include "pieces.h"

enum { DG_FINGERPRINT_SIZE = 80 };

/* Fills `text` with all that can change a piece's bytes: OPTIONS-INPUTS-NAME, hashes in hexadecimal
 * digits of the options, of how its input is cut and of the version; of the inputs that it takes pixels
 * from (their files and places, the grid); and of the output's name. */
void dg_fingerprint(const dg_pieces *pieces, const dg_piece *piece, const size_t *tiles,
                    size_t count, const demgrad_batch_options *options,
                    char text[DG_FINGERPRINT_SIZE]);

/* Marks that pixels of a neighbour are not in the output. */
void dg_fingerprint_mark_incomplete(char text[DG_FINGERPRINT_SIZE]);

/* What is found, compared with what is expected: DEMGRAD_PIECE_KEPT where they are the same. */
demgrad_piece_state dg_fingerprint_compare(const char *found, const char *expected);

/* Whether it was made for an output of this name: a copy under another one is the user's. */
bool dg_fingerprint_is_of(const char *found, const char *output);

#endif
