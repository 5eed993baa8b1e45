#include "orphans.h"

#include "fingerprint.h"

#include "memory.h"
#include "path.h"
#include "writer.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED = 3 };

/* A search of the outputs' folder. */
typedef struct search {
    const dg_batch *batch;
    demgrad_batch_result *result;
    const char **wanted; /* the pieces' names, sorted */
    size_t count;
    dg_list orphans; /* names */
} search;

bool dg_orphans_is_output_name(const char *name) {
    static const char mark[] = "_gradient";
    const char *found = strstr(name, mark);
    const char end = found ? found[strlen(mark)] : 'x';
    return end == '\0' || end == '.';
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static demgrad_status sort_wanted(search *s, demgrad_error *error) {
    const dg_pieces *pieces = s->batch->pieces;
    s->wanted = dg_alloc(pieces->count + 1, sizeof *s->wanted, "the outputs", error);
    if (!s->wanted)
        return DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < pieces->count; i++)
        s->wanted[s->count++] = dg_path_name(pieces->list[i].output);
    qsort(s->wanted, s->count, sizeof *s->wanted, compare_names);
    return DEMGRAD_OK;
}

/* Whether what has the name is a batch's, and was made under it. */
static demgrad_status is_own(const char *path, bool *is, demgrad_error *error) {
    char item[DG_FINGERPRINT_SIZE];
    const demgrad_status status =
        dg_output_look(path, DG_FINGERPRINT_KEY, NULL, item, sizeof item, NULL, error);
    *is = !status && dg_fingerprint_is_of(item, path);
    return status;
}

static demgrad_status look_at(search *s, const char *name, demgrad_error *error) {
    bool is = false;
    if (!dg_orphans_is_output_name(name) ||
        bsearch(&name, s->wanted, s->count, sizeof *s->wanted, compare_names))
        return DEMGRAD_OK;
    char *path = dg_path_join(s->batch->options->output_dir, name);
    const char *used = NULL;
    demgrad_status status = path ? dg_file_set_find(s->batch->in_use, path, &used, error)
                                 : dg_fail_memory(error, "an output's name");
    if (!status && !used)
        status = is_own(path, &is, error);
    if (is)
        dg_list_add(&s->orphans, name);
    free(path);
    return status;
}

static demgrad_status search_folder(search *s, demgrad_error *error) {
    char **names = VSIReadDir(s->batch->options->output_dir);
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; names && names[i] && !status; i++)
        status = look_at(s, names[i], error);
    CSLDestroy(names);
    if (!status)
        status = dg_list_check(&s->orphans, error);
    if (s->orphans.count > 0)
        qsort(s->orphans.items, s->orphans.count, sizeof *s->orphans.items, compare_names);
    return status;
}

static demgrad_status tell(search *s, const char *name, demgrad_error *error) {
    const dg_batch *b = s->batch;
    char *path = dg_path_join(b->options->output_dir, name);
    demgrad_status status = path ? DEMGRAD_OK : dg_fail_memory(error, "an output's name");
    if (!status && b->options->prune)
        status = dg_writer_remove(path, b->in_use, error);
    if (!status)
        dg_batch_tell_orphan(b, path, s->result);
    free(path);
    return status;
}

static void warn(const search *s) {
    const dg_list *orphans = &s->orphans;
    char named[DEMGRAD_MESSAGE_SIZE / 2] = "", more[64] = "";
    for (size_t i = 0, used = 0; i < orphans->count && i < NAMED && used < sizeof named; i++)
        used += (size_t)snprintf(named + used, sizeof named - used, "%s%s", i > 0 ? ", " : "",
                                 orphans->items[i]);
    if (orphans->count > NAMED)
        snprintf(more, sizeof more, " and %zu more", orphans->count - NAMED);
    dg_warn(&s->batch->messages,
            "%s: no input of this batch has these outputs of an earlier one: %s%s%s",
            s->batch->options->output_dir, named, more,
            s->batch->options->prune ? "; they are removed" : "; --prune removes them");
}

static demgrad_status run(search *s, demgrad_error *error) {
    demgrad_status status = sort_wanted(s, error);
    if (!status)
        status = search_folder(s, error);
    if (!status && s->orphans.count > 0)
        warn(s);
    for (size_t i = 0; i < s->orphans.count && !status; i++)
        status = tell(s, s->orphans.items[i], error);
    return status;
}

/* Of an input that is cut into pieces and cannot be opened, nobody knows how many it has. */
static bool knows_all(const dg_batch *b) {
    bool knows = true;
    for (size_t i = 0; i < b->catalog->count && b->options->tile_width > 0; i++)
        knows &= b->catalog->tiles[i].info.grid.width > 0;
    return knows;
}

demgrad_status dg_orphans_tell(const dg_batch *batch, demgrad_batch_result *result,
                               demgrad_error *error) {
    search s = {.batch = batch, .result = result};
    if (batch->options->part_index > 0 || !knows_all(batch))
        return DEMGRAD_OK;
    const demgrad_status status = run(&s, error);
    dg_list_free(&s.orphans);
    free(s.wanted);
    return status;
}
