/* Moves of files that can be undone until they are kept; of the system's files and of /vsimem/. Private to
 * files. */
#ifndef DG_MOVES_H
#define DG_MOVES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct dg_moves {
    struct move *list;
    size_t count;
    char *failed; /* the name that could not be given, or NULL */
} dg_moves;

/* Whether something, be it a link to nothing, has the name. */
bool dg_moves_is_taken(const char *path);

/* Gives `from` the name `to`, which nothing may have; 0 or an errno. */
int dg_moves_add(dg_moves *moves, const char *from, const char *to);

/* Moves all back, the last first. */
void dg_moves_undo(dg_moves *moves);

/* Lets them be, and frees what was kept of them. */
void dg_moves_keep(dg_moves *moves);

#endif
