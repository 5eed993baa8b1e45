#include "moves.h"

#include "path.h"
#include "place.h"

#include <cpl_vsi.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct move {
    char *from, *to;
};

bool dg_moves_is_taken(const char *path) {
    struct stat found;
    VSIStatBufL found_there;
    return dg_path_is_virtual(path) ? VSIStatExL(path, &found_there, VSI_STAT_EXISTS_FLAG) == 0
                                    : lstat(path, &found) == 0;
}

/* In memory nothing else is at work under such a name. */
static int place_new(const char *from, const char *to) {
    if (!dg_path_is_virtual(to))
        return dg_place_new(from, to);
    if (dg_moves_is_taken(to))
        return EEXIST;
    return VSIRename(from, to) == 0 ? 0 : EIO;
}

int dg_moves_add(dg_moves *moves, const char *from, const char *to) {
    struct move *list = realloc(moves->list, (moves->count + 1) * sizeof *list);
    if (!list)
        return ENOMEM;
    moves->list = list;
    struct move *m = &list[moves->count];
    *m = (struct move){strdup(from), strdup(to)};
    const int reason = m->from && m->to ? place_new(from, to) : ENOMEM;
    moves->count++;
    if (!reason)
        return 0;
    moves->count--;
    moves->failed = m->to;
    free(m->from);
    return reason;
}

void dg_moves_undo(dg_moves *moves) {
    for (size_t i = moves->count; i-- > 0;)
        place_new(moves->list[i].to, moves->list[i].from);
    dg_moves_keep(moves);
}

void dg_moves_keep(dg_moves *moves) {
    for (size_t i = 0; i < moves->count; i++) {
        free(moves->list[i].from);
        free(moves->list[i].to);
    }
    free(moves->list);
    free(moves->failed);
    *moves = (dg_moves){0};
}
