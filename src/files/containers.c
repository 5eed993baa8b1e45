#include "containers.h"

#include "file_kind.h"
#include "holds_raster.h"
#include "path.h"
#include "real_path.h"

#include <cpl_port.h>
#include <stdlib.h>
#include <string.h>

static void add_places(dg_list *places, const dg_list *paths) {
    for (size_t i = 0; i < paths->count; i++) {
        char *place = dg_real_path(paths->items[i]);
        dg_list_add(places, place);
        free(place);
    }
}

/* Not one of the headers and metadata that lie beside a raster. */
static bool has_pixels(const char *path) {
    const char *name = dg_path_name(path), *ending = strrchr(name, '.');
    const dg_file_kind kind = dg_file_kind_of(name);
    return kind == DG_FILE_RASTER || kind == DG_FILE_TEXT || (ending && EQUAL(ending, ".vrt"));
}

static void sort_one(const char *path, const dg_list *there, dg_list *taken, dg_list *partial) {
    dg_list parts = dg_raster_places(path);
    char *own = dg_real_path(path);
    size_t known = 0, unknown = 0;
    for (size_t i = 0; i < parts.count && own; i++) {
        const bool is_own = strcmp(parts.items[i], own) == 0;
        const bool is_there = dg_list_has_sorted(there, parts.items[i]);
        known += !is_own && is_there;
        unknown += !is_own && !is_there && has_pixels(parts.items[i]);
    }
    taken->is_short |= !own || parts.is_short;
    if (known == 0)
        dg_list_add(taken, path);
    else if (unknown > 0)
        dg_list_add(partial, dg_path_name(path));
    free(own);
    dg_list_free(&parts);
}

void dg_containers_sort_out(const dg_list *containers, const dg_list *known, dg_list *taken,
                            dg_list *partial) {
    if (containers->count == 0)
        return;
    dg_list there = {0};
    add_places(&there, known);
    add_places(&there, containers);
    dg_texts_sort(there.items, there.count);
    taken->is_short |= there.is_short;
    for (size_t i = 0; i < containers->count; i++)
        sort_one(containers->items[i], &there, taken, partial);
    dg_list_free(&there);
}
