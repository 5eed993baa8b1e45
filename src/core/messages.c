#include "messages.h"

#include "text.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct letter {
    struct letter *next;
    char text[];
} letter;

/* What other threads than the owner have to say. */
typedef struct dg_outbox {
    pthread_t owner;
    pthread_mutex_t lock; /* guards the rest */
    letter *first, **end;
    bool is_short; /* a letter found no memory */
    dg_notes counted;
} dg_outbox;

demgrad_status dg_messages_open(dg_messages *messages, demgrad_error *error) {
    dg_outbox *o = malloc(sizeof *o);
    if (!o)
        return dg_fail_memory(error, "warnings");
    *o = (dg_outbox){.owner = pthread_self(), .end = &o->first, .counted = {.counts_times = true}};
    pthread_mutex_init(&o->lock, NULL);
    messages->outbox = o;
    return DEMGRAD_OK;
}

static void post(dg_outbox *o, const char *text) {
    const size_t size = strlen(text) + 1;
    letter *l = malloc(sizeof *l + size);
    if (l) {
        l->next = NULL;
        memcpy(l->text, text, size);
    }
    pthread_mutex_lock(&o->lock);
    o->is_short |= !l;
    *o->end = l;
    o->end = l ? &l->next : o->end;
    pthread_mutex_unlock(&o->lock);
}

static letter *take_all(dg_outbox *o, bool *is_short) {
    pthread_mutex_lock(&o->lock);
    letter *first = o->first;
    *is_short = o->is_short;
    o->first = NULL;
    o->end = &o->first;
    o->is_short = false;
    pthread_mutex_unlock(&o->lock);
    return first;
}

static bool is_on_callers_thread(const dg_messages *m) {
    return !m->outbox || pthread_equal(m->outbox->owner, pthread_self());
}

void dg_messages_deliver(const dg_messages *messages) {
    if (!messages || !messages->outbox || !is_on_callers_thread(messages))
        return;
    bool is_short;
    letter *next, *l = take_all(messages->outbox, &is_short);
    for (; l; l = next) {
        next = l->next;
        messages->warn(l->text, messages->user);
        free(l);
    }
    if (is_short)
        messages->warn("warnings are missing here: there was no memory for them", messages->user);
}

void dg_messages_close(dg_messages *messages) {
    dg_messages_deliver(messages);
    if (messages->outbox)
        dg_warn_notes(messages, &messages->outbox->counted);
    if (messages->outbox)
        pthread_mutex_destroy(&messages->outbox->lock);
    free(messages->outbox);
    messages->outbox = NULL;
}

void dg_warn(const dg_messages *messages, const char *format, ...) {
    if (!messages || !messages->warn)
        return;
    char text[DEMGRAD_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    dg_text_format(text, sizeof text, format, arguments);
    va_end(arguments);
    if (is_on_callers_thread(messages)) {
        dg_messages_deliver(messages);
        messages->warn(text, messages->user);
    } else {
        post(messages->outbox, text);
    }
}

static void warn_of_line(const char *line, void *user) {
    dg_warn(user, "%s", line);
}

void dg_warn_notes(const dg_messages *messages, dg_notes *notes) {
    dg_notes_tell(notes, warn_of_line, (void *)(uintptr_t)messages);
}

void dg_warn_counted(const dg_messages *messages, const char *name, const char *text) {
    if (!messages || !messages->warn)
        return;
    if (!messages->outbox) {
        dg_warn(messages, "%s: %s", name, text);
        return;
    }
    pthread_mutex_lock(&messages->outbox->lock);
    dg_note(&messages->outbox->counted, name, "%s", text);
    pthread_mutex_unlock(&messages->outbox->lock);
}

demgrad_status dg_messages_ask(const dg_messages *messages, demgrad_error *error) {
    if (!messages || !messages->go_on || messages->go_on(messages->go_on_user))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_CANCELLED, "cancelled");
}
