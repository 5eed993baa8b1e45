#include "orphans.h"

#include "fingerprint.h"
#include "origin.h"

#include "memory.h"
#include "output_file.h"
#include "path.h"
#include "real_path.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A search of the outputs' folder. */
typedef struct search {
    const dg_batch *batch;
    demgrad_batch_result *result;
    /* The pieces' names without suffix, sorted: another format's is of the same input. */
    dg_list wanted;
    dg_list inputs;  /* their places, sorted; empty where nothing asked */
    dg_list orphans; /* names */
} search;

bool dg_orphans_is_output_name(const char *name) {
    return strstr(name, "_gradient") != NULL;
}

static void add_stem(dg_list *list, const char *path) {
    char *stem = dg_path_stem(path);
    dg_list_add(list, stem);
    free(stem);
}

static demgrad_status sort_wanted(search *s, demgrad_error *error) {
    const dg_pieces *pieces = s->batch->pieces;
    for (size_t i = 0; i < pieces->count; i++)
        add_stem(&s->wanted, pieces->list[i].output);
    dg_texts_sort(s->wanted.items, s->wanted.count);
    return dg_list_check(&s->wanted, error);
}

static demgrad_status is_wanted(const search *s, const char *name, bool *is, demgrad_error *error) {
    char *stem = dg_path_stem(name);
    *is = stem && dg_list_has_sorted(&s->wanted, stem);
    const demgrad_status status = stem ? DEMGRAD_OK : dg_fail_memory(error, "an output's name");
    free(stem);
    return status;
}

/* The places of all inputs, once something asks for them. */
static demgrad_status sort_inputs(search *s, demgrad_error *error) {
    const dg_inputs *in = &s->batch->inputs;
    if (s->inputs.count > 0)
        return DEMGRAD_OK;
    for (size_t i = 0; i < in->count; i++) {
        char *place = dg_origin_place(dg_inputs_get(in, i).path);
        dg_list_add(&s->inputs, place);
        free(place);
    }
    dg_texts_sort(s->inputs.items, s->inputs.count);
    return dg_list_check(&s->inputs, error);
}

/* Whether nothing is at `input` any more, or one of this batch's inputs. Of what is in archives, in other files
 * or on servers nobody knows that it is gone. */
static demgrad_status is_done_with(search *s, const char *input, bool *is, demgrad_error *error) {
    struct stat found;
    const bool is_plain = dg_is_plain_path(input);
    const int reason = !is_plain || stat(input, &found) == 0 ? 0 : errno;
    *is = reason == ENOENT || reason == ENOTDIR;
    if (reason != 0)
        return DEMGRAD_OK;
    const demgrad_status status = sort_inputs(s, error);
    *is = !status && dg_list_has_sorted(&s->inputs, input);
    return status;
}

/* Whether what has the name is a batch's, was made under it, and of no input that there is. */
static demgrad_status is_orphan(search *s, const char *path, bool *is, demgrad_error *error) {
    dg_output_found found;
    demgrad_status status = dg_output_look(path, &found, error);
    if (!status && dg_fingerprint_is_of(found.fingerprint, path) && *found.origin) {
        dg_origin_decode(found.origin);
        status = is_done_with(s, found.origin, is, error);
    }
    dg_output_found_free(&found);
    return status;
}

static demgrad_status look_at(search *s, const char *name, demgrad_error *error) {
    bool is = false;
    if (!dg_orphans_is_output_name(name))
        return DEMGRAD_OK;
    demgrad_status status = is_wanted(s, name, &is, error);
    if (status || is)
        return status;
    char *path = dg_path_join(s->batch->options->output_dir, name);
    const char *used = NULL;
    status = path ? dg_file_set_find(s->batch->in_use, path, &used, error)
                  : dg_fail_memory(error, "an output's name");
    if (!status && !used)
        status = is_orphan(s, path, &is, error);
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
    dg_texts_sort(s->orphans.items, s->orphans.count);
    return status;
}

static demgrad_status tell(search *s, const char *name, demgrad_error *error) {
    const dg_batch *b = s->batch;
    char *path = dg_path_join(b->options->output_dir, name);
    demgrad_status status = path ? DEMGRAD_OK : dg_fail_memory(error, "an output's name");
    if (!status && b->options->prune)
        status = dg_output_remove(path, b->in_use, error);
    if (!status)
        dg_batch_tell_orphan(b, path, s->result);
    free(path);
    return status;
}

static void warn(const search *s) {
    char named[DEMGRAD_MESSAGE_SIZE / 2];
    dg_list_name_some(&s->orphans, named, sizeof named);
    dg_warn(&s->batch->messages,
            "%s: outputs of an earlier batch whose inputs are gone, or are cut otherwise now: %s%s",
            s->batch->options->output_dir, named,
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
    for (size_t i = 0; i < b->inputs.count && b->options->tile_width > 0; i++)
        knows &= dg_inputs_get(&b->inputs, i).grid.width > 0;
    return knows;
}

demgrad_status dg_orphans_tell(const dg_batch *batch, demgrad_batch_result *result,
                               demgrad_error *error) {
    search s = {.batch = batch, .result = result};
    if (batch->options->part_index > 0 || !knows_all(batch))
        return DEMGRAD_OK;
    const demgrad_status status = run(&s, error);
    dg_list_free(&s.inputs);
    dg_list_free(&s.orphans);
    dg_list_free(&s.wanted);
    return status;
}
