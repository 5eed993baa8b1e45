#include "notes.h"

#include "path.h"
#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct dg_note {
    char *first; /* the input that it was noted of first */
    char *text;  /* as it was noted then */
    char *plain; /* without the input's name */
    char *last;  /* the input that it was noted of last */
    size_t inputs, times;
};

/* Leaves out `word` wherever it is; short ones are no names. */
static void leave_out(char *text, const char *word) {
    const size_t length = strlen(word);
    for (char *at = text; length > 3 && (at = strstr(at, word));)
        memmove(at, at + length, strlen(at + length) + 1);
}

/* Rows, columns and bytes: what is said of one place counts as said of another. */
static void leave_out_numbers(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (!isdigit((unsigned char)*from))
            *to++ = *from;
    }
    *to = '\0';
}

static struct dg_note *find(dg_notes *notes, const char *plain) {
    for (size_t i = 0; i < notes->count; i++) {
        if (strcmp(notes->list[i].plain, plain) == 0)
            return &notes->list[i];
    }
    return NULL;
}

static void clear(struct dg_note *note) {
    free(note->first);
    free(note->text);
    free(note->plain);
    free(note->last);
}

static struct dg_note *add(dg_notes *notes, const char *name, const char *plain, const char *text) {
    if (notes->count == notes->capacity) {
        const size_t capacity = notes->capacity ? 2 * notes->capacity : 8;
        struct dg_note *list = realloc(notes->list, capacity * sizeof *list);
        if (!list)
            return NULL;
        notes->list = list;
        notes->capacity = capacity;
    }
    struct dg_note *note = &notes->list[notes->count];
    *note = (struct dg_note){.first = strdup(name), .text = strdup(text), .plain = strdup(plain)};
    if (note->first && note->text && note->plain) {
        notes->count++;
        return note;
    }
    clear(note);
    return NULL;
}

static bool count_input(struct dg_note *note, const char *name) {
    if (note->last && strcmp(note->last, name) == 0)
        return true;
    free(note->last);
    note->last = strdup(name);
    note->inputs++;
    return note->last != NULL;
}

/* GDAL begins many of its texts with the name. */
static const char *skip_name(const char *text, const char *name) {
    const size_t length = strlen(name);
    const bool is_named = strncmp(text, name, length) == 0 && strncmp(text + length, ": ", 2) == 0;
    return is_named ? text + length + 2 : text;
}

void dg_note(dg_notes *notes, const char *name, const char *format, ...) {
    char said[DEMGRAD_MESSAGE_SIZE], plain[DEMGRAD_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    dg_text_format(said, sizeof said, format, arguments);
    va_end(arguments);
    const char *text = skip_name(said, name);
    memcpy(plain, text, strlen(text) + 1);
    leave_out(plain, name);
    leave_out(plain, dg_path_name(name));
    if (notes->counts_times)
        leave_out_numbers(plain);
    struct dg_note *note = find(notes, plain);
    if (!note)
        note = add(notes, name, plain, text);
    if (!note || !count_input(note, name))
        notes->is_short = true;
    if (note)
        note->times++;
}

void dg_notes_join(dg_notes *notes, dg_notes *more) {
    notes->is_short |= more->is_short;
    for (size_t i = 0; i < more->count; i++) {
        const struct dg_note *one = &more->list[i];
        struct dg_note *note = find(notes, one->plain);
        if (!note)
            note = add(notes, one->first, one->plain, one->text);
        if (!note || !count_input(note, one->first))
            notes->is_short = true;
        if (note)
            note->times += one->times;
    }
    dg_notes_free(more);
}

void dg_notes_free(dg_notes *notes) {
    for (size_t i = 0; i < notes->count; i++)
        clear(&notes->list[i]);
    free(notes->list);
    *notes = (dg_notes){0};
}

/* Who is told. */
typedef struct listener {
    void (*tell)(const char *line, void *user);
    void *user;
} listener;

static void say(const listener *to, const char *format, ...) DG_PRINTF(2, 3);

static void say(const listener *to, const char *format, ...) {
    char line[DEMGRAD_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    dg_text_format(line, sizeof line, format, arguments);
    va_end(arguments);
    to->tell(line, to->user);
}

void dg_notes_tell(dg_notes *notes, void (*tell)(const char *line, void *user), void *user) {
    const listener to = {tell, user};
    for (size_t i = 0; i < notes->count; i++) {
        const struct dg_note *note = &notes->list[i];
        if (notes->counts_times && note->times > 1)
            say(&to, "%s: %s (%zu such in all, of %zu input%s)", note->first, note->text,
                note->times, note->inputs, note->inputs > 1 ? "s" : "");
        else if (note->inputs > 1)
            say(&to, "%s: %s (and %zu other input%s)", note->first, note->text, note->inputs - 1,
                note->inputs > 2 ? "s" : "");
        else
            say(&to, "%s: %s", note->first, note->text);
    }
    if (notes->is_short)
        say(&to, "warnings about inputs are missing here: there was no memory for them");
    dg_notes_free(notes);
}
