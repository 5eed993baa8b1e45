#include "tile_index.h"

#include "memory.h"

#include <stdlib.h>

/* An interval tree over the rows of each grid's tiles: sorted by their first rows, the middle of each range
 * is the root of the two halves beside it. */
typedef struct entry {
    size_t common;
    dg_window window;
    int last_end; /* the largest end of the rows of the range that this one is the middle of */
    size_t tile;
} entry;

struct dg_tile_index {
    entry *entries; /* of one grid after the other */
    size_t begin[]; /* [grid]: its first entry; and the end of all */
};

static int compare_rows(const void *a, const void *b) {
    const entry *p = a, *q = b;
    if (p->common != q->common)
        return p->common < q->common ? -1 : 1;
    return p->window.row < q->window.row ? -1 : p->window.row > q->window.row;
}

static int set_ends(entry *entries, size_t count) {
    if (count == 0)
        return 0;
    entry *middle = &entries[count / 2];
    const int above = set_ends(entries, count / 2);
    const int below = set_ends(middle + 1, count - count / 2 - 1);
    middle->last_end = middle->window.row + middle->window.height;
    middle->last_end = above > middle->last_end ? above : middle->last_end;
    middle->last_end = below > middle->last_end ? below : middle->last_end;
    return middle->last_end;
}

static size_t add_entries(const dg_inputs *inputs, entry *entries) {
    size_t count = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const dg_input t = dg_inputs_get(inputs, i);
        if (t.on_grid)
            entries[count++] = (entry){t.common, t.window, 0, i};
    }
    qsort(entries, count, sizeof *entries, compare_rows);
    return count;
}

dg_tile_index *dg_tile_index_new(const dg_inputs *inputs, demgrad_error *error) {
    dg_tile_index *index = dg_alloc(
        1, sizeof *index + (inputs->grid_count + 1) * sizeof *index->begin, "the tiles", error);
    if (!index)
        return NULL;
    index->entries = dg_alloc(inputs->count, sizeof *index->entries, "the tiles", error);
    if (!index->entries) {
        free(index);
        return NULL;
    }
    const size_t count = add_entries(inputs, index->entries);
    for (size_t i = 0, grid = 0; grid <= inputs->grid_count; grid++) {
        while (i < count && index->entries[i].common < grid)
            i++;
        index->begin[grid] = i;
    }
    for (size_t grid = 0; grid < inputs->grid_count; grid++)
        set_ends(index->entries + index->begin[grid], index->begin[grid + 1] - index->begin[grid]);
    return index;
}

void dg_tile_index_free(dg_tile_index *index) {
    if (index)
        free(index->entries);
    free(index);
}

static void find(const entry *entries, size_t count, dg_window w, size_t *tiles, size_t *found) {
    if (count == 0 || entries[count / 2].last_end <= w.row)
        return;
    const entry *middle = &entries[count / 2];
    find(entries, count / 2, w, tiles, found);
    if (middle->window.row >= w.row + w.height)
        return;
    if (dg_windows_overlap(middle->window, w)) {
        if (tiles)
            tiles[*found] = middle->tile;
        ++*found;
    }
    find(middle + 1, count - count / 2 - 1, w, tiles, found);
}

size_t dg_tile_index_find(const dg_tile_index *index, size_t common, dg_window window,
                          size_t *tiles) {
    const size_t *begin = &index->begin[common];
    size_t found = 0;
    find(index->entries + begin[0], begin[1] - begin[0], window, tiles, &found);
    return found;
}

static int compare_tiles(const void *a, const void *b) {
    const size_t t = *(const size_t *)a, u = *(const size_t *)b;
    return t < u ? -1 : t > u;
}

size_t dg_tiles_sort(size_t *tiles, size_t count) {
    size_t kept = 0;
    qsort(tiles, count, sizeof *tiles, compare_tiles);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || tiles[i] != tiles[kept - 1])
            tiles[kept++] = tiles[i];
    }
    return kept;
}
