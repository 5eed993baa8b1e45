#include "final_names.h"

#include "folder_names.h"
#include "memory.h"
#include "path.h"
#include "workplace.h"

#include <assert.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The folders in the temporary one that names can have; all are as long. */
static const char *const INNER[] = {DG_NEW "/", DG_STAGE "/"};

enum { PIECE = 1 << 20, INNER_LENGTH = sizeof DG_NEW };
static_assert(sizeof DG_NEW == sizeof DG_STAGE, "one way instead is as long as each");

/* A walk through a file. */
typedef struct search {
    VSILFILE *file;
    char *text;    /* names of the temporary folder have it, and others do not */
    char *instead; /* a way as long, with one of INNER, that leads nowhere else */
    char *piece;   /* of PIECE bytes */
} search;

static bool is_inner(const char *at, const char *end) {
    bool is = false;
    for (size_t i = 0; i < sizeof INNER / sizeof *INNER && end - at >= INNER_LENGTH; i++)
        is |= memcmp(at, INNER[i], INNER_LENGTH) == 0;
    return is;
}

/* Writes as much of a way that ends with a slash. */
static bool replace_at(const search *s, vsi_l_offset at, size_t length) {
    const char *instead = s->instead + strlen(s->instead) - length;
    return VSIFSeekL(s->file, at, SEEK_SET) == 0 &&
           VSIFWriteL(instead, 1, length, s->file) == length;
}

static bool replace_in_piece(const search *s, vsi_l_offset at, size_t size) {
    const size_t length = strlen(s->text);
    const char *end = s->piece + size;
    for (const char *found = s->piece;
         (found = memmem(found, (size_t)(end - found), s->text, length)); found += length) {
        const bool has_inner = is_inner(found + length, end);
        if (!replace_at(s, at + (vsi_l_offset)(found - s->piece),
                        length + (has_inner ? INNER_LENGTH : 0)))
            return false;
    }
    return true;
}

/* Pieces overlap, so that each name is whole in one. */
static bool replace_in_file(const search *s) {
    const size_t step = PIECE - strlen(s->instead) + 1;
    size_t size = PIECE;
    for (vsi_l_offset at = 0; size == PIECE; at += step) {
        if (VSIFSeekL(s->file, at, SEEK_SET) != 0)
            return false;
        size = VSIFReadL(s->piece, 1, PIECE, s->file);
        if (!replace_in_piece(s, at, size))
            return false;
    }
    return true;
}

/* Whose checksums would no longer be right. */
static bool is_hdf5(VSILFILE *file) {
    static const char SIGNATURE[] = {'\211', 'H', 'D', 'F', '\r', '\n', '\032', '\n'};
    char head[sizeof SIGNATURE];
    return VSIFReadL(head, 1, sizeof head, file) == sizeof head &&
           memcmp(head, SIGNATURE, sizeof head) == 0;
}

static bool replace_at_path(search *s, const char *path) {
    VSIStatBufL found;
    if (VSIStatL(path, &found) != 0 || !VSI_ISREG(found.st_mode))
        return true;
    s->file = VSIFOpenL(path, "rb+");
    const bool is_done = s->file && (is_hdf5(s->file) || replace_in_file(s));
    return s->file && VSIFCloseL(s->file) == 0 && is_done;
}

static demgrad_status replace_in_folder(search *s, const char *folder, const dg_draft *draft,
                                        demgrad_error *error) {
    dg_list names = dg_folder_names(folder);
    demgrad_status status = dg_folder_names_check(&names, draft->output->target.path, error);
    for (size_t i = 0; i < names.count && !status; i++) {
        char *path = dg_path_join(folder, names.items[i]);
        if (!path)
            status = dg_fail_memory(error, "a file's name");
        else if (!replace_at_path(s, path))
            status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be written: %s",
                             draft->output->target.path, strerror(errno));
        free(path);
    }
    dg_list_free(&names);
    return status;
}

static search start(const char *folder) {
    const char *own = strstr(folder, ".demgrad-"), *begin = own ? own : folder;
    search s = {.text = strndup(begin, strlen(begin) + 1 - INNER_LENGTH),
                .instead = calloc(strlen(begin) + 2, 1),
                .piece = malloc(PIECE)};
    for (size_t i = 0, last = strlen(begin); s.instead && i <= last; i++)
        s.instead[i] = i % 2 == 0 && i < last ? '.' : '/';
    return s;
}

demgrad_status dg_final_names(const dg_draft *draft, demgrad_error *error) {
    char *folder = dg_path_folder(draft->temporary);
    search s = folder ? start(folder) : (search){0};
    const demgrad_status status = s.text && s.instead && s.piece
                                      ? replace_in_folder(&s, folder, draft, error)
                                      : dg_fail_memory(error, "a file's name");
    free(s.piece);
    free(s.instead);
    free(s.text);
    free(folder);
    return status;
}
